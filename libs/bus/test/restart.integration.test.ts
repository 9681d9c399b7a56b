import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { type Bus, RetryLater } from "../src/index.ts";
import { bench, bytes, QUEUE, text } from "./harness.ts";

const TOTAL = 400;

async function publishAll(bus: Bus): Promise<void> {
  for (let i = 0; i < TOTAL; ) {
    try {
      await bus.publish({ subject: `queue.${i % 128}`, payload: bytes(`${i}`), id: `m${i}` });
      i++;
    } catch (error) {
      assert.ok(error instanceof RetryLater, String(error));
    }
  }
}

describe("nats-server goes away in the middle", () => {
  for (const { name, stumble } of [
    { name: "killed and restarted", stumble: ["kill", "restart"] },
    { name: "stopped dead, killed, restarted", stumble: ["pause", "kill", "restart"] },
    { name: "paused for a moment", stumble: ["pause", "resume"] },
  ] as const) {
    it(`${name}: publishing and consuming go on, nothing is lost`, async () => {
      await using b = await bench();
      await b.bus.ensureStreams([QUEUE]);
      await b.bus.ensureConsumer("QUEUE", "worker", { filter: "queue.*", ackWaitMs: 1_000, maxAckPending: 64 });
      const consumerBus = await b.connect({ name: "consumer" });
      const seen = new Set<string>();
      const consumption = await consumerBus.consume({
        stream: "QUEUE",
        durable: "worker",
        concurrency: 8,
        handle: async (delivery) => {
          await consumerBus.rtt().catch(() => undefined);
          seen.add(text(delivery.payload));
        },
      });
      const publishing = publishAll(b.bus);
      await waitFor(() => seen.size > 50);
      for (const step of stumble) await b.nats[step]();
      await publishing;
      await waitFor(() => seen.size === TOTAL, { timeoutMs: 20_000 });
      // What was handled when the connection broke is acknowledged afterwards, or comes again after ack_wait; what a
      // killed server forgot to delete is swept.
      const empty = async () => {
        const { messages } = await b.bus.streamState("QUEUE");
        const { pending, ackPending } = await b.bus.backlog("QUEUE", "worker");
        return messages + pending + ackPending === 0;
      };
      await waitFor(empty, { timeoutMs: 15_000 });
      await consumption.stop();
    });
  }

  it("a first connection waits for the server", async () => {
    await using b = await bench();
    await b.nats.kill();
    const waiting = b.connect({ name: "early" });
    await waitFor(() => b.log.lines.some((line) => line.event === "nats-unreachable"));
    await b.nats.restart();
    assert.equal((await waiting).isConnected(), true);
  });

  it("a first connection stops waiting when it is told to", async () => {
    await using b = await bench();
    await b.nats.kill();
    const abort = new AbortController();
    const waiting = b.connect({ signal: abort.signal });
    await waitFor(() => b.log.lines.some((line) => line.event === "nats-unreachable"));
    abort.abort();
    await assert.rejects(waiting, { name: "AbortError" });
  });

  it("tells of loss and return, once each", async () => {
    await using b = await bench();
    const told: string[] = [];
    const end = b.bus.onStatus((status) => told.push(status));
    await b.nats.restart();
    await waitFor(() => told.includes("reconnected"));
    end();
    assert.deepEqual(told, ["disconnected", "reconnected"]);
    assert.ok((await b.bus.rtt()) < 1_000);
  });
});
