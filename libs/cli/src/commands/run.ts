import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Command } from "commander";
import { type CommandLine, configOption } from "../command-line.ts";
import { CommandFailure } from "../exit-code.ts";
import { serviceArguments } from "../service-run.ts";
import { type ConfigOption, configPath } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { chosen } from "./up.ts";

export function addRun(root: Command, line: CommandLine): void {
  line
    .add(root, "run <service>", "run.about", ["tamis run filter", "tamis run mailbox --config /etc/tamis/tamis.yaml"])
    .addOption(configOption(line.io))
    .action(line.act((name: string, options: ConfigOption) => runInForeground(name, options, line.io)));
}

/** Ends as the service ends. */
async function runInForeground(name: string, options: ConfigOption, io: Surroundings) {
  const [service] = chosen([name], io);
  if (service === undefined) throw new CommandFailure(io.say("service.unknown", { name, names: "" }));
  const child = spawn(process.execPath, serviceArguments(service, configPath(options, io)), {
    stdio: "inherit",
    detached: true,
  });
  const onAbort = (): void => void child.kill("SIGTERM");
  io.signal.addEventListener("abort", onAbort, { once: true });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exit, signal) => resolve(exit ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  io.signal.removeEventListener("abort", onAbort);
  return code;
}
