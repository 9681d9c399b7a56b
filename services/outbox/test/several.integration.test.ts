import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import type { DataAnswer, SunkMail } from "@tamis/testkit";
import { waitFor } from "@tamis/testkit";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { mail, QUICK, sendingOf, World } from "./world.ts";

const SHORT_LEASE = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 2000
`;

/** The mail of sending `n`: its Message-ID is its own, among all tests. */
const numbered = (world: World, n: number): Buffer =>
  Buffer.from(mail("x").toString().replace("<m@example.org>", `<${n}@${world.account}>`));

/** How often the sink has each sending of this test. */
function copies(world: World): readonly number[] {
  const found = new Map<string, number>();
  for (const { raw } of world.mails) {
    const [, id = "", account] = /^Message-ID: <(\d+)@(.*)>\r$/m.exec(raw.toString("latin1")) ?? [];
    if (account === world.account) found.set(id, (found.get(id) ?? 0) + 1);
  }
  return [...found.values()];
}

describe("outbox, several and without its database", { timeout: 170_000 }, () => {
  let world: World;
  before(async () => {
    world = await World.open({ store: "postgres" });
  });
  beforeEach(() => world.begin());
  afterEach(() => world.stopServices());
  after(() => world[Symbol.asyncDispose]());

  it("two instances send 200, each exactly once", async () => {
    world.configure({});
    await Promise.all([world.start(), world.start()]);
    for (let from = 0; from < 200; from += 20) {
      const some = Array.from({ length: 20 }, (_, index) => from + index);
      await Promise.all(some.map((n) => world.submit(n, [sendingOf()], [numbered(world, n)])));
    }
    await world.allIn("accepted", 200);
    assert.deepEqual(copies(world), Array(200).fill(1));
  });

  it("one of two killed on the way: none is lost, none is doubled", async () => {
    world.configure({ outbox: SHORT_LEASE });
    const first = await world.spawn();
    await world.start();
    const all = Array.from({ length: 100 }, (_, n) => n);
    const submitted = Promise.all(
      all.map((n) =>
        // The one that is killed may have been asked: then it is asked again.
        waitFor(() => world.submit(n, [sendingOf()], [numbered(world, n)], 5_000), { timeoutMs: 60_000 }),
      ),
    );
    await world.received(20);
    first.kill("SIGKILL");
    await submitted;
    // Unknown are those that it had begun, one on each of its connections: no more of them.
    const ended = await waitFor(
      async () => {
        const listed = await world.list();
        const unknown = listed.filter(({ state }) => state === "unknown").length;
        const accepted = listed.filter(({ state }) => state === "accepted").length;
        return accepted + unknown === 100 && unknown <= 5 ? listed : null;
      },
      { timeoutMs: 60_000, intervalMs: 200 },
    );
    assert.ok(copies(world).every((count) => count === 1));
    const accepted = ended.filter(({ state }) => state === "accepted").length;
    assert.ok(copies(world).length >= accepted, "what is called accepted is there");
  });

  it("two instances keep the rate of one", async () => {
    world.configure({ relay: "mails_per_minute: 600" });
    await Promise.all([world.start(), world.start()]);
    let last = 0;
    world.sink.answer({
      sender: () => {
        last = Date.now();
        return undefined;
      },
    });
    const began = Date.now();
    const some = Array.from({ length: 11 }, (_, n) => n);
    await Promise.all(some.map((n) => world.submit(n, [sendingOf()], [numbered(world, n)])));
    await world.allIn("accepted", 11);
    // Ten distances of 100 ms, but for what timers and clocks round.
    assert.ok(last - began >= 990, `${last - began} ms`);
  });

  it("two instances at a circular with many in one mail: pauses and ends are exact", async () => {
    world.configure({ outbox: `${QUICK}  circulars: { undo_ms: 0, connections: 3 }\n` });
    await Promise.all([world.start(), world.start()]);
    const asks = new CircularAsks(world.bus, world.account);
    const COUNT = 1_500;
    const held = Promise.withResolvers<undefined>();
    const asked = new Set<string>();
    world.sink.answer({
      recipient: (address) => {
        asked.add(address);
        return held.promise;
      },
    });
    const id = await asks.sent(recipientsOf(COUNT), { tracked: false, text: "Bonjour à tous" });
    // Both have all their connections before DATA: nothing has begun.
    await waitFor(() => asked.size >= 6);
    await asks.change("pause", id);
    held.resolve(undefined);
    const paused = await asks.until(id, "all given back", ({ counts }) => counts.scheduled === COUNT);
    assert.deepEqual([paused.state, world.mails.length], ["paused", 0]);
    const answer = Promise.withResolvers<DataAnswer>();
    const begun: SunkMail[] = [];
    world.sink.answer({
      data: (one) => {
        begun.push(one);
        return answer.promise;
      },
    });
    await asks.change("resume", id);
    await waitFor(() => begun.length === 6);
    const left = begun.reduce((sum, { to }) => sum + to.length, 0);
    assert.equal((await asks.change("cancel", id)).left, left);
    answer.resolve("accept");
    const ended = await asks.until(id, "the end", ({ finishedAt }) => finishedAt !== null);
    assert.deepEqual([ended.state, ended.counts], ["cancelled", { accepted: left, cancelled: COUNT - left }]);
    const got = world.mails.flatMap(({ to }) => to);
    assert.deepEqual([got.length, new Set(got).size], [left, left]);
  });

  it("the database killed and back: what the relay said is written when it can be", async () => {
    world.configure({});
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<DataAnswer>();
    world.sink.answer({
      data: () => {
        asked.resolve();
        return answer.promise;
      },
    });
    await world.start();
    await world.submit(1, [sendingOf()]);
    await asked.promise;
    await world.postgres?.kill();
    await assert.rejects(world.submit(2, [sendingOf()]), RetryLater);
    answer.resolve("accept");
    world.sink.answer({});
    await world.postgres?.restart();
    await waitFor(() => world.submit(2, [sendingOf()]), { timeoutMs: 20_000 });
    await world.allIn("accepted", 2);
    assert.equal(world.mails.length, 2);
  });
});
