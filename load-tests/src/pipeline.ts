import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import { buckets, type MailboxStatus, mailboxStatus, subjects } from "@tamis/contracts";
import { type DovecotServer, freePorts, type NatsServer, waitFor } from "@tamis/testkit";
import { activeScriptOf } from "./active-script.ts";
import type { LoadAccount } from "./load-account.ts";
import { type ServiceProcess, serviceProcess } from "./service-process.ts";

/** How the whole pipeline is run as processes of their own. */
export interface PipelineOptions {
  readonly nats: NatsServer;
  readonly dovecot: DovecotServer;
  /** Folder for settings, state and logs. */
  readonly dir: string;
  readonly accounts: readonly LoadAccount[];
  /** The port each `mailbox` instance reaches Dovecot at (a proxy's, perhaps); default: one instance, Dovecot's own port. */
  readonly imapPorts?: readonly number[];
  /** Each `mailbox` has its `filter` in its own process (`sorter`), as `tamis up` runs them. */
  readonly together?: boolean;
  /** Instances of `filter` besides; default: one where each is a process of its own. */
  readonly filters?: number;
  /** Implicit TLS, with Dovecot's certificate as the trusted one. */
  readonly tls?: boolean;
  /** The sections `mailbox` and `filter` of tamis.yaml. */
  readonly mailbox?: Readonly<Record<string, unknown>>;
  readonly filter?: Readonly<Record<string, unknown>>;
  /** Where traces go, and which share of the mails is traced. */
  readonly traces?: { readonly endpoint: string; readonly sampling: number };
  /** Folder for CPU profiles of the services. */
  readonly profileDir?: string | undefined;
}

export interface Pipeline {
  /** `sorter` where the two run together. */
  readonly mailboxes: readonly ServiceProcess[];
  readonly filters: readonly ServiceProcess[];
  /** The scenario's own connection. */
  readonly bus: Bus;
  /** Rewrites the CSV that `mailbox` re-reads. */
  readonly setAccounts: (accounts: readonly LoadAccount[]) => void;
  /** Activates one script for these accounts. */
  readonly activate: (accounts: readonly LoadAccount[], script: string) => Promise<void>;
  /** What every instance says of itself. */
  readonly status: () => Promise<readonly MailboxStatus[]>;
  /** Resolves when so many accounts are idle: connected, caught up, waiting for mail. */
  readonly idle: (count: number, timeoutMs: number) => Promise<void>;
  /** Process ids by service, for `/proc`. */
  readonly pids: () => Readonly<Record<string, readonly number[]>>;
  readonly unexpectedEnds: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const STATUS_WINDOW_MS = 300;

/** YAML 1.2 contains JSON, so tamis.yaml is written as JSON. */
function writeSettings(
  file: string,
  options: PipelineOptions,
  own: { readonly imapPort: number; readonly httpPort: number },
): void {
  const { dovecot, nats, dir } = options;
  const settings = {
    state_dir: `${file}.state`,
    nats: { servers: [nats.url] },
    imap: {
      host: "127.0.0.1",
      port: own.imapPort,
      tls: options.tls === true ? "implicit" : "none",
      ...(options.tls === true ? { ca_file: dovecot.ca } : {}),
      sign_in: {
        method: "master",
        user: dovecot.masterUser,
        password: dovecot.masterPassword,
        separator: dovecot.masterSeparator,
      },
    },
    accounts: { mode: "act", file: join(dir, "accounts.csv") },
    mailbox: options.mailbox ?? {},
    filter: options.filter ?? {},
    telemetry: {
      prometheus: { host: "127.0.0.1", port: own.httpPort },
      ...(options.traces === undefined
        ? { sampling: 0 }
        : { otlp: { endpoint: options.traces.endpoint }, sampling: options.traces.sampling }),
    },
    log: { level: "info", format: "json" },
  };
  // It holds a (test) password: kit warns when others can read it.
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
}

/** Atomic, as an administrator's tool would do it: never half a file. */
function writeAccounts(dir: string, accounts: readonly LoadAccount[]): void {
  const file = join(dir, "accounts.csv");
  const rows = accounts.map(({ id, address }) => `${address},${id}\n`);
  writeFileSync(`${file}.new`, `address,id\n${rows.join("")}`);
  renameSync(`${file}.new`, file);
}

async function isReady(httpPort: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => undefined,
  );
  await answer?.body?.cancel();
  return answer?.ok === true;
}

async function makeProcess(
  options: PipelineOptions,
  service: "mailbox" | "filter" | "sorter",
  index: number,
): Promise<ServiceProcess> {
  const name = `${service}-${index + 1}`;
  const configFile = join(options.dir, `${name}.yaml`);
  const [httpPort = 0] = await freePorts(1);
  const imapPort =
    options.imapPorts?.[index] ?? (options.tls === true ? options.dovecot.imapsPort : options.dovecot.imapPort);
  writeSettings(configFile, options, { imapPort, httpPort });
  return serviceProcess({
    name,
    service,
    configFile,
    logFile: join(options.dir, `${name}.log`),
    profileDir: options.profileDir,
    ready: () => isReady(httpPort),
  });
}

async function makeProcesses(options: PipelineOptions): Promise<Pick<Pipeline, "mailboxes" | "filters">> {
  const make = (service: "mailbox" | "filter" | "sorter", count: number): Promise<ServiceProcess[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => makeProcess(options, service, index)));
  const together = options.together === true;
  return {
    mailboxes: await make(together ? "sorter" : "mailbox", options.imapPorts?.length ?? 1),
    filters: await make("filter", options.filters ?? (together ? 0 : 1)),
  };
}

async function askStatus(bus: Bus): Promise<readonly MailboxStatus[]> {
  const replies = await bus.requestAll(subjects.mailboxStatus, new Uint8Array(), { windowMs: STATUS_WINDOW_MS });
  return replies.map(({ payload }) => mailboxStatus.parse(JSON.parse(Buffer.from(payload).toString())));
}

async function waitIdle(bus: Bus, count: number, timeoutMs: number): Promise<void> {
  const idleNow = async (): Promise<number> =>
    (await askStatus(bus)).reduce((sum, { accounts }) => sum + (accounts.idle ?? 0), 0);
  let last = 0;
  await waitFor(
    async () => {
      last = await idleNow();
      return last >= count;
    },
    { timeoutMs, intervalMs: 50, describe: `${count} idle accounts` },
  ).catch((cause: unknown) => {
    throw new Error(`only ${last} of ${count} accounts were idle after ${timeoutMs} ms`, { cause });
  });
}

const running = (processes: readonly ServiceProcess[]): readonly number[] =>
  processes.flatMap((one) => one.pid() ?? []);

async function activate(bus: Bus, accounts: readonly LoadAccount[], text: string): Promise<void> {
  const bucket = await bus.bucket(buckets.scripts);
  const value = Buffer.from(JSON.stringify(activeScriptOf(text)));
  await Promise.all(accounts.map(({ id }) => bucket.put(id, value)));
}

/** Starts every process side by side; those that started are ended when another does not. */
async function startAll(processes: readonly ServiceProcess[]): Promise<void> {
  const failed = (await Promise.allSettled(processes.map((one) => one.start()))).find(
    (result) => result.status === "rejected",
  );
  if (failed === undefined) return;
  await Promise.all(processes.map((one) => one.kill()));
  throw failed.reason;
}

/**
 * Starts `mailbox` and `filter`, apart or together, beside a broker and a mail server that run already.
 * @param script active for every account from the start, so that no mail is decided on without it
 */
export async function startPipeline(options: PipelineOptions, script: string): Promise<Pipeline> {
  mkdirSync(options.dir, { recursive: true });
  writeAccounts(options.dir, options.accounts);
  const bus = await connectBus({ servers: options.nats.url, name: "load-tests" });
  const { mailboxes, filters } = await makeProcesses(options);
  const processes = [...filters, ...mailboxes];
  try {
    await activate(bus, options.accounts, script);
    await startAll(processes);
  } catch (error) {
    await bus.close();
    throw error;
  }
  return {
    mailboxes,
    filters,
    bus,
    setAccounts: (accounts) => writeAccounts(options.dir, accounts),
    activate: (accounts, text) => activate(bus, accounts, text),
    status: () => askStatus(bus),
    idle: (count, timeoutMs) => waitIdle(bus, count, timeoutMs),
    pids: () => ({
      ...(options.together === true ? { sorter: running(mailboxes) } : { mailbox: running(mailboxes) }),
      ...(filters.length === 0 ? {} : { filter: running(filters) }),
      nats: options.nats.pid === undefined ? [] : [options.nats.pid],
    }),
    unexpectedEnds: () => processes.flatMap((one) => one.unexpectedEnds()),
    stop: async () => {
      await Promise.all(processes.map((one) => one.stop()));
      await bus.close();
    },
  };
}
