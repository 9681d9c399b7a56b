import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import type { DataAnswer } from "@tamis/testkit";
import { waitFor } from "@tamis/testkit";
import { mail, sendingOf, World } from "./world.ts";

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
