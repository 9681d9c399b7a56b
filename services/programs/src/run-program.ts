import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface ProgramLimits {
  readonly timeoutMs: number;
  readonly outputBytes: number;
  /** Of one process, octets. */
  readonly memoryBytes: number;
  /** Of the user it runs as. */
  readonly processes: number;
  /** Whom it runs as; absent: as this process does. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export type ProgramEnd =
  | { readonly kind: "ended"; readonly ok: boolean; readonly output: Uint8Array }
  | { readonly kind: "failed"; readonly reason: "timeout" | "output-too-large" | "signal" | "not-startable" };

/** util-linux's, on every Linux: sets limits that Node cannot, then becomes the program. No shell has a part in it. */
const PRLIMIT = "/usr/bin/prlimit";

/**
 * Runs a program once: `input` on its standard input, an empty environment, its own process group, which is killed as a whole at
 * the end. Never throws.
 */
export function runProgram(
  path: string,
  args: readonly string[],
  input: Uint8Array,
  limits: ProgramLimits,
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const child = spawn(PRLIMIT, [...limitArguments(limits), path, ...args], {
      cwd: "/",
      env: {},
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
      ...limits.user,
    });
    const run = new Run(child, limits, resolve);
    // A program that ends without reading all of its input is no failure.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.stdout.on("data", (chunk: Buffer) => run.take(chunk));
    child.on("error", () => run.end({ kind: "failed", reason: "not-startable" }));
    child.on("close", (code, signal) => run.closed(code, signal));
  });
}

function limitArguments({ timeoutMs, memoryBytes, processes }: ProgramLimits): string[] {
  const cpuSeconds = Math.ceil(timeoutMs / 1000) + 1;
  return [`--as=${memoryBytes}`, `--cpu=${cpuSeconds}`, `--nproc=${processes}`, "--core=0", "--nofile=256"];
}

/** prlimit's own exit codes: it could not set the limits; the shell's for a program that cannot be executed. */
const NOT_STARTED = new Set([126, 127]);

class Run {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #limits: ProgramLimits;
  readonly #resolve: (end: ProgramEnd) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    child: ChildProcessByStdio<Writable, Readable, null>,
    limits: ProgramLimits,
    resolve: (end: ProgramEnd) => void,
  ) {
    this.#child = child;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.end({ kind: "failed", reason: "timeout" }), limits.timeoutMs);
  }

  take(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.outputBytes) this.end({ kind: "failed", reason: "output-too-large" });
    else this.#chunks.push(chunk);
  }

  closed(code: number | null, signal: NodeJS.Signals | null): void {
    if (signal !== null) this.end({ kind: "failed", reason: "signal" });
    else if (code !== null && NOT_STARTED.has(code)) this.end({ kind: "failed", reason: "not-startable" });
    else this.end({ kind: "ended", ok: code === 0, output: Buffer.concat(this.#chunks) });
  }

  /** The first word is the last one. Whatever it started ends with it. */
  end(end: ProgramEnd): void {
    clearTimeout(this.#timer);
    const { pid } = this.#child;
    if (pid !== undefined) killGroup(pid);
    this.#child.stdout.destroy();
    this.#resolve(end);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it is gone already.
  }
}
