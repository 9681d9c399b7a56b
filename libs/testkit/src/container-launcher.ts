import { createWriteStream } from "node:fs";
import { runProgram } from "./run-program.ts";
import type { Launched, ServerPlan } from "./server-plan.ts";
import { waitFor } from "./wait-for.ts";

const ENDING: readonly NodeJS.Signals[] = ["SIGTERM", "SIGKILL", "SIGINT", "SIGQUIT"];
const END_MS = 5_000;

async function isRunning(id: string): Promise<boolean> {
  const state = await runProgram("docker", ["inspect", "--format", "{{.State.Running}}", id]).catch(() => "false");
  return state.trim() === "true";
}

/** testcontainers can publish ports only on every interface, so on Linux the container shares the host's network. */
async function startContainer({ plan, image }: { readonly plan: ServerPlan; readonly image: string }) {
  // Loaded here only: it takes half a second and machines with the programs never need it.
  const { GenericContainer } = await import("testcontainers");
  const container = new GenericContainer(image)
    .withEntrypoint([plan.program])
    .withCommand([...plan.args])
    .withBindMounts([{ source: plan.dir, target: plan.dir }])
    .withLogConsumer((stream) => stream.pipe(createWriteStream(plan.outputFile, { flags: "a" })));
  if (process.platform === "linux") return container.withNetworkMode("host").start();
  return container.withExposedPorts(...plan.ports.map((port) => ({ container: port, host: port }))).start();
}

/**
 * Runs a server in a container whose ports and folder are the same as outside. testcontainers' own reaper removes
 * the container when this process ends in any way.
 */
export async function containerLauncher(plan: ServerPlan, image: string): Promise<Launched> {
  const container = await startContainer({ plan, image });
  const id = container.getId();
  let alive = true;
  const ended = async (): Promise<boolean> => {
    alive = await isRunning(id);
    return !alive;
  };
  return {
    pid: undefined,
    isAlive: () => alive,
    isEmpty: async () => !alive,
    signal: async (signal) => {
      await runProgram("docker", ["kill", "--signal", signal, id]);
      if (ENDING.includes(signal)) await waitFor(ended, { timeoutMs: END_MS, intervalMs: 50 }).catch(() => {});
    },
    exec: async (command) => {
      const done = await container.exec([...command]);
      if (done.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${done.exitCode}: ${done.output}`);
      return done.output;
    },
  };
}
