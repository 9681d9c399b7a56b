import { existsSync, readdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { ImapFlow } from "imapflow";
import { type DovecotOptions, MASTER_PASSWORD, MASTER_SEPARATOR, MASTER_USER, PASSWORD } from "./dovecot-config.ts";
import { readLog, startDovecotProcess } from "./dovecot-process.ts";
import { tempDir } from "./guard.ts";
import { type Delivery, lmtpClient } from "./lmtp-client.ts";
import { locateServer, type ServerSource } from "./locate-server.ts";
import { type MailboxAccess, mailboxAccess } from "./mailbox-access.ts";
import { type FolderReplacement, folderReplacement } from "./replace-folder.ts";
import { type ServerLife, serverLife } from "./server-life.ts";

/** A running Dovecot on loopback. */
export type DovecotServer = ServerLife &
  MailboxAccess &
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
  };

/** doveadm lies beside dovecot or, in Debian, in bin where dovecot is in sbin. */
function doveadmPath(source: ServerSource): string {
  if (source.kind === "container") return "doveadm";
  const beside = dirname(source.path);
  const folders = [beside, join(dirname(beside), "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  const path = folders.map((folder) => join(folder, "doveadm")).find(existsSync);
  if (!path) throw new Error(`there is no doveadm beside ${source.path}`);
  return path;
}

async function observer(port: number, user: string): Promise<ImapFlow> {
  // Loaded here only, as by the sink its server: each test is a process, and most need neither.
  const { ImapFlow: Flow } = await import("imapflow");
  const client = new Flow({
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

/**
 * QUIRK Dovecot 2.3: killed processes leave files that lock a mailbox or its index (`dovecot-uidlist.lock`,
 * `dovecot.index.log.newlock`); where one does not say whose it is, the next process waits for two minutes.
 */
function removeLocks(mailDir: string): void {
  for (const name of readdirSync(mailDir, { recursive: true, encoding: "utf8" }))
    if (/[.]\w*lock$/.test(name)) rmSync(join(mailDir, name), { force: true });
}

/** Starts a fresh Dovecot on free loopback ports; neither its processes nor its mail outlive this process. */
export async function startDovecot(options: DovecotOptions = {}): Promise<DovecotServer> {
  const source = locateServer({ name: "dovecot", program: "dovecot", variable: "DOVECOT_BIN" });
  const dir = tempDir("tamis-dovecot");
  const { server, ports } = await startDovecotProcess(options, dir.path, source).catch((error: unknown) => {
    dir.remove();
    throw error;
  });
  const lmtp = lmtpClient(ports.lmtp);
  const mailDir = join(dir.path, "mail");
  const doveadm = (...args: readonly string[]): Promise<string> =>
    server.exec([doveadmPath(source), "-c", join(dir.path, "dovecot.conf"), ...args]);
  return {
    ...serverLife(server, dir, { onEnd: lmtp.close, beforeRestart: () => removeLocks(mailDir) }),
    ...mailboxAccess(ports.imap, PASSWORD),
    ...folderReplacement({
      port: ports.imap,
      password: PASSWORD,
      mailDir,
      exec: server.exec,
      doveadm,
    }),
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
  };
}
