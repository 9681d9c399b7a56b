import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { mail, sendingOf, World } from "./world.ts";

const CONNECTIONS = 2;
const SETTINGS = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 300
  lease_ms: 1000
  circulars: { undo_ms: 0, connections: ${CONNECTIONS} }
`;

describe("outbox with PGlite, killed", { timeout: 170_000 }, () => {
  let world: World;
  before(async () => {
    world = await World.open({ store: "pglite", outbox: SETTINGS });
  });
  after(() => world[Symbol.asyncDispose]());

  it("what was answered survives kill -9", async () => {
    await world.sink.down();
    const first = await world.spawn();
    for (let n = 1; n <= 3; n++) await world.submit(n, [sendingOf()], [mail(`${n}`)]);
    first.kill("SIGKILL");
    await first.ended();
    await world.sink.up();
    await world.spawn();
    await world.allIn("accepted", 3);
    const subjects = world.sink.mails.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]);
    assert.deepEqual(subjects.toSorted(), ["1", "2", "3"]);
    const answer = await world.submit(1, [sendingOf()], [mail("1")]);
    assert.equal(answer.kind === "committed" && answer.sendings[0]?.state, "known");
  });

  it("a circular goes on where kill -9 cut it off", async () => {
    world.begin({ keepsProcess: true });
    const asks = new CircularAsks(world.bus, world.account);
    const first = await world.running();
    const id = await asks.sent(recipientsOf(120));
    await world.received(30);
    first.kill("SIGKILL");
    await first.ended();
    await world.spawn();
    const { counts } = await asks.done(id);
    const unknown = counts.unknown ?? 0;
    assert.ok(unknown <= CONNECTIONS, `${unknown} unknown`);
    assert.equal(counts.accepted, 120 - unknown);
    const arrived = world.mails.flatMap(({ to }) => to);
    assert.equal(new Set(arrived).size, arrived.length);
    assert.ok(arrived.length >= 120 - unknown);
  });
});
