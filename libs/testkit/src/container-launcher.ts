import { runProgram } from "./run-program.ts";
import type { Launched, ServerPlan } from "./server-plan.ts";

/**
 * Runs a server in a container whose ports and folder are the same as outside. testcontainers' own reaper removes
 * the container when this process ends in any way.
 */
export async function containerLauncher(plan: ServerPlan, image: string): Promise<Launched> {
  // Loaded here only: it takes half a second and machines with the programs never need it.
  const { GenericContainer } = await import("testcontainers");
  const container = await new GenericContainer(image)
    .withEntrypoint([plan.program])
    .withCommand([...plan.args])
    .withBindMounts([{ source: plan.dir, target: plan.dir }])
    .withExposedPorts(...plan.ports.map((port) => ({ container: port, host: port })))
    .start();
  const id = container.getId();
  const isRunning = async (): Promise<boolean> =>
    (await runProgram("docker", ["inspect", "--format", "{{.State.Running}}", id]).catch(() => "false")).trim() ===
    "true";
  let alive = true;
  return {
    pid: undefined,
    isAlive: () => alive,
    signal: async (signal) => {
      await runProgram("docker", ["kill", "--signal", signal, id]);
      while (signal === "SIGKILL" && (await isRunning()));
      alive = await isRunning();
    },
    exec: async (command) => {
      const done = await container.exec([...command]);
      if (done.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${done.exitCode}: ${done.output}`);
      return done.output;
    },
  };
}
