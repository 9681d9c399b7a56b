import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { containerLauncher } from "./container-launcher.ts";
import { guardProcess } from "./guard.ts";
import { groupStates, groupsOf, killGroup } from "./process-group.ts";
import { runProgram } from "./run-program.ts";
import type { Launched, ServerPlan } from "./server-plan.ts";
import { waitFor } from "./wait-for.ts";

/** A server that can be killed and started again on the same ports and state. */
export type ServerProcess = {
  readonly pid: () => number | undefined;
  readonly isAlive: () => boolean;
  readonly start: () => Promise<void>;
  /** Sends a signal to the whole group (SIGKILL, SIGSTOP, SIGCONT to those of its children too) and, if it is one that ends a process, waits until it is gone. */
  readonly signal: (signal: NodeJS.Signals) => Promise<void>;
  /** Ends it gently, after 5 s by force; does nothing when it is not running. */
  readonly stop: () => Promise<void>;
  readonly exec: (command: readonly string[]) => Promise<string>;
};

const START_MS = 30_000;
const STOP_MS = 5_000;
/** What no process can answer to: it must reach every one. */
const FORCED: readonly NodeJS.Signals[] = ["SIGKILL", "SIGSTOP", "SIGCONT"];
const NOT_ENDING: readonly NodeJS.Signals[] = ["SIGSTOP", "SIGCONT", "SIGHUP", "SIGUSR1", "SIGUSR2"];

/** Resolves with true when the first bytes of a loopback port match; a port that stays silent for 2 s is not ready. */
export function greets(port: number, pattern: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    let seen = "";
    const socket = connect({ port, host: "127.0.0.1" });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
    socket.on("data", (chunk) => {
      seen += chunk.toString("latin1");
      if (pattern.test(seen)) end(true);
    });
  });
}

/** On a busy machine some threads run on for a moment after SIGSTOP and could still answer. */
async function stopped(group: number): Promise<void> {
  const all = async (): Promise<boolean> => (await groupStates(group)).every((state) => state === "T");
  await waitFor(all, { intervalMs: 1, describe: `the processes of group ${group} to stop` });
}

function launchProgram(plan: ServerPlan, path: string): Launched {
  const output = openSync(plan.outputFile, "a");
  const child: ChildProcess = spawn(path, plan.args, {
    detached: true,
    stdio: ["ignore", output, output],
    cwd: plan.dir,
    ...plan.runAs,
  });
  closeSync(output);
  child.unref();
  let alive = child.pid !== undefined;
  const release = child.pid === undefined ? () => {} : guardProcess(child.pid);
  let groups: readonly number[] = child.pid === undefined ? [] : [child.pid];
  const end = (): void => {
    if (!alive) return;
    alive = false;
    // Children that outlive their master would keep the ports.
    if (child.pid !== undefined) killGroup(child.pid, "SIGKILL");
    release();
  };
  child.once("exit", end);
  child.once("error", end);
  return {
    pid: child.pid,
    isAlive: () => alive,
    isEmpty: async () => (await Promise.all(groups.map(groupStates))).flat().length === 0,
    signal: async (signal) => {
      if (child.pid === undefined) return;
      // Stopped, it makes no child between the look and the signal.
      if (signal === "SIGKILL" || signal === "SIGSTOP") killGroup(child.pid, "SIGSTOP");
      if (FORCED.includes(signal)) groups = await groupsOf(child.pid);
      for (const group of FORCED.includes(signal) ? groups : [child.pid]) killGroup(group, signal);
      if (signal === "SIGSTOP") await Promise.all(groups.map(stopped));
    },
    exec: ([program = "", ...args]) => runProgram(program, args),
  };
}

const lastOutput = (file: string): string =>
  existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n  ") : "(no output)";

/** Makes a startable server of a plan; nothing runs yet. */
export function serverProcess(plan: ServerPlan): ServerProcess {
  let life: Launched | undefined;
  const isAlive = (): boolean => life?.isAlive() ?? false;
  const gone = (timeoutMs: number): Promise<boolean> =>
    waitFor(() => !isAlive(), { timeoutMs, intervalMs: 5, describe: `the end of ${plan.label}` });

  const start = async (): Promise<void> => {
    if (isAlive()) throw new Error(`${plan.label} is already running`);
    const { source } = plan;
    life = source.kind === "binary" ? launchProgram(plan, source.path) : await containerLauncher(plan, source.image);
    const { greeting } = plan;
    const isReady = "port" in greeting ? () => greets(greeting.port, greeting.pattern) : greeting.isReady;
    const ready = await waitFor(async () => (isAlive() ? (await isReady()) && "ready" : "ended"), {
      timeoutMs: START_MS,
      intervalMs: 5,
      describe: `${plan.label} to greet at ${"port" in greeting ? greeting.port : greeting.where}`,
    });
    if (ready === "ended") throw new Error(`${plan.label} ended at its start:\n  ${lastOutput(plan.outputFile)}`);
  };

  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (!life?.isAlive()) return;
    await life.signal(name);
    if (NOT_ENDING.includes(name)) return;
    await gone(START_MS);
    // A child that still holds its socket would keep the next life from starting.
    const last = life;
    await waitFor(() => last.isEmpty(), { intervalMs: 5, describe: `the end of ${plan.label}'s children` });
  };

  const stop = async (): Promise<void> => {
    if (!life?.isAlive()) return;
    // A stopped process takes no other signal.
    await life.signal("SIGCONT");
    await life.signal(plan.stopSignal ?? "SIGTERM");
    await gone(STOP_MS).catch(() => signal("SIGKILL"));
  };

  const exec = (command: readonly string[]): Promise<string> => {
    if (!life) throw new Error(`${plan.label} has not been started`);
    return life.exec(command);
  };
  return { pid: () => life?.pid, isAlive, start, signal, stop, exec };
}
