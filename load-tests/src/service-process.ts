import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFlags } from "@tamis/kit";
import { guardProcess, waitFor } from "@tamis/testkit";

/** One of our services as a process of its own, which can be killed, stopped in its tracks and started again. */
export interface ServiceProcess {
  readonly name: string;
  /** Process id now; undefined while it does not run. */
  readonly pid: () => number | undefined;
  readonly start: () => Promise<void>;
  /** SIGTERM, and SIGKILL after `graceMs`. */
  readonly stop: (graceMs?: number) => Promise<void>;
  /** SIGKILL: nothing is drained. */
  readonly kill: () => Promise<void>;
  /** SIGSTOP: its connections stay open, nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Exit codes of lives that ended without being asked to. */
  readonly unexpectedEnds: () => readonly string[];
  /** The last lines of its log. */
  readonly lastLog: (lines?: number) => string;
}

export interface ServicePlan {
  /** Names the process and its log file. */
  readonly name: string;
  /** Folder under `services/`. */
  readonly service: "mailbox" | "filter" | "sorter" | "outbox";
  readonly configFile: string;
  readonly logFile: string;
  /** Folder for a CPU profile of its life (`node --cpu-prof`), written at a graceful end. */
  readonly profileDir?: string | undefined;
  /** Resolves when it does its work. */
  readonly ready: () => Promise<boolean>;
}

const START_MS = 60_000;
const repository = join(import.meta.dirname, "../..");

function launch(plan: ServicePlan): ChildProcess {
  const main = join(repository, "services", plan.service, "src/main.ts");
  if (!existsSync(main)) throw new Error(`services/${plan.service}/src/main.ts is missing`);
  const log = openSync(plan.logFile, "a");
  const profile =
    plan.profileDir === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${plan.profileDir}`, `--cpu-prof-name=${plan.name}-${Date.now()}.cpuprofile`];
  const child = spawn(process.execPath, [...nodeFlags(plan.service), ...profile, main, "--config", plan.configFile], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  return child;
}

const lastLines = (file: string, lines: number): string =>
  existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";

async function untilReady(plan: ServicePlan, isAlive: () => boolean): Promise<void> {
  const state = await waitFor(async () => (isAlive() ? (await plan.ready()) && "ready" : "ended"), {
    timeoutMs: START_MS,
    intervalMs: 20,
    describe: `${plan.name} to be ready`,
  }).catch((cause: unknown) => {
    throw new Error(`${plan.name} is not ready:\n${lastLines(plan.logFile, 15)}`, { cause });
  });
  if (state === "ended") throw new Error(`${plan.name} ended at its start:\n${lastLines(plan.logFile, 15)}`);
}

/** Makes a startable service; nothing runs yet. Its processes never outlive this one. */
export function serviceProcess(plan: ServicePlan): ServiceProcess {
  let child: ChildProcess | undefined;
  let isEnding = false;
  const unexpected: string[] = [];

  const isAlive = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const watchEnd = (born: ChildProcess): void => {
    const release = born.pid === undefined ? () => {} : guardProcess(born.pid);
    born.once("exit", (code, signal) => {
      release();
      if (!isEnding)
        unexpected.push(`${plan.name} ended by itself with ${code ?? signal}: ${lastLines(plan.logFile, 3)}`);
    });
  };
  const gone = (timeoutMs: number): Promise<boolean> =>
    waitFor(() => !isAlive(), { timeoutMs, intervalMs: 5, describe: `the end of ${plan.name}` });

  const start = async (): Promise<void> => {
    if (isAlive()) throw new Error(`${plan.name} is already running`);
    isEnding = false;
    child = launch(plan);
    watchEnd(child);
    await untilReady(plan, isAlive);
  };
  const kill = async (): Promise<void> => {
    isEnding = true;
    child?.kill("SIGKILL");
    await gone(START_MS);
  };
  const stop = async (graceMs = 25_000): Promise<void> => {
    isEnding = true;
    // A stopped process takes no other signal.
    child?.kill("SIGCONT");
    child?.kill("SIGTERM");
    await gone(graceMs).catch(kill);
  };
  return {
    name: plan.name,
    pid: () => (isAlive() ? child?.pid : undefined),
    start,
    stop,
    kill,
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    unexpectedEnds: () => unexpected,
    lastLog: (lines = 15) => lastLines(plan.logFile, lines),
  };
}
