import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { waitFor } from "@tamis/testkit";
import { type Bus, holdLeases, type Lease, type LeaseHolder, type LeaseOptions } from "../src/index.ts";
import { type Bench, bench, recorder } from "./harness.ts";

const TIMING = { ttlMs: 1_500, renewMs: 300, pollMs: 150, validMs: 1_000, quiesceMs: 1_000 };
const ALL = Array.from({ length: 24 }, (_, p) => p);

interface Told {
  readonly gained: { readonly p: number; readonly lease: Lease }[];
  readonly lost: { readonly p: number; readonly why: string }[];
}

async function holder(
  bus: Bus,
  instance: string,
  more: Partial<LeaseOptions> = {},
): Promise<Told & { readonly leases: LeaseHolder; readonly held: () => number[] }> {
  const told: Told = { gained: [], lost: [] };
  const leases = await holdLeases({
    bus,
    instance,
    partitions: ALL,
    timing: TIMING,
    onGained: (p, lease) => void told.gained.push({ p, lease }),
    onLost: (p, why) => void told.lost.push({ p, why }),
    ...more,
  });
  const held = () =>
    leases
      .held()
      .filter((lease) => lease.isValid())
      .map((lease) => lease.p)
      .toSorted((a, b) => a - b);
  return { ...told, leases, held };
}

const union = (...lists: readonly (readonly number[])[]) => [...new Set(lists.flat())].toSorted((a, b) => a - b);
const overlap = (a: readonly number[], b: readonly number[]) => a.filter((p) => b.includes(p));

/** Two processes cannot hold one partition: looked at all the while `act` runs. */
async function neverBoth(a: () => number[], b: () => number[], act: () => Promise<void>): Promise<void> {
  const watch = setInterval(() => assert.deepEqual(overlap(a(), b()), []), 5);
  try {
    await act();
  } finally {
    clearInterval(watch);
  }
}

interface Other extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly held: ReadonlyMap<number, number>;
  readonly lost: readonly { readonly lost: number; readonly why: string }[];
}

async function otherProcess(b: Bench, instance: string): Promise<Other> {
  const script = fileURLToPath(new URL("./lease-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, b.nats.url, instance, `${ALL.length}`, JSON.stringify(TIMING)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const held = new Map<number, number>();
  const lost: { lost: number; why: string }[] = [];
  let started = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = JSON.parse(line);
    if (said.started === true) started = true;
    if (typeof said.gained === "number") held.set(said.gained, said.token);
    if (typeof said.lost === "number") {
      held.delete(said.lost);
      lost.push(said);
    }
  });
  await waitFor(() => started);
  return {
    process: child,
    held,
    lost,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => child.once("exit", resolve));
      }
    },
  };
}

describe("leases", () => {
  it("the first instance takes everything at once; tokens grow", async () => {
    await using b = await bench();
    const began = performance.now();
    const one = await holder(b.bus, "host.example-1");
    assert.deepEqual(one.held(), ALL);
    assert.ok(performance.now() - began < 1_000);
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
    const one = await holder(b.bus, "one");
    const two = await holder(await b.connect(), "two");
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const began = performance.now();
    await one.leases.stop();
    assert.ok(one.gained.every(({ lease }) => !lease.isValid()));
    assert.deepEqual(union(one.lost.map(({ p }) => p)), ALL);
    assert.ok(one.lost.every(({ why }) => why === "released"));
    await waitFor(() => two.held().length === ALL.length);
    assert.ok(performance.now() - began < TIMING.ttlMs);
    await two.leases.stop();
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

describe("leases of a process that dies or stops", () => {
  it("killed: the other takes over after one TTL", async () => {
    await using b = await bench();
    const here = await holder(b.bus, "here");
    await using other = await otherProcess(b, "other");
    await waitFor(() => here.held().length === 12 && other.held.size === 12);
    const theirs = new Map(other.held);
    const began = performance.now();
    other.process.kill("SIGKILL");
    await waitFor(() => here.held().length === ALL.length);
    const took = performance.now() - began;
    assert.ok(took > TIMING.ttlMs - TIMING.renewMs - 100 && took < TIMING.ttlMs + 1_500, `took over after ${took} ms`);
    for (const { p, lease } of here.gained.slice(-12)) assert.ok(lease.token > (theirs.get(p) ?? 0));
    await here.leases.stop();
  });

  it("stopped dead: the other takes over, and the sleeper knows at once when it wakes", async () => {
    await using b = await bench();
    const here = await holder(b.bus, "here");
    await using other = await otherProcess(b, "other");
    await waitFor(() => here.held().length === 12 && other.held.size === 12);
    const theirs = [...other.held.keys()];
    other.process.kill("SIGSTOP");
    await waitFor(() => here.held().length === ALL.length);
    other.process.kill("SIGCONT");
    await waitFor(() => other.lost.length >= 12);
    assert.deepEqual(union(other.lost.slice(0, 12).map(({ lost }) => lost)), union(theirs));
    assert.ok(other.lost.slice(0, 12).every(({ why }) => why === "expired"));
    await waitFor(() => here.held().length === 12 && other.held.size === 12);
    await here.leases.stop();
  });

  it("asked to end: the other takes over without waiting", async () => {
    await using b = await bench();
    const here = await holder(b.bus, "here");
    await using other = await otherProcess(b, "other");
    await waitFor(() => here.held().length === 12);
    other.process.kill("SIGTERM");
    await new Promise((resolve) => other.process.once("exit", resolve));
    const began = performance.now();
    await waitFor(() => here.held().length === ALL.length);
    assert.ok(performance.now() - began < TIMING.ttlMs);
    await here.leases.stop();
  });
});

describe("leases when nats-server goes away", () => {
  it("for a moment: everybody keeps what they have, with the same tokens", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one");
    const two = await holder(await b.connect(), "two");
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const before = [one.gained.length, two.gained.length];
    await neverBoth(one.held, two.held, async () => {
      await b.nats.kill();
      await b.nats.restart();
      await waitFor(() => one.leases.held().every((lease) => lease.validUntil() > performance.now() + 700));
    });
    assert.deepEqual([one.gained.length, two.gained.length], before);
    assert.deepEqual(
      [...one.lost, ...two.lost].filter(({ why }) => why !== "released"),
      [],
    );
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("past every lease: each says expired, and gets its own back before others take them", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one");
    const two = await holder(await b.connect(), "two");
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const [ofOne, ofTwo] = [one.held(), two.held()];
    await b.nats.kill();
    const down = performance.now();
    await waitFor(() => one.held().length + two.held().length === 0);
    assert.ok(one.lost.slice(-12).every(({ why }) => why === "expired"));
    await waitFor(() => performance.now() - down > TIMING.ttlMs + 300);
    await b.nats.restart();
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    assert.deepEqual(one.held(), ofOne);
    assert.deepEqual(two.held(), ofTwo);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("the bucket loses its contents: holders write theirs anew, nobody grabs", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one");
    const two = await holder(await b.connect(), "two");
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const [ofOne, ofTwo] = [one.held(), two.held()];
    const operator = await b.connect();
    const bucket = await operator.bucket({ name: "leases", ttlSeconds: TIMING.ttlMs / 1000, history: 1 });
    await Promise.all((await bucket.keys()).map((key) => bucket.delete(key)));
    await waitFor(() => one.lost.length + two.lost.length >= 24);
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    assert.deepEqual(one.held(), ofOne);
    assert.deepEqual(two.held(), ofTwo);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });
});
