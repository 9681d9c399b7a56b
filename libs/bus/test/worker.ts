import { PARKED } from "@tamis/contracts";
import type { Consumption, Delivery } from "../src/index.ts";
import { type Bench, bench, QUEUE, text } from "./harness.ts";

export const DURABLE = { filter: "queue.*", ackWaitMs: 1_500, maxAckPending: 64 };

/** QUEUE with its durable `worker`, and a short backoff. */
export async function prepared(): Promise<Bench> {
  const made = await bench({ firstBackoffMs: 5 });
  await made.bus.ensureStreams([QUEUE, PARKED]);
  await made.bus.ensureConsumer("QUEUE", "worker", DURABLE);
  return made;
}

export interface Seen {
  readonly payload: string;
  readonly deliveries: number;
}

/** Consumes QUEUE, and notes what it sees. */
export function worker(
  b: Bench,
  seen: Seen[],
  handle: (delivery: Delivery) => void | Promise<void>,
): Promise<Consumption> {
  return b.bus.consume({
    stream: "QUEUE",
    durable: "worker",
    concurrency: 4,
    handle: async (delivery) => {
      seen.push({ payload: text(delivery.payload), deliveries: delivery.deliveries });
      await handle(delivery);
    },
  });
}

/** Nothing waits and nothing is in work. */
export const settled = (b: Bench) => async () => {
  const { pending, ackPending } = await b.bus.backlog("QUEUE", "worker");
  return pending + ackPending === 0;
};
