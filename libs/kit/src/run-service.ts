import { checkConfig } from "./check-config.ts";
import { examine } from "./doctor.ts";
import { ConfigFault, formatFault } from "./fault.ts";
import { nameInstance } from "./instance.ts";
import { loadSettings } from "./load-settings.ts";
import { type Logger, openLog } from "./log.ts";
import type { ServiceDefinition } from "./service.ts";
import { readServiceArguments, serviceUsage } from "./service-arguments.ts";
import type { Sections } from "./settings.ts";
import { type StartedService, startService } from "./start-service.ts";

const STOP_MS = 20_000;
/** sysexits.h EX_CONFIG: restarting does not help. */
const EXIT_CONFIG = 78;

/** The whole life of a service's process: flags, settings, log, telemetry, bus, start, stop, exit code. The last call of a `main.ts`. */
export async function runService<S extends Sections>(definition: ServiceDefinition<S>): Promise<void> {
  const request = readServiceArguments(process.argv.slice(2), process.env);
  switch (request.kind) {
    case "help":
      process.stdout.write(serviceUsage(definition.name));
      return process.exit(0);
    case "wrong":
      process.stderr.write(`${request.problem}\n\n${serviceUsage(definition.name)}`);
      return process.exit(2);
    case "check-config":
      return process.exit(printCheck(request.config, definition.sections));
    case "doctor": {
      const findings = await examine(definition, request.config);
      process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
      return process.exit(findings.every(({ ok }) => ok) ? 0 : 1);
    }
    case "run":
      return await live(definition, request.config);
    default:
      return request satisfies never;
  }
}

function printCheck(path: string, sections: Sections): 0 | 1 {
  const check = checkConfig(path, sections);
  const lines = check.ok
    ? check.warnings.map((warning) => `warning: ${formatFault(warning)}`)
    : check.faults.map(formatFault);
  for (const line of lines) process.stderr.write(`${line}\n`);
  if (!check.ok) return 1;
  process.stdout.write(`${path} is valid${check.accounts === null ? "" : `, ${check.accounts} accounts`}\n`);
  return 0;
}

async function live<S extends Sections>(definition: ServiceDefinition<S>, path: string): Promise<void> {
  try {
    const settings = loadSettings(path, definition.sections);
    const instance = nameInstance();
    const log = openLog({ service: definition.name, instance, settings: settings.log });
    endOnBugs(log);
    const asked = new AbortController();
    const starting = startService(definition, settings, { log, instance, signal: asked.signal });
    endOnSignals(log, { asked, starting, stopWithinMs: definition.stopWithinMs ?? STOP_MS });
    await starting.catch((error: unknown) => endOnFailedStart(error, log, asked.signal));
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

function endOnFailedStart(error: unknown, log: Logger, asked: AbortSignal): void {
  if (error instanceof ConfigFault) throw error;
  // Asked to stop while it waited for something: that is no failure.
  if (asked.aborted) process.exit(0);
  log.fatal({ err: error }, "start-failed");
  process.exit(1);
}

interface Life {
  readonly asked: AbortController;
  readonly starting: Promise<StartedService>;
  readonly stopWithinMs: number;
}

function endOnSignals(log: Logger, { asked, starting, stopWithinMs }: Life): void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked.signal.aborted) {
      log.warn({ signal }, "stop-forced");
      process.exit(1);
    }
    log.info({ signal }, "service-stopping");
    asked.abort();
    setTimeout(() => {
      log.error({ stopWithinMs }, "stop-too-slow");
      process.exit(1);
    }, stopWithinMs);
    // A start that fails now is told of by whoever awaits it.
    starting.then(
      (service) => endOrderly(service, log),
      () => {},
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

async function endOrderly(service: StartedService, log: Logger): Promise<void> {
  try {
    await service.stop();
    log.info({}, "service-stopped");
    process.exit(0);
  } catch {
    // Logged where it happened.
    process.exit(1);
  }
}

/** What nobody caught is a bug: it is written down, and a supervisor starts a clean process. */
function endOnBugs(log: Logger): void {
  let ending = false;
  const end = (error: unknown, event: string): void => {
    // The log itself may be what fails: its reader is gone.
    if (!ending) {
      ending = true;
      log.fatal({ err: error }, event);
    }
    process.exit(1);
  };
  process.on("uncaughtException", (error) => end(error, "uncaught-exception"));
  process.on("unhandledRejection", (reason) => end(reason, "unhandled-rejection"));
}
