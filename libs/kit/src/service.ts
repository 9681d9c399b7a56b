import type { Meter, Tracer } from "@opentelemetry/api";
import type { Bus } from "@tamis/bus";
import type { Finding } from "./finding.ts";
import type { Health } from "./health.ts";
import type { Logger } from "./log.ts";
import type { Sections, Settings } from "./settings.ts";

/** What a running service gets from the kit. */
export interface ServiceContext<S extends Sections = Sections> {
  readonly settings: Settings<S>;
  /** `log.info({ mailId, ms }, "mail-applied")`: the fields, then the name of the event. */
  readonly log: Logger;
  /** Connected; the kit closes it after {@link Running.stop}. */
  readonly bus: Bus;
  /** Unique for this process: `<host>-<pid>-<random>`, of `[A-Za-z0-9_-]` only. */
  readonly instance: string;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly health: Health;
  /** Aborted when the service is asked to stop, before {@link Running.stop} is called. */
  readonly signal: AbortSignal;
}

/** What {@link ServiceDefinition.start} hands back. */
export interface Running {
  /** Drains: takes nothing new, finishes what it has. The bus is still connected. */
  stop(): Promise<void>;
}

/** What a service's doctor gets: the service itself is not started. */
export interface DoctorContext<S extends Sections = Sections> {
  readonly settings: Settings<S>;
  readonly log: Logger;
  /** `null` where NATS could not be reached: the kit has a finding for that already. */
  readonly bus: Bus | null;
  /** Aborted after 30 s. */
  readonly signal: AbortSignal;
}

export interface ServiceDefinition<S extends Sections = Sections> {
  /** `mailbox`, `filter` …: names the process in logs, traces, metrics and towards NATS. */
  readonly name: string;
  /** Of several services in one process: theirs, under which settings may be found that this one has none of. */
  readonly alsoNamed?: readonly string[];
  /** The service's own sections of tamis.yaml: name → zod object. */
  readonly sections: S;
  /** Resolves when the service works; a throw ends the process with exit code 1. */
  readonly start: (service: ServiceContext<S>) => Promise<Running>;
  /** How long an orderly stop may take, ms; 20,000 where it is not said. After that the process ends with exit code 1. */
  readonly stopWithinMs?: number;
  /** Run by `--doctor`: looks at what the service needs, without starting it. */
  readonly doctor?: (context: DoctorContext<S>) => Promise<readonly Finding[]>;
}
