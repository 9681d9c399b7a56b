import type { StreamSpec } from "@tamis/contracts";
import { type NatsServer, startNats } from "@tamis/testkit";
import { type Bus, type BusLogger, type BusOptions, connectBus } from "../src/index.ts";

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
export const bytes = (value: string): Uint8Array => Buffer.from(value);

/** A small work queue, so that a test may fill it. */
export const QUEUE: StreamSpec = {
  name: "QUEUE",
  subjects: ["queue.*"],
  retention: "workqueue",
  maxBytes: 4 * 1024 * 1024,
  maxAgeSeconds: 0,
  discard: "new",
  duplicateWindowSeconds: 120,
};

export interface Line {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps what is logged. */
export function recorder(): BusLogger & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: Line["level"]) => (fields: Readonly<Record<string, unknown>>, event: string) => {
    lines.push({ level, event, fields });
  };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

export interface Bench extends AsyncDisposable {
  readonly nats: NatsServer;
  readonly bus: Bus;
  readonly log: ReturnType<typeof recorder>;
  connect(options?: Partial<BusOptions>): Promise<Bus>;
}

/** A fresh server with one bus on it; all buses and the server are gone at the end. */
export async function bench(options: Partial<BusOptions> = {}): Promise<Bench> {
  const nats = await startNats();
  const log = recorder();
  const buses: Bus[] = [];
  const connect = async (more: Partial<BusOptions> = {}): Promise<Bus> => {
    const bus = await connectBus({ servers: nats.url, name: "test", logger: log, ...options, ...more });
    buses.push(bus);
    return bus;
  };
  return {
    nats,
    log,
    bus: await connect(),
    connect,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(buses.map((bus) => bus.close()));
      await nats.stop();
    },
  };
}
