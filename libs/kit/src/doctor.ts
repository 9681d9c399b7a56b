import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import { busOptions } from "./bus-options.ts";
import { checkConfig } from "./check-config.ts";
import { remarks } from "./doctor-texts.ts";
import { type Fault, formatFault } from "./fault.ts";
import { type Finding, findingOf } from "./finding.ts";
import { nameInstance } from "./instance.ts";
import { type Logger, openLog, scrub } from "./log.ts";
import { errorCode } from "./secret.ts";
import type { ServiceDefinition } from "./service.ts";
import type { NatsSettings, Sections, SharedSettings } from "./settings.ts";
import type { Text } from "./text.ts";

const NATS_MS = 5_000;
const COLLECTOR_MS = 3_000;
const SERVICE_MS = 30_000;

/** Looks at the configuration, NATS, the state folder, the collector, then at what the service itself looks at. */
export async function examine<S extends Sections>(
  definition: ServiceDefinition<S>,
  path: string,
): Promise<readonly Finding[]> {
  const config = checkConfig(path, definition.sections);
  if (!config.ok) return config.faults.map(faultFinding);
  const { settings, accounts, warnings } = config;
  const log = openLog({
    service: definition.name,
    instance: nameInstance(),
    settings: { level: "error", format: "auto" },
    descriptor: 2,
  });
  const valid =
    accounts === null
      ? findingOf("config", remarks.config, { file: path })
      : findingOf("config", remarks["config-accounts"], { file: path, accounts });
  const findings: Finding[] = [valid, ...warnings.map(faultFinding)];
  findings.push(stateFolderFinding(settings), ...(await collectorFindings(settings)));
  const nats = await reachNats(settings.nats, { name: definition.name, log });
  findings.push(nats.finding);
  const bus = nats.bus;
  findings.push(...(await askService(definition, { settings, log, bus, signal: AbortSignal.timeout(SERVICE_MS) })));
  await bus?.close();
  return findings;
}

type Doctor<S extends Sections> = NonNullable<ServiceDefinition<S>["doctor"]>;

async function askService<S extends Sections>(
  { name, doctor }: ServiceDefinition<S>,
  context: Parameters<Doctor<S>>[0],
): Promise<readonly Finding[]> {
  if (doctor === undefined) return [];
  const late = Promise.withResolvers<readonly Finding[]>();
  context.signal.addEventListener("abort", () =>
    late.resolve([findingOf(name, remarks.late, { seconds: SERVICE_MS / 1000 })]),
  );
  try {
    return await Promise.race([doctor(context), late.promise]);
  } catch (error) {
    const problem = scrub(error instanceof Error ? error.message : String(error));
    return [findingOf(name, remarks.failed, { problem })];
  }
}

/** Faults of the configuration are told in English only. */
function faultFinding({ mend, ...fault }: Fault): Finding {
  const inEnglish = (en: string): Text => ({ en, fr: en });
  const text = inEnglish(formatFault({ ...fault, mend: "" }));
  return { id: "config", ok: false, text, ...(mend === "" ? {} : { mend: inEnglish(mend) }) };
}

/** NATS as the service would use it, or why not. */
async function reachNats(
  nats: NatsSettings,
  { name, log }: { readonly name: string; readonly log: Logger },
): Promise<{ readonly finding: Finding; readonly bus: Bus | null }> {
  const id = "nats";
  const where = nats.servers.join(", ");
  const signal = AbortSignal.timeout(NATS_MS);
  try {
    const bus = await connectBus(busOptions(nats, { name: `tamis-${name}-doctor`, log, signal }));
    const ms = (await bus.rtt()).toFixed(1);
    return { finding: findingOf(id, remarks.nats, { version: bus.serverVersion, where, ms }), bus };
  } catch (error) {
    const finding =
      !signal.aborted && error instanceof Error
        ? findingOf(id, remarks["nats-unusable"], { where, problem: error.message })
        : findingOf(id, remarks["nats-down"], { where, seconds: NATS_MS / 1000 });
    return { finding, bus: null };
  }
}

function stateFolderFinding({ state_dir: folder }: SharedSettings): Finding {
  const id = "state_dir";
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return findingOf(id, remarks["state-folder"], { folder });
  } catch (error) {
    return findingOf(id, remarks["state-folder-closed"], { folder: nearest, code: errorCode(error) });
  }
}

async function collectorFindings({ telemetry }: SharedSettings): Promise<readonly Finding[]> {
  if (telemetry.otlp === undefined) return [];
  const { endpoint } = telemetry.otlp;
  try {
    // Any answer shows that somebody listens; an empty POST changes nothing.
    await fetch(`${endpoint.replace(/\/+$/, "")}/v1/traces`, {
      method: "POST",
      signal: AbortSignal.timeout(COLLECTOR_MS),
    });
    return [findingOf("otlp", remarks.collector, { endpoint })];
  } catch {
    return [findingOf("otlp", remarks["collector-down"], { endpoint })];
  }
}
