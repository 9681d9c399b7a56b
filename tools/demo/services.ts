import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { guardProcess, waitFor } from "@tamis/testkit";

/** The services of a run. */
export type Services = {
  /** Resolves when one of them has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Starts those that the others do not wait for. */
  startLater(): void;
  stop(): Promise<void>;
};

const ROOT = join(import.meta.dirname, "../..");
export const serviceNames = ["sorter", "outbox", "receipts", "scripts", "console"] as const;
export type ServiceName = (typeof serviceNames)[number];
/** Mail is sorted without these: they are started when the others are up, which the processor belongs to first. */
export const laterNames: ReadonlySet<ServiceName> = new Set(["outbox", "receipts", "scripts", "console"]);

/** A service drains for at most 20 s. */
const STOP_MS = 25_000;

const exit = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });

/**
 * Each service is a process group of its own: a Ctrl-C in the terminal reaches the demo alone, which then ends them in
 * order; and the guardian of testkit ends them should the demo be killed.
 */
function startService(name: ServiceName, configFile: string, logFile: string): Pick<Services, "ended" | "stop"> {
  const log = openSync(logFile, "a");
  const command = [join(ROOT, `services/${name}/src/main.ts`), "--config", configFile];
  const child = spawn(process.execPath, command, { cwd: ROOT, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const release = child.pid === undefined ? () => {} : guardProcess(child.pid);
  const ended = exit(child).then(release);
  return {
    ended,
    async stop() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const killing = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(killing);
    },
  };
}

/** Starts the services as `tamis up` does; what they write goes to `logFile`. They never outlive this process. */
export function startServices(configFile: string, logFile: string): Services {
  const services: Pick<Services, "ended" | "stop">[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const start = (names: readonly ServiceName[]): void => {
    for (const name of names) {
      const service = startService(name, configFile, logFile);
      services.push(service);
      void service.ended.then(resolve);
    }
  };
  start(serviceNames.filter((name) => !laterNames.has(name)));
  return {
    ended,
    startLater: () => start([...laterNames]),
    async stop() {
      await Promise.all(services.map(({ stop }) => stop()));
    },
  };
}

const answers = async (url: string): Promise<boolean> => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;

/** Waits until a service says on `/readyz` that it is ready, or until nobody wants to know any more. */
export async function untilReady(port: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const ready = async (): Promise<boolean> =>
    signal?.aborted === true || (await answers(`http://127.0.0.1:${port}/readyz`));
  await waitFor(ready, { timeoutMs, intervalMs: 50, describe: "/readyz" });
}
