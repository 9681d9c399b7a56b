import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { promisify } from "node:util";
import { freePorts, guardProcess, waitFor } from "@tamis/testkit";

const run = promisify(execFile);
const FOLDERS = ["/usr/sbin", "/usr/lib/postfix/sbin", "/usr/local/sbin"];

/** Where a program of the Debian package postfix is; nothing of it runs but what is started here. */
function programOf(name: string): string {
  const found = FOLDERS.map((folder) => `${folder}/${name}`).find(existsSync);
  if (found === undefined)
    throw new Error(
      `${name} is missing: npm run load -- circular installs it with Debian's postfix, and starts no service`,
    );
  return found;
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });

export interface PlainSink {
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** smtp-sink: takes everything, keeps nothing. */
export async function startPlainSink(): Promise<PlainSink> {
  const [port = 0] = await freePorts(1);
  const asUser = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child: ChildProcess = spawn(programOf("smtp-sink"), [...asUser, `127.0.0.1:${port}`, "1000"], {
    stdio: "ignore",
    detached: true,
  });
  const pid = child.pid ?? 0;
  const release = guardProcess(pid);
  const ended = once(child, "exit");
  await waitFor(() => isOpen(port), { describe: "smtp-sink" });
  return {
    port,
    pid,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      release();
    },
  };
}

/** smtp-source: mails per second of what neither composes nor remembers anything. */
export async function smtpSource(
  port: number,
  { mails, octets, connections }: { readonly mails: number; readonly octets: number; readonly connections: number },
): Promise<number> {
  const began = performance.now();
  const count = ["-m", String(mails), "-l", String(octets), "-s", String(connections)];
  await run(programOf("smtp-source"), [
    "-d",
    ...count,
    "-f",
    "a@example.org",
    "-t",
    "b@example.org",
    `127.0.0.1:${port}`,
  ]);
  return mails / ((performance.now() - began) / 1000);
}
