import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { selfSignedCertificate } from "./certificate.ts";
import {
  type DovecotIdentity,
  type DovecotOptions,
  type DovecotPorts,
  dovecotConfig,
  dovecotUserFiles,
} from "./dovecot-config.ts";
import { freePorts } from "./free-ports.ts";
import { listenAddress, type ServerSource } from "./locate-server.ts";
import { runProgram } from "./run-program.ts";
import { type ServerProcess, serverProcess } from "./server-process.ts";

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

/** A Dovecot that has been made ready to start, or has started. */
export type DovecotProcess = { readonly server: ServerProcess; readonly ports: DovecotPorts };

async function prepare(options: DovecotOptions, dir: string, source: ServerSource): Promise<DovecotProcess> {
  const [imap = 0, imaps = 0, lmtp = 0, sieve = 0] = await freePorts(4);
  const ports = { imap, imaps, lmtp, sieve };
  const as = await identity(source);
  const setting = { dir, ports, identity: as, listen: listenAddress(source), fileLimit: fileLimit(), options };
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

/**
 * Starts Dovecot in a folder. Another process may take a port between its choice and its use: then others are tried.
 * @throws Error with its log when it does not start
 */
export async function startDovecotProcess(
  options: DovecotOptions,
  dir: string,
  source: ServerSource,
): Promise<DovecotProcess> {
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

/** Its log until now. */
export function readLog(dir: string): string {
  const file = join(dir, "dovecot.log");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
