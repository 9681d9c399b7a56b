import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PARKED } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { Reject } from "../src/index.ts";
import { bench, bytes, QUEUE, text } from "./harness.ts";
import { DURABLE, prepared, type Seen, settled, worker } from "./worker.ts";

describe("what cannot be parked", () => {
  it("stays in its queue when the parking takes nothing", async () => {
    await using b = await bench({ firstBackoffMs: 5 });
    await b.bus.ensureStreams([QUEUE, { ...PARKED, maxBytes: 10 }]);
    await b.bus.ensureConsumer("QUEUE", "worker", DURABLE);
    await b.bus.publish({ subject: "queue.3", payload: bytes("kept"), id: "kept" });
    const consumption = await worker(b, [], () => {
      throw new Reject("never");
    });
    await waitFor(() => b.log.lines.some((line) => line.event === "parking-failed"));
    await consumption.stop();
    assert.equal((await b.bus.streamState("QUEUE")).messages, 1);
  });
});

describe("replay", () => {
  it("publishes again to the original subject under another id, then removes", async () => {
    await using b = await prepared();
    let broken = true;
    const seen: Seen[] = [];
    const ids: (string | undefined)[] = [];
    await b.bus.publish({
      subject: "queue.4",
      payload: bytes("r"),
      id: "r/apply",
      headers: { "Tamis-Account": "acc" },
    });
    const consumption = await worker(b, seen, (delivery) => {
      ids.push(delivery.header("Nats-Msg-Id"));
      if (broken) throw new Reject("still broken");
      assert.equal(delivery.header("Tamis-Account"), "acc");
      assert.equal(delivery.header("Tamis-Parked-Reason"), undefined);
      assert.equal(delivery.subject, "queue.4");
    });
    const parkedSeq = () => b.bus.parked.list().then(([entry]) => entry?.seq);
    const first = await waitFor(parkedSeq);
    await b.bus.parked.replay(first);
    const second = await waitFor(async () => ((await parkedSeq()) === first ? undefined : parkedSeq()));
    broken = false;
    await b.bus.parked.replay(second);
    await waitFor(settled(b));
    assert.deepEqual(ids, ["r/apply", "r/apply/replay-1", "r/apply/replay-2"]);
    assert.deepEqual(await b.bus.parked.list(), []);
    await consumption.stop();
  });

  it("gives back what was compressed, and shows it, though it was parked in between", async () => {
    await using b = await prepared();
    const long = "un mail assez long ".repeat(5_000);
    let broken = true;
    const seen: Seen[] = [];
    const consumption = await worker(b, seen, ({ payload }) => {
      if (broken) throw new Reject("still broken");
      assert.equal(text(payload), long);
    });
    await b.bus.publish({ subject: "queue.6", payload: bytes(long), id: "z", compress: true });
    const entry = await waitFor(async () => (await b.bus.parked.list())[0]);
    assert.ok(entry.bytes < long.length / 10, `${entry.bytes} octets stored`);
    assert.equal(text((await b.bus.parked.show(entry.seq))?.payload ?? bytes("")), long);
    broken = false;
    await b.bus.parked.replay(entry.seq);
    await waitFor(settled(b));
    assert.deepEqual(await b.bus.parked.list(), []);
    await consumption.stop();
  });

  it("parks, shows and drops what only says that it is compressed", async () => {
    await using b = await prepared();
    const consumption = await worker(b, [], ({ payload }) => assert.fail(text(payload)));
    await b.bus.publish({ subject: "queue.7", payload: bytes("no"), id: "n", headers: { "Tamis-Encoding": "zstd" } });
    const entry = await waitFor(async () => (await b.bus.parked.list())[0]);
    assert.equal(text((await b.bus.parked.show(entry.seq))?.payload ?? bytes("")), "no");
    assert.equal(await b.bus.parked.drop(entry.seq), true);
    await consumption.stop();
  });

  it("fails aloud when the server calls it a duplicate, and keeps the entry", async () => {
    await using b = await prepared();
    await b.bus.publish({ subject: "queue.5", payload: bytes("d"), id: "d" });
    const consumption = await worker(b, [], () => {
      throw new Reject("broken");
    });
    const entry = await waitFor(async () => (await b.bus.parked.list())[0]);
    await consumption.stop();
    await b.bus.publish({ subject: "queue.5", payload: bytes("d"), id: "d/replay-1" });
    await assert.rejects(
      b.bus.parked.replay(entry.seq),
      (error) => error instanceof Reject && error.code === "duplicate",
    );
    assert.equal((await b.bus.parked.list()).length, 1);
  });

  it("drop removes; what is not there is said to be absent", async () => {
    await using b = await prepared();
    await b.bus.publish({ subject: "queue.6", payload: bytes("x"), id: "x" });
    const consumption = await worker(b, [], () => {
      throw new Reject("broken");
    });
    const entry = await waitFor(async () => (await b.bus.parked.list())[0]);
    await consumption.stop();
    assert.equal(await b.bus.parked.drop(entry.seq), true);
    assert.equal(await b.bus.parked.drop(entry.seq), false);
    assert.equal(await b.bus.parked.show(entry.seq), null);
    assert.equal(await b.bus.parked.show(0), null);
    await assert.rejects(b.bus.parked.replay(99), (error) => error instanceof Reject && error.code === "not-found");
  });
});
