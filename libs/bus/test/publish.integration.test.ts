import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EVENTS, type Fact, mailboxReset } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { Reject, RetryLater } from "../src/index.ts";
import { bench, bytes, QUEUE, text } from "./harness.ts";

const is = (kind: typeof RetryLater | typeof Reject, code: string) => (error: unknown) =>
  error instanceof kind && error.code === code;

describe("publish", () => {
  it("answers with the sequence, and calls the second of one id a duplicate", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    const first = await b.bus.publish({ subject: "queue.1", payload: bytes("a"), id: "same" });
    const second = await b.bus.publish({ subject: "queue.1", payload: bytes("a"), id: "same" });
    assert.deepEqual(first, { seq: 1, duplicate: false });
    assert.deepEqual(second, { seq: 1, duplicate: true });
    assert.equal((await b.bus.streamState("QUEUE")).messages, 1);
  });

  it("a full stream is back-pressure: RetryLater full, until there is room again", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.bus.ensureConsumer("QUEUE", "worker", { ackWaitMs: 5_000, maxAckPending: 64 });
    const batch = new Uint8Array(512 * 1024);
    const publish = (i: number) => b.bus.publish({ subject: "queue.1", payload: batch, id: `f${i}` });
    let stored = 0;
    const fill = async () => {
      for (;;) {
        await publish(stored);
        stored++;
      }
    };
    await assert.rejects(fill(), is(RetryLater, "full"));
    assert.equal(stored, 7, "4 MiB hold seven batches of 512 KiB with their headers");
    const consumption = await b.bus.consume({
      stream: "QUEUE",
      durable: "worker",
      concurrency: 2,
      handle: async () => undefined,
    });
    await waitFor(async () => (await b.bus.streamState("QUEUE")).messages === 0);
    assert.equal((await publish(99)).duplicate, false);
    await consumption.stop();
  });

  it("more than the server takes is rejected", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    const huge = new Uint8Array(9 * 1024 * 1024);
    await assert.rejects(b.bus.publish({ subject: "queue.1", payload: huge, id: "h" }), is(Reject, "too-large"));
  });

  it("an impossible subject or header is rejected", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    const payload = bytes("");
    await assert.rejects(b.bus.publish({ subject: "a b", payload, id: "s" }), is(Reject, "invalid"));
    const headers = { "Tamis-Account": "a\r\nb" };
    await assert.rejects(b.bus.publish({ subject: "queue.1", payload, id: "t", headers }), is(Reject, "invalid"));
  });

  it("a subject that no stream takes is RetryLater unreachable", async () => {
    await using b = await bench();
    await assert.rejects(
      b.bus.publish({ subject: "nowhere.1", payload: bytes("a"), id: "n" }),
      (error) => is(RetryLater, "unreachable")(error) && String(error).includes("no such stream"),
    );
  });

  it("gives up with RetryLater when the server stays away, and works again when it is back", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.nats.kill();
    await waitFor(() => !b.bus.isConnected());
    const attempt = b.bus.publish({ subject: "queue.1", payload: bytes("a"), id: "away" });
    await assert.rejects(attempt, is(RetryLater, "unreachable"));
    await b.nats.restart();
    await waitFor(() => b.bus.isConnected());
    assert.equal((await b.bus.publish({ subject: "queue.1", payload: bytes("a"), id: "away" })).duplicate, false);
  });

  it("waits for a server that returns soon", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.nats.kill();
    await waitFor(() => !b.bus.isConnected());
    const attempt = b.bus.publish({ subject: "queue.1", payload: bytes("patient"), id: "patient" });
    await b.nats.restart();
    assert.deepEqual(await attempt, { seq: 1, duplicate: false });
  });

  it("an answer lost with the connection is asked for again, and nothing is stored twice", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([QUEUE]);
    await b.nats.pause();
    const attempts = [1, 2, 3].map((i) => b.bus.publish({ subject: "queue.1", payload: bytes(`${i}`), id: `l${i}` }));
    await b.nats.kill();
    await b.nats.restart();
    await Promise.all(attempts);
    assert.equal((await b.bus.streamState("QUEUE")).messages, 3);
  });
});

describe("facts", () => {
  const at = (i: number) => ({ v: 1, accountId: "a", folderId: "0f0f0f0f", before: 1, after: 2, at: i }) as const;

  it("are validated, read by subject, number and time, and tailed over a restart", async () => {
    await using b = await bench();
    await b.bus.ensureStreams([EVENTS]);
    const tailed: string[] = [];
    await b.bus.publishFact(mailboxReset, 1, at(0), "fact/0");
    const tail = await b.bus.tailFacts("event.1.*", (fact) => tailed.push(text(fact.payload)));
    for (let i = 1; i < 30; i++) await b.bus.publishFact(mailboxReset, i % 3, at(i), `fact/${i}`);
    const read = async (filter: string, options = {}) => {
      const facts: number[] = [];
      for await (const fact of b.bus.readFacts(filter, options)) facts.push(JSON.parse(text(fact.payload)).at);
      return facts;
    };
    const all = Array.from({ length: 30 }, (_, i) => i);
    const ofOne = all.filter((i) => i % 3 === 1);
    assert.deepEqual(await read("event.*.*"), all);
    assert.deepEqual(await read("event.1.mailbox-reset"), [0, ...ofOne]);
    assert.deepEqual(await read("event.1.*", { lastN: 4 }), ofOne.slice(-4));
    assert.deepEqual(await read("event.1.*", { lastN: 500 }), [0, ...ofOne]);
    assert.deepEqual(await read("event.1.*", { lastN: 0 }), []);
    assert.deepEqual(await read("event.*.*", { limit: 3 }), [0, 1, 2]);
    assert.deepEqual(await read("event.*.*", { lastN: 5, limit: 2 }), [25, 26]);
    assert.deepEqual(await read("event.1.nothing"), []);
    assert.deepEqual(await read("event.*.*", { fromTime: Date.now() + 60_000 }), []);
    assert.deepEqual(await read("event.*.*", { fromTime: Date.now() - 60_000 }), all);
    await waitFor(() => tailed.length === 10);

    await b.nats.kill();
    await b.nats.restart();
    await b.bus.publishFact(mailboxReset, 1, at(100), "fact/100");
    await waitFor(() => tailed.length === 11, { timeoutMs: 15_000 });
    assert.deepEqual(
      tailed.map((payload) => JSON.parse(payload).at),
      [...ofOne, 100],
    );
    await tail.stop();
  });

  it("that their schema refuses are rejected, without quoting values", async () => {
    await using b = await bench();
    const wrong: Fact<unknown> = mailboxReset;
    const value = { ...at(1), before: "someone@example.org" };
    await assert.rejects(
      b.bus.publishFact(wrong, 1, value, "wrong"),
      (error) => is(Reject, "invalid")(error) && /before/.test(String(error)) && !/someone/.test(String(error)),
    );
  });
});
