import type { Finding } from "./finding.ts";
import { loadSettings } from "./load-settings.ts";
import type { DoctorContext, Running, ServiceContext, ServiceDefinition } from "./service.ts";
import type { Sections } from "./settings.ts";
import { startInOrder } from "./start-in-order.ts";

/** One of several services in a process. */
export interface Part {
  readonly name: string;
  readonly sections: Sections;
  readonly start: (service: ServiceContext) => Promise<Running>;
  readonly doctor: (context: DoctorContext) => Promise<readonly Finding[]>;
}

/** A service as a part of a process: it reads its own sections, and its log lines have its name as `part`. */
export function partOf<S extends Sections>({ name, sections, start, doctor }: ServiceDefinition<S>): Part {
  const settingsOf = (file: string) => loadSettings(file, sections);
  return {
    name,
    sections,
    start: (service) =>
      start({ ...service, settings: settingsOf(service.settings.file), log: service.log.child({ part: name }) }),
    doctor: async (context) => (await doctor?.({ ...context, settings: settingsOf(context.settings.file) })) ?? [],
  };
}

/**
 * Several services as one, on one connection to NATS: what they ask each other goes no way through it (`RespondOptions.near`). They start in
 * this order and stop in reverse; of a section that several have the first one's schema is checked before the start; the ports of Prometheus are those of the first of `name` and the parts that has one.
 */
export function together(name: string, parts: readonly Part[]): ServiceDefinition {
  return {
    name,
    alsoNamed: parts.map((part) => part.name),
    sections: Object.assign({}, ...parts.toReversed().map(({ sections }) => sections)),
    start: (service) =>
      startInOrder(async (onStop) => {
        for (const part of parts) {
          const running = await part.start(service);
          onStop(() => running.stop());
        }
      }),
    doctor: async (context) => (await Promise.all(parts.map(({ doctor }) => doctor(context)))).flat(),
  };
}
