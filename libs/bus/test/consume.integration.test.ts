import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PARKED } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { type Delivery, Reject, RetryLater } from "../src/index.ts";
import { bench, bytes, QUEUE, text } from "./harness.ts";
import { DURABLE, prepared, type Seen, settled, worker } from "./worker.ts";

describe("the table: what a handler does, what becomes of the message", () => {
  it("returns: acknowledged, and gone from the queue", async () => {
    await using b = await prepared();
    const seen: Seen[] = [];
    const published = await b.bus.publish({
      subject: "queue.7",
      payload: bytes("a"),
      id: "a/1",
      headers: { "Tamis-Account": "acc" },
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    let delivered: Delivery | undefined;
    const consumption = await worker(b, seen, (delivery) => {
      delivered = delivery;
    });
    await waitFor(settled(b));
    assert.deepEqual(seen, [{ payload: "a", deliveries: 1 }]);
    assert.equal(delivered?.subject, "queue.7");
    assert.equal(delivered?.seq, published.seq);
    assert.equal(delivered?.header("Tamis-Account"), "acc");
    assert.equal(delivered?.header("traceparent"), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert.equal(delivered?.header("Nothing"), undefined);
    assert.ok(Math.abs((delivered?.storedAt ?? 0) - Date.now()) < 5_000);
    assert.equal((await b.bus.streamState("QUEUE")).messages, 0);
    await consumption.stop();
  });

  it("RetryLater: comes back after its delay, and is never parked by count", async () => {
    await using b = await prepared();
    const seen: Seen[] = [];
    const at: number[] = [];
    await b.bus.publish({ subject: "queue.1", payload: bytes("later"), id: "later" });
    const consumption = await worker(b, seen, (delivery) => {
      at.push(performance.now());
      if (delivery.deliveries <= 12) throw new RetryLater("not now", { afterMs: delivery.deliveries === 1 ? 300 : 10 });
    });
    await waitFor(settled(b));
    assert.equal(seen.at(-1)?.deliveries, 13);
    const [first = 0, second = 0] = at;
    assert.ok(second - first >= 290, `came back after ${second - first} ms`);
    assert.equal((await b.bus.parked.list()).length, 0);
    await consumption.stop();
  });

  it("RetryLater at once: comes back at once", async () => {
    await using b = await prepared();
    const seen: Seen[] = [];
    await b.bus.publish({ subject: "queue.1", payload: bytes("now"), id: "now" });
    const consumption = await worker(b, seen, (delivery) => {
      if (delivery.deliveries === 1) throw new RetryLater("not mine", { afterMs: 0 });
    });
    await waitFor(settled(b), { timeoutMs: 1_000 });
    assert.equal(seen.length, 2);
    await consumption.stop();
  });

  it("Reject: parked at once, with its reason, its bytes and its headers", async () => {
    await using b = await prepared();
    const seen: Seen[] = [];
    await b.bus.publish({
      subject: "queue.9",
      payload: bytes("bad"),
      id: "bad/1",
      headers: { "Tamis-Account": "acc" },
    });
    const consumption = await worker(b, seen, () => {
      throw new Reject("no frame:\r\nwrong magic number");
    });
    await waitFor(settled(b));
    assert.equal(seen.length, 1);
    const [entry] = await b.bus.parked.list();
    assert.ok(entry);
    assert.deepEqual(
      { ...entry, parkedAt: 0 },
      {
        seq: 1,
        stream: "QUEUE",
        durable: "worker",
        subject: "queue.9",
        reason: "Reject: no frame: wrong magic number",
        deliveries: 1,
        parkedAt: 0,
        bytes: 3,
        headers: { "Tamis-Account": "acc" },
      },
    );
    const shown = await b.bus.parked.show(entry.seq);
    assert.equal(text(shown?.payload ?? bytes("")), "bad");
    assert.deepEqual(shown?.entry, entry);
    await consumption.stop();
  });

  it("anything else: retried with backoff, parked at the 8th delivery", async () => {
    await using b = await prepared();
    const seen: Seen[] = [];
    await b.bus.publish({ subject: "queue.2", payload: bytes("bug"), id: "bug" });
    const consumption = await worker(b, seen, () => {
      throw new TypeError("x is not a function");
    });
    await waitFor(async () => (await b.bus.parked.list()).length === 1, { timeoutMs: 15_000 });
    await waitFor(settled(b));
    assert.deepEqual(
      seen.map((one) => one.deliveries),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    const [entry] = await b.bus.parked.list();
    assert.equal(entry?.reason, "failed 8 times, at last with TypeError: x is not a function");
    assert.equal(entry?.deliveries, 8);
    assert.ok(b.log.lines.some((line) => line.event === "message-parked" && line.level === "error"));
    await consumption.stop();
  });

  it("deliveries put off by RetryLater do not count towards the 8", async () => {
    await using b = await prepared();
    const seen: Seen[] = [];
    await b.bus.publish({ subject: "queue.2", payload: bytes("mixed"), id: "mixed" });
    const consumption = await worker(b, seen, (delivery) => {
      if (delivery.deliveries <= 10) throw new RetryLater("down", { afterMs: 1 });
      if (delivery.deliveries <= 13) throw new Error("a bug, three times");
    });
    await waitFor(settled(b));
    assert.equal(seen.at(-1)?.deliveries, 14);
    assert.equal((await b.bus.parked.list()).length, 0);
    await consumption.stop();
  });
});

describe("the flow", () => {
  it("runs no more handlers at once than asked for", async () => {
    await using b = await prepared();
    let now = 0;
    let most = 0;
    for (let i = 0; i < 40; i++) await b.bus.publish({ subject: "queue.1", payload: bytes(`${i}`), id: `c${i}` });
    const consumption = await worker(b, [], async () => {
      now++;
      most = Math.max(most, now);
      await b.bus.rtt();
      now--;
    });
    await waitFor(settled(b));
    assert.equal(most, 4);
    await consumption.stop();
  });

  it("keeps a long job, and what waits behind it, from being delivered again", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE, PARKED]);
    const ackWaitMs = 1_000;
    await b.bus.ensureConsumer("QUEUE", "worker", { ...DURABLE, ackWaitMs });
    const seen: Seen[] = [];
    await b.bus.publish({ subject: "queue.1", payload: bytes("long"), id: "long" });
    await b.bus.publish({ subject: "queue.1", payload: bytes("behind"), id: "behind" });
    const began = performance.now();
    const consumption = await b.bus.consume({
      stream: "QUEUE",
      durable: "worker",
      concurrency: 1,
      handle: async (delivery) => {
        seen.push({ payload: text(delivery.payload), deliveries: delivery.deliveries });
        if (text(delivery.payload) === "long") await waitFor(() => performance.now() - began > 3 * ackWaitMs);
      },
    });
    await waitFor(settled(b));
    assert.deepEqual(seen, [
      { payload: "long", deliveries: 1 },
      { payload: "behind", deliveries: 1 },
    ]);
    await consumption.stop();
  });

  it("stop waits for what runs and gives back what was not begun", async () => {
    await using b = await prepared();
    for (let i = 0; i < 8; i++) await b.bus.publish({ subject: "queue.1", payload: bytes(`${i}`), id: `s${i}` });
    const open = Promise.withResolvers<void>();
    const seen: Seen[] = [];
    const consumption = await worker(b, seen, () => open.promise);
    await waitFor(async () => (await b.bus.backlog("QUEUE", "worker")).ackPending === 8);
    // The server has sent them all; they are here a little later.
    await waitFor(() => consumption.running === 4);
    await b.bus.rtt();
    const stopped = consumption.stop();
    assert.equal(consumption.running, 4);
    open.resolve();
    await stopped;
    assert.equal(consumption.running, 0);
    assert.equal(seen.length, 4);
    const again: Seen[] = [];
    const next = await worker(b, again, () => undefined);
    await waitFor(settled(b), { timeoutMs: 1_000 });
    assert.equal(again.length, 4, "the four not begun came back without waiting for ack_wait");
    await next.stop();
  });

  it("stop does not wait for ever", async () => {
    await using b = await prepared();
    await b.bus.publish({ subject: "queue.1", payload: bytes("stuck"), id: "stuck" });
    const open = Promise.withResolvers<void>();
    const consumption = await worker(b, [], () => open.promise);
    await waitFor(() => consumption.running === 1);
    await consumption.stop(50);
    assert.equal(consumption.running, 1);
    open.resolve();
  });
});
