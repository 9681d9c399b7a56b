import assert from "node:assert/strict";
import { it } from "node:test";
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
