import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { recipientsTracked } from "@tamis/contracts";
import type { DataAnswer } from "@tamis/testkit";
import { waitFor } from "@tamis/testkit";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { World } from "./world.ts";

const CONNECTIONS = 4;
const SETTINGS = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 2000
  circulars: { undo_ms: 0, connections: ${CONNECTIONS} }
  receipts: { address: retours@academie.example }
`;

/** Address → how often the sink has it. */
function copies(world: World): Map<string, number> {
  const found = new Map<string, number>();
  for (const address of world.mails.flatMap(({ to }) => to)) found.set(address, (found.get(address) ?? 0) + 1);
  return found;
}

/** Nobody has two, nobody who has a last word but none; of whom nobody knows are at most so many. */
async function isExact(world: World, asks: CircularAsks, id: string, most: number): Promise<void> {
  const report = await asks.report(id);
  const arrived = copies(world);
  assert.deepEqual(
    [...arrived].filter(([, count]) => count > 1),
    [],
  );
  const unknown = report.filter(({ state }) => state === "unknown");
  const accepted = report.filter(({ state }) => state === "accepted");
  assert.equal(accepted.length + unknown.length, report.length, JSON.stringify((await asks.status(id)).counts));
  assert.deepEqual(
    accepted.filter(({ address }) => !arrived.has(address)).map(({ address }) => address),
    [],
  );
  assert.ok(unknown.length <= most, `${unknown.length} unknown`);
}

/** Numbers and Message-IDs of the recipients that `receipts` was told of. */
async function toldOf({ bus }: World, id: string): Promise<ReadonlyMap<string, string>> {
  const told = new Map<string, string>();
  for await (const { payload } of bus.readFacts(`event.*.${recipientsTracked.name}`)) {
    const fact = recipientsTracked.schema.parse(JSON.parse(Buffer.from(payload).toString()));
    if (fact.circularId === id) for (const one of fact.recipients) told.set(one.id, one.messageId);
  }
  return told;
}

/** Whoever got it, or may have, is told of to `receipts`. */
async function isTold(world: World, asks: CircularAsks, id: string): Promise<void> {
  const want = (await asks.report(id)).map(({ id: number, messageId }) => [number, messageId]);
  await waitFor(
    async () => {
      assert.deepEqual([...(await toldOf(world, id))].toSorted(), want.toSorted());
      return true;
    },
    // What a killed process had taken to tell is due again after ten seconds.
    { timeoutMs: 40_000, intervalMs: 200, describe: "the facts" },
  );
}

describe("circulars, killed and stopped", { timeout: 170_000 }, () => {
  let world: World;
  let asks: CircularAsks;
  before(async () => {
    world = await World.open({ store: "postgres", outbox: SETTINGS });
  });
  beforeEach(() => {
    world.begin({ keepsProcess: true });
    asks = new CircularAsks(world.bus, world.account);
  });
  after(() => world[Symbol.asyncDispose]());

  it("shared by two instances, one of them killed three times: nobody gets two, and nobody is forgotten", async () => {
    const [others, first] = await Promise.all([world.spawn(), world.spawn()]);
    let victim = first;
    const id = await asks.sent(recipientsOf(400));
    for (const count of [60, 150, 240]) {
      await world.received(count);
      victim.kill("SIGKILL");
      victim = await world.spawn();
    }
    await asks.done(id);
    await isExact(world, asks, id, 3 * CONNECTIONS);
    await isTold(world, asks, id);
    others.kill("SIGTERM");
    assert.equal(await others.ended(), 0);
  });

  it("killed when the mail is with the relay and its answer is not: unknown, and no second copy", async () => {
    world.sink.answer({ data: () => "silence" });
    const first = await world.running();
    const id = await asks.sent(recipientsOf(CONNECTIONS + 6));
    await world.received(CONNECTIONS);
    await asks.until(id, "all connections in DATA", ({ counts }) => counts.begun === CONNECTIONS);
    first.kill("SIGKILL");
    world.sink.answer({});
    await world.spawn();
    assert.deepEqual((await asks.done(id)).counts, { unknown: CONNECTIONS, accepted: 6 });
    await isExact(world, asks, id, CONNECTIONS);
    await isTold(world, asks, id);
  });

  it("killed before DATA, all of it is sent by another, once", async () => {
    const asked = Promise.withResolvers<void>();
    world.sink.answer({
      recipient: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const first = await world.running();
    const id = await asks.sent(recipientsOf(20));
    await asked.promise;
    first.kill("SIGKILL");
    world.sink.answer({});
    await world.spawn();
    assert.deepEqual((await asks.done(id)).counts, { accepted: 20 });
    await isExact(world, asks, id, 0);
  });

  it("stopped past its lease before DATA, it finds the fence closed", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<undefined>();
    let recipients = 0;
    world.sink.answer({
      recipient: () => {
        if (++recipients === CONNECTIONS) asked.resolve();
        return recipients <= CONNECTIONS ? answer.promise : undefined;
      },
    });
    const first = await world.running();
    const id = await asks.sent(recipientsOf(20));
    await asked.promise;
    first.kill("SIGSTOP");
    await world.spawn();
    assert.deepEqual((await asks.done(id)).counts, { accepted: 20 });
    answer.resolve(undefined);
    first.kill("SIGCONT");
    // It ends in good order, which it does only when its own mails have come to something.
    first.kill("SIGTERM");
    assert.equal(await first.ended(), 0);
    assert.deepEqual((await asks.status(id)).counts, { accepted: 20 });
    await isExact(world, asks, id, 0);
  });

  it("stopped past its lease after DATA, its late answers still correct what was unknown", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<DataAnswer>();
    let mails = 0;
    world.sink.answer({
      data: () => {
        if (++mails === CONNECTIONS) asked.resolve();
        return mails <= CONNECTIONS ? answer.promise : "accept";
      },
    });
    const first = await world.running();
    const id = await asks.sent(recipientsOf(12));
    await asked.promise;
    first.kill("SIGSTOP");
    await world.spawn();
    assert.deepEqual((await asks.done(id)).counts, { unknown: CONNECTIONS, accepted: 12 - CONNECTIONS });
    answer.resolve("accept");
    first.kill("SIGCONT");
    await asks.until(id, "the late answers", ({ counts }) => counts.accepted === 12);
    await isExact(world, asks, id, 0);
  });

  it("loses nothing and doubles nothing while PostgreSQL goes away under it", async () => {
    await world.running();
    const id = await asks.sent(recipientsOf(200));
    await world.received(60);
    assert.ok(world.postgres);
    await world.postgres.kill();
    await world.postgres.restart();
    const ended = await waitFor(() => asks.done(id), { timeoutMs: 60_000, describe: "the end" });
    assert.deepEqual(ended.counts, { accepted: 200 });
    await isExact(world, asks, id, 0);
  });
});
