import assert from "node:assert/strict";
import { it } from "node:test";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { mail, QUICK, sendingOf, World } from "./world.ts";

it("PGlite: what was answered survives kill -9", { timeout: 170_000 }, async () => {
  await using world = await World.open({ store: "pglite", outbox: QUICK });
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

it("PGlite: a circular goes on where kill -9 cut it off", { timeout: 170_000 }, async () => {
  const connections = 2;
  const circulars = `  circulars: { undo_ms: 0, connections: ${connections} }\n`;
  await using world = await World.open({ store: "pglite", outbox: `${QUICK.replace("20000", "1000")}${circulars}` });
  const asks = new CircularAsks(world.bus, "anna");
  const first = await world.spawn();
  const id = await asks.sent(recipientsOf(120));
  await world.received(30);
  first.kill("SIGKILL");
  await first.ended();
  await world.spawn();
  const { counts } = await asks.done(id);
  const unknown = counts.unknown ?? 0;
  assert.ok(unknown <= connections, `${unknown} unknown`);
  assert.equal(counts.accepted, 120 - unknown);
  const arrived = world.sink.mails.flatMap(({ to }) => to);
  assert.equal(new Set(arrived).size, arrived.length);
  assert.ok(arrived.length >= 120 - unknown);
});
