import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import type { Lease } from "../src/index.ts";
import { bench, recorder } from "./harness.ts";
import { ALL, holder, neverBoth, PATIENT, TIMING, union } from "./holder.ts";

describe("leases", () => {
  it("the first instance takes everything at once; tokens grow", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "host.example-1");
    assert.deepEqual(one.held(), ALL);
    assert.deepEqual(one.leases.members(), ["host_example-1"]);
    const tokens = one.gained.map(({ lease }) => lease.token);
    assert.equal(new Set(tokens).size, ALL.length);
    await one.leases.stop();
    const two = await holder(b.bus, "two");
    assert.deepEqual(two.held(), ALL);
    for (const { p, lease } of two.gained) {
      const before = one.gained.find((gain) => gain.p === p)?.lease.token ?? 0;
      assert.ok(lease.token > before, `token of ${p}`);
    }
    await two.leases.stop();
  });

  it("stop releases at once: a waiting successor needs no TTL", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one", { timing: PATIENT });
    const two = await holder(await b.connect(), "two", { timing: PATIENT });
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const began = performance.now();
    await one.leases.stop();
    assert.ok(one.gained.every(({ lease }) => !lease.isValid()));
    assert.deepEqual(union(one.lost.map(({ p }) => p)), ALL);
    assert.ok(one.lost.every(({ why }) => why === "released"));
    await waitFor(() => two.held().length === ALL.length);
    assert.ok(performance.now() - began < PATIENT.ttlMs);
    await two.leases.stop();
  });

  it("stopped while it takes: nothing stays behind for a successor to wait for", async () => {
    await using b = await bench();
    const bucket = await b.bus.bucket({ name: "leases", ttlSeconds: PATIENT.ttlMs / 1000, history: 1 });
    for (let ticks = 0; ticks < 30; ticks++) {
      const bus = await b.connect();
      const { leases } = await holder(bus, `one-${ticks}`, { timing: PATIENT, partitions: [] });
      leases.setWanted(ALL);
      for (let tick = 0; tick < ticks; tick++) await new Promise(setImmediate);
      await leases.stop();
      await bus.close();
      assert.deepEqual(await bucket.keys(), [], `stopped after ${ticks} ticks`);
    }
  });

  it("newcomers get their fair share within seconds, and nobody holds what another holds", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one");
    const two = await holder(await b.connect(), "two");
    await neverBoth(one.held, two.held, async () => {
      await waitFor(() => one.held().length === 12 && two.held().length === 12);
      const three = await holder(await b.connect(), "three");
      await waitFor(() => [one, two, three].every(({ held }) => held().length === 8));
      assert.deepEqual(union(one.held(), two.held(), three.held()), ALL);
      await three.leases.stop();
      await waitFor(() => one.held().length === 12 && two.held().length === 12);
    });
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("a release waits until its holder is quiet, and the lease is valid meanwhile", async () => {
    await using b = await bench();
    const open = Promise.withResolvers<void>();
    const validWhileQuieting: boolean[] = [];
    const leases = new Map<number, Lease>();
    const one = await holder(b.bus, "one", {
      partitions: [1],
      onGained: (p, lease) => void leases.set(p, lease),
      onLost: async (p) => {
        await open.promise;
        validWhileQuieting.push(leases.get(p)?.isValid() ?? false);
      },
    });
    const two = await holder(await b.connect(), "two", { partitions: [1] });
    one.leases.setWanted([]);
    await waitFor(() => two.leases.members().length === 2);
    assert.deepEqual(two.held(), []);
    open.resolve();
    await waitFor(() => two.held().length === 1);
    assert.deepEqual(validWhileQuieting, [true]);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("a holder that does not get quiet loses its lease all the same", async () => {
    await using b = await bench();
    const never = Promise.withResolvers<void>();
    const one = await holder(b.bus, "one", { partitions: [1], onLost: () => never.promise });
    const two = await holder(await b.connect(), "two", { partitions: [1] });
    one.leases.setWanted([]);
    await waitFor(() => two.held().length === 1);
    assert.deepEqual(one.held(), []);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("what is wanted may change", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one", { partitions: [1, 2] });
    assert.deepEqual(one.held(), [1, 2]);
    one.leases.setWanted([2, 3, 4]);
    await waitFor(() => one.held().join() === "2,3,4");
    assert.deepEqual(one.lost, [{ p: 1, why: "released" }]);
    assert.equal(one.gained.filter(({ p }) => p === 2).length, 1, "what stays wanted is not touched");
    await one.leases.stop();
  });

  it("what another instance does not want is not left without a holder", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one");
    const two = await holder(await b.connect(), "two", { partitions: [0] });
    await waitFor(() => one.held().length + two.held().length < ALL.length);
    await waitFor(() => union(one.held(), two.held()).length === ALL.length, { timeoutMs: 15_000 });
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("a callback that throws changes nothing", async () => {
    await using b = await bench();
    const logger = recorder();
    const fail = () => {
      throw new Error("broken");
    };
    const one = await holder(b.bus, "one", { partitions: [5], onGained: fail, onLost: fail, logger });
    await waitFor(() => logger.lines.some((line) => line.level === "error"));
    assert.deepEqual(one.held(), [5]);
    await one.leases.stop();
  });

  it("timings that cannot work are refused", async () => {
    await using b = await bench();
    await assert.rejects(holder(b.bus, "one", { timing: { ...TIMING, validMs: 2_000 } }), RangeError);
  });
});
