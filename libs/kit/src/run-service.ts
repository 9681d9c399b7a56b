import type { ServiceDefinition } from "./service.ts";
import type { Sections, Settings } from "./settings.ts";

/** The whole life of a service's process: flags, settings, logs, telemetry, bus, start, stop. */
export declare function runService<S extends Sections>(definition: ServiceDefinition<S>): Promise<void>;

/** A service running inside this process. */
export interface StartedService {
  /** Address of its HTTP endpoints; `null` where they are not configured. */
  readonly http: { readonly host: string; readonly port: number } | null;
  /** Drains, closes the bus, flushes telemetry. */
  stop(): Promise<void>;
}

/** Starts a service in this process: for tests; {@link runService} is this and the process around it. */
export declare function startService<S extends Sections>(definition: ServiceDefinition<S>, settings: Settings<S>): Promise<StartedService>;
