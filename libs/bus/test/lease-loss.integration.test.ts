import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { waitFor } from "@tamis/testkit";
import type { Lease } from "../src/index.ts";
import { type Bench, bench } from "./harness.ts";
import { ALL, CALM, holder, neverBoth, PATIENT, TIMING, union } from "./holder.ts";

interface Other extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly held: ReadonlyMap<number, number>;
  readonly lost: readonly { readonly lost: number; readonly why: string }[];
}

async function otherProcess(b: Bench, instance: string, timing = TIMING): Promise<Other> {
  const script = fileURLToPath(new URL("./lease-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, b.nats.url, instance, `${ALL.length}`, JSON.stringify(timing)], {
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
    assert.ok(took > TIMING.ttlMs - TIMING.renewMs - 100 && took < TIMING.ttlMs + 10_000, `took over after ${took} ms`);
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
    const here = await holder(b.bus, "here", { timing: PATIENT });
    await using other = await otherProcess(b, "other", PATIENT);
    await waitFor(() => here.held().length === 12);
    other.process.kill("SIGTERM");
    await new Promise((resolve) => other.process.once("exit", resolve));
    const began = performance.now();
    await waitFor(() => here.held().length === ALL.length);
    assert.ok(performance.now() - began < PATIENT.ttlMs);
    await here.leases.stop();
  });
});

describe("leases when nats-server goes away", () => {
  it("for a moment: everybody keeps what they have, with the same tokens", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one", { timing: PATIENT });
    const two = await holder(await b.connect(), "two", { timing: PATIENT });
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const before = [one.gained.length, two.gained.length];
    await neverBoth(one.held, two.held, async () => {
      await b.nats.kill();
      await b.nats.restart();
      const back = performance.now();
      const isRenewed = (lease: Lease): boolean => lease.validUntil() > back + PATIENT.validMs;
      await waitFor(() =>
        [one, two].every(({ leases }) => leases.held().length === 12 && leases.held().every(isRenewed)),
      );
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
    const one = await holder(b.bus, "one", { timing: CALM });
    const two = await holder(await b.connect(), "two", { timing: CALM });
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const [ofOne, ofTwo] = [one.held(), two.held()];
    await b.nats.kill();
    const down = performance.now();
    await waitFor(() => one.held().length + two.held().length === 0);
    assert.ok(one.lost.slice(-12).every(({ why }) => why === "expired"));
    await waitFor(() => performance.now() - down > CALM.ttlMs + 300);
    await b.nats.restart();
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    assert.deepEqual(one.held(), ofOne);
    assert.deepEqual(two.held(), ofTwo);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("the bucket loses its contents: holders write theirs anew, nobody grabs", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one", { timing: PATIENT });
    const two = await holder(await b.connect(), "two", { timing: PATIENT });
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const [ofOne, ofTwo] = [one.held(), two.held()];
    const operator = await b.connect();
    const bucket = await operator.bucket({ name: "leases", ttlSeconds: PATIENT.ttlMs / 1000, history: 1 });
    await Promise.all((await bucket.keys()).map((key) => bucket.delete(key)));
    await waitFor(() => one.lost.length + two.lost.length >= 24);
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    assert.deepEqual(one.held(), ofOne);
    assert.deepEqual(two.held(), ofTwo);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });

  it("its whole store is gone: the bucket is made anew, holders write theirs", async () => {
    await using b = await bench();
    const one = await holder(b.bus, "one", { timing: PATIENT });
    const two = await holder(await b.connect(), "two", { timing: PATIENT });
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    const [ofOne, ofTwo] = [one.held(), two.held()];
    await b.nats.kill();
    await rm(b.nats.storeDir, { recursive: true, force: true });
    await b.nats.restart();
    await waitFor(() => one.lost.length + two.lost.length >= 24);
    await waitFor(() => one.held().length === 12 && two.held().length === 12);
    assert.deepEqual(one.held(), ofOne);
    assert.deepEqual(two.held(), ofTwo);
    await Promise.all([one.leases.stop(), two.leases.stop()]);
  });
});
