import type { ChildProcess } from "node:child_process";

/** One process to keep alive. */
export interface Supervised {
  readonly name: string;
  /** Starts it, as leader of its own process group, so that a terminal's Ctrl-C reaches it once: from the supervisor. */
  readonly spawn: () => ChildProcess;
}

/** What happened to a child. */
export type SupervisorEvent =
  | { readonly kind: "started"; readonly name: string; readonly pid: number }
  | { readonly kind: "not-started"; readonly name: string; readonly message: string }
  | { readonly kind: "ended"; readonly name: string; readonly how: string; readonly afterMs: number }
  | { readonly kind: "refused"; readonly name: string }
  | { readonly kind: "stopping" }
  | { readonly kind: "killed"; readonly name: string };

export interface SupervisorOptions {
  readonly children: readonly Supervised[];
  /** Stops everything when aborted. */
  readonly signal: AbortSignal;
  /** Exit codes after which a restart has no point: everything stops. */
  readonly final: ReadonlySet<number>;
  readonly report: (event: SupervisorEvent) => void;
  /** Milliseconds. */
  readonly backoff: { readonly firstMs: number; readonly maxMs: number; readonly healthyMs: number };
  /** How long a child may take to end on SIGTERM. */
  readonly graceMs: number;
  /** 0 … 1. */
  readonly random: () => number;
}

/** How it went: `refused` when a child ended with a final exit code. */
export type SupervisorEnd = "stopped" | "refused";

/** Keeps every child running until told to stop: a child that ends is started again, later and later while it keeps ending early. */
export async function supervise(options: SupervisorOptions): Promise<SupervisorEnd> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  signal.addEventListener("abort", () => options.report({ kind: "stopping" }), { once: true });
  const ends = options.children.map(async (child) => {
    const end = await keepAlive(child, signal, options);
    if (end === "refused") stop.abort();
    return end;
  });
  return (await Promise.all(ends)).includes("refused") ? "refused" : "stopped";
}

async function keepAlive(child: Supervised, signal: AbortSignal, options: SupervisorOptions): Promise<SupervisorEnd> {
  const { backoff } = options;
  let delayMs = backoff.firstMs;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const end = await runOnce(child, signal, options);
    if (signal.aborted) break;
    if (end.code !== null && options.final.has(end.code)) {
      options.report({ kind: "refused", name: child.name });
      return "refused";
    }
    if (performance.now() - startedAt > backoff.healthyMs) delayMs = backoff.firstMs;
    // Jitter: children that died of one cause do not come back in step.
    const afterMs = Math.round(delayMs * (0.75 + options.random() / 2));
    options.report({ kind: "ended", name: child.name, how: end.how, afterMs });
    await pause(afterMs, signal);
    delayMs = Math.min(delayMs * 2, backoff.maxMs);
  }
  return "stopped";
}

interface ChildEnd {
  readonly code: number | null;
  /** `exit 1`, `SIGKILL`, or why it could not be started. */
  readonly how: string;
}

/** Resolves when the child is gone. */
async function runOnce(child: Supervised, signal: AbortSignal, options: SupervisorOptions): Promise<ChildEnd> {
  const running = child.spawn();
  const ended = new Promise<ChildEnd>((resolve) => {
    running.once("error", (error) => {
      options.report({ kind: "not-started", name: child.name, message: error.message });
      if (running.pid === undefined) resolve({ code: null, how: error.message });
    });
    running.once("exit", (code, endSignal) => resolve({ code, how: endSignal ?? `exit ${code}` }));
  });
  if (running.pid === undefined) return ended;
  options.report({ kind: "started", name: child.name, pid: running.pid });
  let kill: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    running.kill("SIGTERM");
    kill = setTimeout(() => {
      options.report({ kind: "killed", name: child.name });
      running.kill("SIGKILL");
    }, options.graceMs);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await ended;
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(kill);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
