import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { ImapFlow } from "imapflow";
import { selfSignedCertificate } from "./certificate.ts";
import {
  type DovecotIdentity,
  type DovecotOptions,
  type DovecotPorts,
  dovecotConfig,
  dovecotUserFiles,
  MASTER_PASSWORD,
  MASTER_SEPARATOR,
  MASTER_USER,
  PASSWORD,
} from "./dovecot-config.ts";
import { freePorts } from "./free-ports.ts";
import { tempDir } from "./guard.ts";
import { type Delivery, lmtpClient } from "./lmtp-client.ts";
import { locateServer, type ServerSource } from "./locate-server.ts";
import { type MailboxAccess, mailboxAccess } from "./mailbox-access.ts";
import { type FolderReplacement, folderReplacement } from "./replace-folder.ts";
import { runProgram } from "./run-program.ts";
import { type ServerProcess, serverProcess } from "./server-process.ts";

/** A running Dovecot on loopback. */
export type DovecotServer = MailboxAccess &
  FolderReplacement & {
    readonly imapPort: number;
    /** Implicit TLS; refuses connections when started with `tls: false`. */
    readonly imapsPort: number;
    readonly lmtpPort: number;
    readonly sievePort: number;
    /** Its temporary folder: configuration, logs, mail. */
    readonly dir: string;
    /** File with the certificate to trust; it is for `localhost` and 127.0.0.1. */
    readonly ca: string;
    /** Every user's password. */
    readonly password: string;
    readonly masterUser: string;
    readonly masterPassword: string;
    readonly masterSeparator: string;
    /** Process id of its master now; undefined in a container. */
    readonly pid: number | undefined;
    /** Hands a mail over by LMTP; resolves when Dovecot has accepted it. @throws Error when it refuses */
    readonly deliver: (to: string, raw: Buffer | string, sender?: string) => Promise<Delivery>;
    /** An observer: signed in, nothing selected. The caller ends it with `logout()` or `close()`. */
    readonly imap: (user: string) => Promise<ImapFlow>;
    /** Runs doveadm on this instance; resolves with its output. */
    readonly doveadm: (...args: readonly string[]) => Promise<string>;
    /** Its log until now. */
    readonly logs: () => string;
    readonly stop: () => Promise<void>;
    /** Sends a signal to all its processes (default SIGKILL) and waits for their end. */
    readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
    /** Stops it if it runs, then starts it on the same ports and mail. */
    readonly restart: () => Promise<void>;
    readonly pause: () => Promise<void>;
    readonly resume: () => Promise<void>;
    readonly [Symbol.asyncDispose]: () => Promise<void>;
  };

const ATTEMPTS = 3;
const DEFAULT_FILE_LIMIT = 1_024;

async function identity(source: ServerSource): Promise<DovecotIdentity> {
  const { uid, gid, username } = userInfo();
  if (uid === 0 || source.kind === "container") return { kind: "root" };
  const group = (await runProgram("id", ["-gn"])).trim();
  return { kind: "own", user: username, group, uid, gid };
}

/** The hard limit of open files, which Dovecot's processes raise theirs to. */
function fileLimit(): number {
  if (!existsSync("/proc/self/limits")) return DEFAULT_FILE_LIMIT;
  const limit = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined ? DEFAULT_FILE_LIMIT : Number(limit);
}

/** doveadm lies beside dovecot or, in Debian, in bin where dovecot is in sbin. */
function doveadmPath(source: ServerSource): string {
  if (source.kind === "container") return "doveadm";
  const beside = dirname(source.path);
  const folders = [beside, join(dirname(beside), "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  const path = folders.map((folder) => join(folder, "doveadm")).find(existsSync);
  if (!path) throw new Error(`there is no doveadm beside ${source.path}`);
  return path;
}

function mailOwner(): readonly [number, number] | undefined {
  const line = /^mail:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  return line ? [Number(line[1]), Number(line[2])] : undefined;
}

/** Root's Dovecot writes mail as the user `mail`, which must be able to pass through and to own its folder. */
function layOut(dir: string, as: DovecotIdentity): void {
  chmodSync(dir, 0o755);
  for (const folder of ["run", "state", "mail"]) mkdirSync(join(dir, folder), { recursive: true });
  const owner = as.kind === "root" ? mailOwner() : undefined;
  if (owner && process.getuid?.() === 0) chownSync(join(dir, "mail"), ...owner);
  else if (as.kind === "root") chmodSync(join(dir, "mail"), 0o1777);
  const { cert, key } = selfSignedCertificate();
  writeFileSync(join(dir, "cert.pem"), cert);
  writeFileSync(join(dir, "key.pem"), key, { mode: 0o600 });
}

type Prepared = { readonly server: ServerProcess; readonly ports: DovecotPorts };

async function prepare(options: DovecotOptions, dir: string, source: ServerSource): Promise<Prepared> {
  const [imap = 0, imaps = 0, lmtp = 0, sieve = 0] = await freePorts(4);
  const ports = { imap, imaps, lmtp, sieve };
  const as = await identity(source);
  const listen = source.kind === "container" ? "*" : "127.0.0.1";
  const setting = { dir, ports, identity: as, listen, fileLimit: fileLimit(), options };
  layOut(dir, as);
  writeFileSync(join(dir, "dovecot.conf"), dovecotConfig(setting));
  for (const [path, text] of dovecotUserFiles(setting)) writeFileSync(path, text);
  const server = serverProcess({
    label: "Dovecot",
    source,
    program: "dovecot",
    args: ["-F", "-c", join(dir, "dovecot.conf")],
    dir,
    outputFile: join(dir, "output.log"),
    ports: [imap, imaps, lmtp, sieve],
    greeting: { port: imap, pattern: /^\* OK / },
  });
  return { server, ports };
}

async function startSomewhere(options: DovecotOptions, dir: string, source: ServerSource): Promise<Prepared> {
  for (let attempt = 1; ; attempt++) {
    const prepared = await prepare(options, dir, source);
    try {
      await prepared.server.start();
      return prepared;
    } catch (error) {
      await prepared.server.stop();
      const reason = `${String(error)}\n${readLog(dir)}`;
      if (attempt < ATTEMPTS && reason.includes("Address already in use")) continue;
      throw new Error(`Dovecot did not start: ${reason}`, { cause: error });
    }
  }
}

function readLog(dir: string): string {
  const file = join(dir, "dovecot.log");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

async function observer(port: number, user: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: "127.0.0.1",
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: PASSWORD },
    logger: false,
    disableAutoIdle: true,
  });
  // Without a listener a killed server would end the test process.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** Starts a fresh Dovecot on free loopback ports; neither its processes nor its mail outlive this process. */
export async function startDovecot(options: DovecotOptions = {}): Promise<DovecotServer> {
  const source = locateServer({ name: "dovecot", program: "dovecot", variable: "DOVECOT_BIN" });
  const dir = tempDir("tamis-dovecot");
  const { server, ports } = await startSomewhere(options, dir.path, source).catch((error: unknown) => {
    dir.remove();
    throw error;
  });
  const lmtp = lmtpClient(ports.lmtp);
  const access = mailboxAccess(ports.imap, PASSWORD);
  const doveadm = (...args: readonly string[]): Promise<string> =>
    server.exec([doveadmPath(source), "-c", join(dir.path, "dovecot.conf"), ...args]);
  const stop = async (): Promise<void> => {
    lmtp.close();
    await server.stop();
    dir.remove();
  };
  return {
    ...access,
    ...folderReplacement({ port: ports.imap, password: PASSWORD, doveadm }),
    imapPort: ports.imap,
    imapsPort: ports.imaps,
    lmtpPort: ports.lmtp,
    sievePort: ports.sieve,
    dir: dir.path,
    ca: join(dir.path, "cert.pem"),
    password: PASSWORD,
    masterUser: MASTER_USER,
    masterPassword: MASTER_PASSWORD,
    masterSeparator: MASTER_SEPARATOR,
    get pid() {
      return server.pid();
    },
    deliver: lmtp.deliver,
    imap: (user) => observer(ports.imap, user),
    doveadm,
    logs: () => readLog(dir.path),
    stop,
    kill: (signal = "SIGKILL") => server.signal(signal),
    restart: async () => {
      await server.stop();
      await server.start();
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    [Symbol.asyncDispose]: stop,
  };
}
