import { spawn } from "node:child_process";

/** Ends the children of a supervisor that was killed itself. */
export interface OrphanGuard {
  /** The children there are now. */
  watch(pids: readonly number[]): void;
  /** The supervisor ends in order: nobody is left to end. */
  release(): void;
}

/** Reads lists of processes, one a line; when the writer is gone for whatever reason, the last list is told to end. */
const SCRIPT = 'while read -r pids; do last=$pids; done; [ -z "$last" ] || kill -TERM $last 2>/dev/null';

/** A shell that waits at the other end of a pipe: the kernel closes it even on kill -9. */
export function orphanGuard(): OrphanGuard {
  const shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true, cwd: "/" });
  // Without a shell there is no guard, and everything else works.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  return {
    watch: (pids) => void shell.stdin.write(`${pids.join(" ")}\n`),
    release: () => void shell.stdin.end("\n"),
  };
}
