import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { DataAnswer } from "@tamis/testkit";
import { waitFor } from "@tamis/testkit";
import { mail, sendingOf, World } from "./world.ts";

const SHORT_LEASE = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 2000
`;

const stateOf = async (world: World): Promise<string | undefined> => (await world.list())[0]?.state;
const inState = (world: World, state: string) =>
  waitFor(async () => (await stateOf(world)) === state, { timeoutMs: 40_000, describe: state, intervalMs: 50 });

/** Each sending has a Message-ID of its own: which of them the sink has more than once. */
function copies(world: World): Map<string, number> {
  const found = new Map<string, number>();
  for (const { raw } of world.mails) {
    const id = /^Message-ID: <(\d+)@/m.exec(raw.toString("latin1"))?.[1] ?? "none";
    found.set(id, (found.get(id) ?? 0) + 1);
  }
  return found;
}

const numbered = (n: number): Buffer =>
  Buffer.from(mail("x").toString().replace("<m@example.org>", `<${n}@example.org>`));

describe("outbox, killed and stopped", { timeout: 170_000 }, () => {
  let world: World;
  before(async () => {
    world = await World.open({ store: "postgres", outbox: SHORT_LEASE });
    await world.playMailbox();
  });
  beforeEach(() => world.begin({ keepsProcess: true }));
  after(() => world[Symbol.asyncDispose]());

  it("killed between begun and the reply, nobody knows what became of it, and no second copy leaves", async () => {
    world.sink.answer({ data: () => "silence" });
    const first = await world.running();
    await world.submit(1, [sendingOf({ cancelsKeep: true })]);
    await world.received(1);
    assert.equal(await stateOf(world), "begun");
    first.kill("SIGKILL");
    world.sink.answer({});
    await world.spawn();
    await inState(world, "unknown");
    await waitFor(() => world.putBacks.length === 1);
    assert.deepEqual(
      (await world.factsWhen(1)).map(({ state }) => state),
      ["unknown"],
    );
    // What comes after it goes out: the courier works, and the first was not among what it found.
    await world.submit(2, [sendingOf()], [numbered(2)]);
    await world.received(2);
    assert.deepEqual(
      [...copies(world)],
      [
        ["none", 1],
        ["2", 1],
      ],
    );
  });

  it("killed before DATA, it is sent by another, once", async () => {
    const asked = Promise.withResolvers<void>();
    world.sink.answer({
      recipient: () => {
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const first = await world.running();
    await world.submit(1, [sendingOf()]);
    await asked.promise;
    assert.equal(await stateOf(world), "claimed");
    first.kill("SIGKILL");
    world.sink.answer({});
    await world.spawn();
    await inState(world, "accepted");
    assert.equal(world.mails.length, 1);
  });

  it("stopped past its lease before DATA, it finds the fence closed", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<undefined>();
    let recipients = 0;
    world.sink.answer({
      recipient: () => {
        asked.resolve();
        return ++recipients === 1 ? answer.promise : undefined;
      },
    });
    const first = await world.running();
    await world.submit(1, [sendingOf()]);
    await asked.promise;
    first.kill("SIGSTOP");
    await world.spawn();
    await inState(world, "accepted");
    answer.resolve(undefined);
    first.kill("SIGCONT");
    // It ends in good order, which it does only when its own sending has come to something.
    first.kill("SIGTERM");
    assert.equal(await first.ended(), 0);
    assert.equal(world.mails.length, 1);
    assert.equal(await stateOf(world), "accepted");
  });

  it("stopped past its lease after DATA, its late answer still corrects what was unknown", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<DataAnswer>();
    world.sink.answer({
      data: () => {
        asked.resolve();
        return answer.promise;
      },
    });
    const first = await world.running();
    await world.submit(1, [sendingOf()]);
    await asked.promise;
    first.kill("SIGSTOP");
    await world.spawn();
    await inState(world, "unknown");
    answer.resolve("accept");
    first.kill("SIGCONT");
    await inState(world, "accepted");
    assert.deepEqual(
      (await world.factsWhen(2)).map(({ state }) => state),
      ["unknown", "accepted"],
    );
    assert.equal(world.mails.length, 1);
  });
});
