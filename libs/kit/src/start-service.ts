import { mkdirSync } from "node:fs";
import { type Bus, connectBus } from "@tamis/bus";
import { busOptions } from "./bus-options.ts";
import { type Endpoints, openEndpoints } from "./endpoints.ts";
import { ConfigFault, formatFault } from "./fault.ts";
import { HealthBoard } from "./health.ts";
import { nameInstance } from "./instance.ts";
import { type Logger, openLog, scrub } from "./log.ts";
import { errorCode } from "./secret.ts";
import type { Running, ServiceDefinition } from "./service.ts";
import type { Sections, Settings, SharedSettings } from "./settings.ts";
import { startTelemetry, type Telemetry } from "./telemetry.ts";

export interface StartOptions {
  /** Aborted: the start is given up, as far as it waits for something. */
  readonly signal?: AbortSignal;
  /** By default the log that the settings describe. */
  readonly log?: Logger;
  readonly instance?: string;
}

/** A service that runs inside this process. */
export interface StartedService {
  readonly instance: string;
  /** Drains, closes the bus, sends the last telemetry. Throws what the service's own `stop` threw, after the rest is closed. */
  stop(): Promise<void>;
}

/** How long the last traces and metrics may take, ms: a collector that is down must not hold up a stop. */
const FLUSH_MS = 3_000;

/** What was opened so far, in this order. */
interface Opened {
  telemetry?: Telemetry;
  endpoints?: Endpoints | null;
  bus?: Bus;
  running?: Running;
}

/** Starts a service in this process. For tests and for whoever holds several in one; `runService` is this and the process around it. */
export async function startService<S extends Sections>(
  definition: ServiceDefinition<S>,
  settings: Settings<S>,
  options: StartOptions = {},
): Promise<StartedService> {
  const instance = options.instance ?? nameInstance();
  const log = options.log ?? openLog({ service: definition.name, instance, settings: settings.log });
  const health = new HealthBoard();
  const stopping = new AbortController();
  const signal = options.signal === undefined ? stopping.signal : AbortSignal.any([stopping.signal, options.signal]);
  const opened: Opened = {};
  const stop = async (): Promise<void> => {
    health.set("stopping", "the service is stopping");
    stopping.abort();
    await closeAll(opened, log);
  };
  try {
    for (const warning of settings.warnings) log.warn({ fault: scrub(formatFault(warning)) }, "config-warning");
    makeStateFolder(settings);
    const telemetry = await startTelemetry({ service: definition.name, instance, settings: settings.telemetry, log });
    opened.telemetry = telemetry;
    opened.endpoints = await openConfiguredEndpoints(definition, settings, {
      health,
      scrape: telemetry.scrape,
      log,
    });
    health.set("nats", "not connected yet");
    const bus = await connectBus(
      busOptions(settings.nats, { name: `tamis-${definition.name}-${instance}`, log, signal }),
    );
    opened.bus = bus;
    health.set("nats", "ok");
    bus.onStatus((status) => health.set("nats", status === "disconnected" ? "the connection is lost" : "ok"));
    const { tracer, meter } = telemetry;
    opened.running = await definition.start({ settings, log, bus, instance, tracer, meter, health, signal });
    health.set("starting", "ok");
    log.info({}, "service-started");
  } catch (error) {
    await stop().catch((cause: unknown) => log.error({ err: cause }, "stop-failed"));
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return { instance, stop: () => (stopped ??= stop()) };
}

async function closeAll({ running, bus, telemetry, endpoints }: Opened, log: Logger): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (close: () => Promise<void> | undefined): Promise<void> => {
    try {
      await close();
    } catch (error) {
      failures.push(error);
      log.error({ err: error }, "stop-failed");
    }
  };
  await attempt(() => running?.stop());
  await attempt(() => bus?.close());
  await attempt(() => telemetry && within(FLUSH_MS, telemetry.stop()));
  await attempt(() => endpoints?.close());
  if (failures.length > 0) throw failures[0];
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

function makeStateFolder({ state_dir: folder, file }: SharedSettings): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const mend = "name a folder that the user Tamis runs as may write to";
    throw new ConfigFault(
      [{ file, line: 0, column: 0, path: "state_dir", problem: `${folder} cannot be made: ${errorCode(cause)}`, mend }],
      { cause },
    );
  }
}

type EndpointParts = Pick<Parameters<typeof openEndpoints>[0], "health" | "scrape" | "log">;

async function openConfiguredEndpoints(
  { name, alsoNamed = [] }: Pick<ServiceDefinition, "name" | "alsoNamed">,
  { telemetry }: SharedSettings,
  parts: EndpointParts,
): Promise<Endpoints | null> {
  const prometheus = telemetry.prometheus;
  const own = [name, ...alsoNamed].map((service) => prometheus?.ports[service]);
  const port = own.find((one) => one !== undefined) ?? prometheus?.port;
  if (prometheus === undefined || port === undefined) return null;
  return await openEndpoints({ host: prometheus.host, port, ...parts });
}
