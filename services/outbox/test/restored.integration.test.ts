import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { sendingOf, World } from "./world.ts";

const SETTINGS = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 20000
  circulars: { undo_ms: 0, connections: 4 }
`;

/** Saves the tables of a world whose services have ended; what it resolves with puts them back as they were then. */
async function backUp({ postgres, dir }: World): Promise<() => Promise<void>> {
  if (postgres !== null) return await postgres.backUp();
  const [folder, copy] = [join(dir.path, "state", "store"), join(dir.path, "backup")];
  cpSync(folder, copy, { recursive: true });
  return async () => {
    rmSync(folder, { recursive: true });
    cpSync(copy, folder, { recursive: true });
  };
}

for (const store of ["postgres", "pglite"] as const)
  it(`tables in ${store} that were put back from a backup send nothing by themselves`, {
    timeout: 170_000,
  }, async () => {
    await using world = await World.open({ store, outbox: SETTINGS });
    const asks = new CircularAsks(world.bus, world.account);
    await world.start();
    world.sink.answer({ recipient: () => "450 4.2.0 later" });
    const id = await asks.sent(recipientsOf(3));
    await world.submit(1, [sendingOf()]);
    await asks.until(id, "its first attempts", ({ counts }) => counts.deferred === 3);
    await world.stopServices();
    const putBack = await backUp(world);
    world.sink.answer({});
    await world.start();
    await asks.done(id);
    await world.allIn("accepted", 1);
    await world.stopServices();
    const left = world.mails.length;
    assert.equal(left, 4);
    await putBack();
    await world.start();
    const held = await asks.status(id);
    assert.deepEqual([held.state, held.held], ["held", "restored"]);
    assert.deepEqual(
      (await world.list()).map(({ state }) => state),
      ["held"],
    );
    assert.equal(world.mails.length, left);
    await asks.change("resume", id);
    assert.equal((await asks.done(id)).counts.accepted, 3);
    assert.equal(world.mails.length, left + 3);
  });
