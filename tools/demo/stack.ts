import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import { mailboxStatus, subjects } from "@tamis/contracts";
import {
  type DovecotServer,
  freePorts,
  type NatsServer,
  type SmtpSink,
  selfSignedCertificate,
  startDovecot,
  startNats,
  waitFor,
} from "@tamis/testkit";
import { configuration, type Places, type ServicePorts } from "./configuration.ts";
import { type RunFolder, runFolder } from "./folder.ts";
import type { Language } from "./language.ts";
import { startRelay } from "./relay.ts";
import { activateScripts } from "./rules-store.ts";
import type { SchoolAccount } from "./school.ts";
import { laterNames, type Services, serviceNames, startServices, untilReady } from "./services.ts";
import type { Texts } from "./texts.ts";

/** Everything that runs during the demo. */
export type Stack = {
  readonly dovecot: DovecotServer;
  readonly bus: Bus;
  readonly configFile: string;
  readonly logFile: string;
  /** Where mail clients find the mailboxes: the same port at every run when it is free. */
  readonly clientPort: number;
  /** What leaves arrives here. */
  readonly relay: SmtpSink;
  /** ManageSieve, STARTTLS, with the certificate of this file: the same port at every run when it is free. */
  readonly sieve: { readonly port: number; readonly certFile: string };
  /** Pages, without TLS: the same port at every run when it is free. */
  readonly consolePort: number;
  readonly servicePorts: ServicePorts;
  readonly servicesEnded: Promise<void>;
  /** Stops all of it; the folder with the logs stays when `keepLogs`. */
  stop(keepLogs: boolean): Promise<void>;
};

/** So that a mail client needs to be told only once. */
const CLIENT_PORT = 20_143;
const SIEVE_PORT = 20_190;
const CONSOLE_PORT = 20_180;
/** Where the machine's inotify instances are used up Dovecot looks for new mail by itself, by default every 30 s. */
const WITHOUT_INOTIFY = "mailbox_idle_check_interval = 1 secs\n";
/** Signing in to every mailbox takes many seconds on a busy machine. */
const READY_MS = 180_000;
const STATUS_WINDOW_MS = 150;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

type MailServer = { readonly dovecot: DovecotServer; readonly clientPort: number };

async function mailServer(accounts: readonly SchoolAccount[]): Promise<MailServer> {
  const usual = await isFree(CLIENT_PORT);
  const listener = `service imap-login {\n  inet_listener demo {\n    port = ${CLIENT_PORT}\n  }\n}`;
  const dovecot = await startDovecot({
    users: accounts.map(({ address }) => address),
    config: WITHOUT_INOTIFY + (usual ? listener : ""),
  });
  // A container publishes its own ports only.
  return { dovecot, clientPort: usual && dovecot.pid !== undefined ? CLIENT_PORT : dovecot.imapPort };
}

/** Accounts that `mailbox` watches by now. */
async function watched(bus: Bus): Promise<number> {
  const replies = await bus.requestAll(subjects.mailboxStatus, new Uint8Array(), { windowMs: STATUS_WINDOW_MS });
  const states = replies.map(({ payload }) => mailboxStatus.parse(JSON.parse(new TextDecoder().decode(payload))));
  return states.reduce((sum, { accounts }) => sum + (accounts.idle ?? 0), 0);
}

type Parts = { nats?: NatsServer; dovecot?: DovecotServer; relay?: SmtpSink; bus?: Bus; services?: Services };

async function stopParts({ nats, dovecot, relay, bus, services }: Parts): Promise<void> {
  await services?.stop();
  await bus?.close();
  await Promise.all([nats?.stop(), dovecot?.stop(), relay?.stop()]);
}

type Servers = MailServer & { readonly nats: NatsServer; readonly relay: SmtpSink; readonly bus: Bus };

async function startServers(parts: Parts, accounts: readonly SchoolAccount[]): Promise<Servers> {
  const [nats, mail, relay] = await Promise.allSettled([startNats(), mailServer(accounts), startRelay()]);
  if (nats.status === "fulfilled") parts.nats = nats.value;
  if (mail.status === "fulfilled") parts.dovecot = mail.value.dovecot;
  if (relay.status === "fulfilled") parts.relay = relay.value;
  if (nats.status === "rejected") throw nats.reason;
  if (mail.status === "rejected") throw mail.reason;
  if (relay.status === "rejected") throw relay.reason;
  const bus = await connectBus({ servers: nats.value.url, name: "tamis-demo" });
  parts.bus = bus;
  return { ...mail.value, nats: nats.value, relay: relay.value, bus };
}

type Ready = Readonly<{ bus: Bus; ports: ServicePorts; services: Services; logFile: string }>;

/** Mail that comes before the first contact with a mailbox is left alone: the demo waits for every account. */
async function untilWatching({ bus, ports, services, logFile }: Ready, accounts: number, texts: Texts): Promise<void> {
  let idle = 0;
  const ready = async (): Promise<boolean> => {
    idle = await watched(bus);
    return idle === accounts;
  };
  const ended = services.ended.then(() => {
    throw new Error(texts.servicesEnded(logFile));
  });
  const watching = Promise.all([
    ...serviceNames.filter((name) => !laterNames.has(name)).map((name) => untilReady(ports[name], READY_MS)),
    waitFor(ready, { timeoutMs: READY_MS, intervalMs: 20 }),
  ]).catch((cause: unknown) => {
    throw new Error(texts.notReady(READY_MS / 1_000, `${idle}/${accounts}`, logFile), { cause });
  });
  await Promise.race([watching, ended]);
  services.startLater();
}

type StackOptions = {
  /** Where the run's folder is made. */
  readonly parent: string;
  readonly accounts: readonly SchoolAccount[];
  readonly texts: Texts;
  readonly language: Language;
  /** Gives the start up. */
  readonly signal: AbortSignal;
};

/** The certificate of ManageSieve, which is its own authority, and its key. */
async function sieveDoor(folder: RunFolder): Promise<Places["sieve"]> {
  const { cert, key } = selfSignedCertificate();
  const [certFile, keyFile] = [join(folder.path, "sieve.pem"), join(folder.path, "sieve.key")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const [other = 0] = await freePorts(1);
  return { port: (await isFree(SIEVE_PORT)) ? SIEVE_PORT : other, certFile, keyFile };
}

async function freeConsolePort(): Promise<number> {
  const [other = 0] = await freePorts(1);
  return (await isFree(CONSOLE_PORT)) ? CONSOLE_PORT : other;
}

async function freeServicePorts(): Promise<ServicePorts> {
  const ports = await freePorts(serviceNames.length);
  const [sorter = 0, outbox = 0, receipts = 0, scripts = 0, console = 0] = ports;
  return { sorter, outbox, receipts, scripts, console };
}

async function startAll(parts: Parts, folder: RunFolder, { accounts, texts, language }: StackOptions): Promise<Stack> {
  const { nats, dovecot, relay, clientPort, bus } = await startServers(parts, accounts);
  const [sieve, servicePorts] = [await sieveDoor(folder), await freeServicePorts()];
  const consolePort = await freeConsolePort();
  const configFile = join(folder.path, "tamis.yaml");
  const logFile = join(folder.path, "services.log");
  const { imapsPort, ca: certificate, masterUser, masterPassword, masterSeparator } = dovecot;
  const places = { natsUrl: nats.url, imapsPort, certificate, masterUser, masterPassword, masterSeparator };
  const text = configuration(
    { ...places, relayPort: relay.port, sieve, console: { port: consolePort, language }, servicePorts },
    accounts,
  );
  writeFileSync(configFile, text, { mode: 0o600 });
  // Before `scripts` starts: it takes over what it finds, and from then on its own tables count.
  await activateScripts(bus, accounts);
  const services = startServices(configFile, logFile);
  parts.services = services;
  await untilWatching({ bus, ports: servicePorts, services, logFile }, accounts.length, texts);
  const stop = async (keepLogs: boolean): Promise<void> => {
    await stopParts(parts);
    if (!keepLogs) folder.remove();
  };
  const { ended: servicesEnded } = services;
  return {
    dovecot,
    relay,
    bus,
    configFile,
    logFile,
    clientPort,
    sieve,
    consolePort,
    servicePorts,
    servicesEnded,
    stop,
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** Starts NATS, Dovecot and the services, and waits until every account is watched. What was started is stopped when it fails. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = runFolder(options.parent);
  const parts: Parts = {};
  try {
    return await Promise.race([startAll(parts, folder, options), aborted(options.signal)]);
  } catch (error) {
    await stopParts(parts);
    if (options.signal.aborted) folder.remove();
    throw error;
  }
}
