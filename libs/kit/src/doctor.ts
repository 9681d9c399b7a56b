import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Bus, connectBus } from "@tamis/bus";
import { busOptions } from "./bus-options.ts";
import { checkConfig } from "./check-config.ts";
import { type Fault, formatFault } from "./fault.ts";
import { nameInstance } from "./instance.ts";
import { type Logger, openLog, scrub } from "./log.ts";
import { errorCode } from "./secret.ts";
import type { Finding, ServiceDefinition } from "./service.ts";
import type { NatsSettings, Sections, SharedSettings } from "./settings.ts";

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
  const findings: Finding[] = [
    { id: "config", ok: true, text: `${path} is valid${accounts === null ? "" : `, ${accounts} accounts`}` },
    ...warnings.map(faultFinding),
  ];
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
    late.resolve([
      {
        id: name,
        ok: false,
        text: `no answer within ${SERVICE_MS / 1000} s`,
        mend: "look at what the findings above say of the servers",
      },
    ]),
  );
  try {
    return await Promise.race([doctor(context), late.promise]);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [{ id: name, ok: false, text: `could not be examined: ${scrub(text)}`, mend: "see the error log above" }];
  }
}

function faultFinding({ mend, ...fault }: Fault): Finding {
  return { id: "config", ok: false, text: formatFault({ ...fault, mend: "" }), ...(mend === "" ? {} : { mend }) };
}

/** NATS as the service would use it, or why not. */
export async function reachNats(
  nats: NatsSettings,
  { name, log }: { readonly name: string; readonly log: Logger },
): Promise<{ readonly finding: Finding; readonly bus: Bus | null }> {
  const where = nats.servers.join(", ");
  const signal = AbortSignal.timeout(NATS_MS);
  try {
    const bus = await connectBus(busOptions(nats, { name: `tamis-${name}-doctor`, log, signal }));
    const rtt = await bus.rtt();
    return {
      finding: {
        id: "nats",
        ok: true,
        text: `nats-server ${bus.serverVersion} at ${where}, round trip ${rtt.toFixed(1)} ms`,
      },
      bus,
    };
  } catch (error) {
    if (!signal.aborted && error instanceof Error)
      return { finding: { id: "nats", ok: false, text: error.message, mend: "see nats in tamis.yaml" }, bus: null };
    const mend = "start nats-server with JetStream (-js), or mend nats.servers, user and password in tamis.yaml";
    return {
      finding: { id: "nats", ok: false, text: `no connection to ${where} within ${NATS_MS / 1000} s`, mend },
      bus: null,
    };
  }
}

function stateFolderFinding({ state_dir: folder }: SharedSettings): Finding {
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return { id: "state_dir", ok: true, text: `${folder} can be written` };
  } catch (error) {
    return {
      id: "state_dir",
      ok: false,
      text: `${nearest}: ${errorCode(error)}`,
      mend: "give it to the user Tamis runs as, or name another state_dir",
    };
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
    return [{ id: "otlp", ok: true, text: `a collector answers at ${endpoint}` }];
  } catch {
    return [
      {
        id: "otlp",
        ok: false,
        text: `no collector answers at ${endpoint}`,
        mend: "start it, or take telemetry.otlp out of tamis.yaml: mail is sorted all the same",
      },
    ];
  }
}
