import { spawn } from "node:child_process";
import type { Command } from "commander";
import { type CommandLine, configOption } from "../command-line.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { orphanGuard } from "../orphan-guard.ts";
import { captureService, serviceArguments } from "../service-run.ts";
import { configuredProcesses, nameablePrograms, type ServiceProgram } from "../services.ts";
import { type ConfigOption, configPath } from "../settings-file.ts";
import { type SupervisorEvent, supervise } from "../supervisor.ts";
import type { Surroundings } from "../surroundings.ts";

const CHECK_TIMEOUT_MS = 30_000;
const BACKOFF = { firstMs: 500, maxMs: 30_000, healthyMs: 60_000 };
/** A configuration that was changed meanwhile and is refused (sysexits.h EX_CONFIG), or wrong usage. */
const REFUSALS: ReadonlySet<number> = new Set([78, 2]);
/** More than the 20 s that a service gives itself. */
const GRACE_MS = 25_000;

export function addUp(root: Command, line: CommandLine): void {
  line
    .add(root, "up [services...]", "up.about", ["tamis up", "tamis up filter --config /etc/tamis/tamis.yaml"])
    .addOption(configOption(line.io))
    .action(line.act((names: readonly string[], options: ConfigOption) => up(names, options, line.io)));
}

async function up(names: readonly string[], options: ConfigOption, io: Surroundings): Promise<ExitCode> {
  const config = configPath(options, io);
  const services = names.length === 0 ? configuredProcesses(config) : chosen(names, io);
  if (!(await acceptConfig(services, config, io))) return exitCode.failed;
  const guard = orphanGuard();
  const running = new Map<string, number>();
  const end = await supervise({
    children: services.map((service) => ({
      name: service.name,
      spawn: () =>
        spawn(process.execPath, serviceArguments(service, config), {
          stdio: ["ignore", "inherit", "inherit"],
          detached: true,
        }),
    })),
    signal: io.signal,
    final: REFUSALS,
    report(event) {
      if (event.kind === "started") running.set(event.name, event.pid);
      if (event.kind === "ended") running.delete(event.name);
      guard.watch([...running.values()]);
      io.err(`tamis: ${eventText(event, io)}`);
    },
    backoff: BACKOFF,
    graceMs: GRACE_MS,
    random: Math.random,
  });
  guard.release();
  io.err(`tamis: ${io.say("up.stopped")}`);
  return end === "stopped" ? exitCode.ok : exitCode.failed;
}

export function chosen(names: readonly string[], io: Surroundings): readonly ServiceProgram[] {
  const known = nameablePrograms();
  return [...new Set(names)].map((name) => {
    const service = known.find((candidate) => candidate.name === name);
    if (service !== undefined) return service;
    throw new CommandFailure(
      io.say("service.unknown", { name, names: known.map((candidate) => candidate.name).join(", ") }),
      exitCode.usage,
    );
  });
}

/** Each service reads its own sections: each is asked. */
async function acceptConfig(services: readonly ServiceProgram[], config: string, io: Surroundings): Promise<boolean> {
  const checks = await Promise.all(
    services.map((service) => captureService(serviceArguments(service, config, "--check-config"), CHECK_TIMEOUT_MS)),
  );
  let good = true;
  for (const [index, check] of checks.entries()) {
    // Who could not say in time, on a machine that is busy, refuses nothing: it says so when it is started.
    if (check.exitCode === 0 || check.exitCode === null) continue;
    good = false;
    io.err(`tamis: ${io.say("up.refused", { name: services[index]?.name ?? "" })}`);
    io.err(`${check.stderr}${check.stdout}`.trimEnd());
  }
  return good;
}

function eventText(event: SupervisorEvent, { say }: Surroundings): string {
  switch (event.kind) {
    case "started":
      return say("up.started", event);
    case "not-started":
      return say("up.not-started", event);
    case "ended":
      return say("up.ended", { name: event.name, how: event.how, seconds: (event.afterMs / 1000).toFixed(1) });
    case "refused":
      return say("up.refused", event);
    case "stopping":
      return say("up.stopping");
    case "killed":
      return say("up.killed", event);
    default:
      return event satisfies never;
  }
}
