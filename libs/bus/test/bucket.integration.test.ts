import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Kvm } from "@nats-io/kv";
import { connect } from "@nats-io/transport-node";
import { buckets } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { type BucketChange, RetryLater } from "../src/index.ts";
import { bench, bytes, text } from "./harness.ts";

describe("a bucket", () => {
  it("compare-and-set: create once, update by the last revision only", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket(buckets.accounts);
    const first = await bucket.create("a", bytes("1"));
    assert.equal(first, 1);
    assert.equal(await bucket.create("a", bytes("other")), null);
    const second = await bucket.update("a", bytes("2"), first ?? 0);
    assert.equal(second, 2);
    assert.equal(await bucket.update("a", bytes("stale"), first ?? 0), null);
    assert.equal(await bucket.update("absent", bytes("x"), 7), null);
    const entry = await bucket.get("a");
    assert.deepEqual([entry?.key, text(entry?.value ?? bytes("")), entry?.revision], ["a", "2", 2]);
    assert.equal(await bucket.get("absent"), null);
  });

  it("deletes by revision, and creates again over what was deleted", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket(buckets.accounts);
    const revision = await bucket.put("a", bytes("1"));
    assert.equal(await bucket.delete("a", revision + 5), false);
    assert.equal(await bucket.delete("a", revision), true);
    assert.equal(await bucket.get("a"), null);
    assert.equal(await bucket.update("a", bytes("2"), revision), null);
    const again = await bucket.create("a", bytes("3"));
    assert.ok((again ?? 0) > revision);
    await bucket.delete("a");
    assert.equal(await bucket.get("a"), null);
  });

  it("lists keys by prefix, without the deleted", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket(buckets.scripts);
    assert.deepEqual(await bucket.keys(), []);
    for (const key of ["acc", "acc.s.01", "acc.s.02", "acc2", "b.s.01"]) await bucket.put(key, bytes(key));
    await bucket.delete("acc.s.02");
    assert.deepEqual((await bucket.keys()).toSorted(), ["acc", "acc.s.01", "acc2", "b.s.01"]);
    assert.deepEqual(await bucket.keys("acc.s."), ["acc.s.01"]);
    assert.deepEqual((await bucket.keys("acc")).toSorted(), ["acc", "acc.s.01", "acc2"]);
    assert.deepEqual(await bucket.keys("zz"), []);
  });

  it("watch: what is there, then every change, over a restart", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket(buckets.scripts);
    await bucket.put("a", bytes("1"));
    await bucket.put("b", bytes("1"));
    const changes: string[] = [];
    const note = ({ key, value }: BucketChange) => changes.push(`${key}=${value === null ? "-" : text(value)}`);
    const watch = await bucket.watch(note);
    await watch.ready;
    assert.deepEqual(changes, ["a=1", "b=1"]);
    await bucket.put("a", bytes("2"));
    await bucket.delete("b");
    await waitFor(() => changes.length === 4);
    await b.nats.kill();
    await b.nats.restart();
    await bucket.put("c", bytes("1"));
    await waitFor(() => changes.length === 5, { timeoutMs: 15_000 });
    assert.deepEqual(changes, ["a=1", "b=1", "a=2", "b=-", "c=1"]);
    watch.stop();
    const empty = await (await b.bus.bucket(buckets.roster)).watch(() => undefined, { prefix: "x." });
    await empty.ready;
    empty.stop();
  });

  it("a bucket's TTL frees its keys; the old revision updates nothing any more", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket({ name: "short", ttlSeconds: 0.5, history: 1 });
    const revision = await bucket.create("k", bytes("1"));
    const next = await waitFor(() => bucket.create("k", bytes("2")));
    assert.ok(next > (revision ?? 0));
    assert.equal(await bucket.update("k", bytes("3"), revision ?? 0), null);
  });

  it("a changed TTL is brought up to date", async () => {
    await using b = await bench();
    await b.bus.bucket({ name: "short", ttlSeconds: 600, history: 1 });
    const bucket = await b.bus.bucket({ name: "short", ttlSeconds: 0.5, history: 1 });
    await bucket.create("k", bytes("1"));
    await waitFor(() => bucket.create("k", bytes("2")));
  });

  it("an update costs what it costs the client itself", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket(buckets.accounts);
    const client = await connect({ servers: b.nats.url, noAsyncTraces: true });
    const plain = await new Kvm(client).open(buckets.accounts.name);
    const record = new Uint8Array(4_096);
    let [ours, theirs] = [await bucket.put("a", record), await plain.put("b", record)];
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let i = 0; i < 300; i++) {
      const began = performance.now();
      ours = (await bucket.update("a", record, ours)) ?? 0;
      const between = performance.now();
      theirs = await plain.update("b", record, theirs);
      times.ours.push(between - began);
      times.theirs.push(performance.now() - between);
    }
    await client.close();
    const [median, floor] = [times.ours, times.theirs].map((list) => list.toSorted((x, y) => x - y)[150] ?? 0);
    assert.ok((median ?? 0) < 1.5 * (floor ?? 0), `median ${median} ms, the client alone ${floor} ms`);
  });

  it("without a server every operation is RetryLater", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket(buckets.accounts);
    await b.nats.kill();
    await waitFor(() => !b.bus.isConnected());
    const attempts = [
      bucket.get("a"),
      bucket.put("a", bytes("")),
      bucket.create("a", bytes("")),
      bucket.update("a", bytes(""), 1),
      bucket.delete("a"),
      bucket.keys(),
      bucket.watch(() => undefined),
      b.bus.bucket(buckets.roster),
    ];
    for (const outcome of await Promise.allSettled(attempts)) {
      assert.equal(outcome.status, "rejected");
      assert.ok(outcome.reason instanceof RetryLater, String(outcome.reason));
    }
  });
});
