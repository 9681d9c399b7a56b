import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { openStore, type Store } from "@tamis/store";
import { tempDir } from "@tamis/testkit";
import { watchEpoch } from "../src/circulars/epoch-watch.ts";
import { openEpochs } from "../src/tables/epochs.ts";
import { openIntake } from "../src/tables/intake.ts";
import { migrations, type Tables } from "../src/tables/schema.ts";
import { openUpkeep } from "../src/tables/upkeep.ts";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { sendingOf, World } from "./world.ts";

const SETTINGS = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 20000
  circulars: { undo_ms: 0, connections: 4 }
`;

it("a database that was dumped and put back sends nothing by itself", { timeout: 170_000 }, async () => {
  await using world = await World.open({ store: "postgres", outbox: SETTINGS });
  const asks = new CircularAsks(world.bus, world.account);
  await world.start();
  world.sink.answer({ recipient: () => "450 4.2.0 later" });
  const id = await asks.sent(recipientsOf(3));
  await world.submit(1, [sendingOf()]);
  await asks.until(id, "its first attempts", ({ counts }) => counts.deferred === 3);
  await world.stopServices();
  const putBack = await world.postgres?.backUp();
  world.sink.answer({});
  await world.start();
  await asks.done(id);
  await world.allIn("accepted", 1);
  await world.stopServices();
  const left = world.mails.length;
  assert.equal(left, 4);
  await putBack?.();
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

const NOW = new Date(1_700_000_000_000);

const put = (store: Store<Tables>) =>
  openIntake(store, {}).store(
    { accountId: "a", fingerprint: "f", mailId: "a/0/1/1", internalDate: NOW, traceparent: null },
    [
      {
        key: "1",
        kind: "redirect",
        from: null,
        to: ["b@example.org"],
        messageId: "<m@x>",
        body: { sha256: "b", octets: Buffer.from("x") },
        prefix: "",
        cancelsKeep: false,
        hold: false,
        expiresAt: NOW,
        dsn: null,
        deliverBy: null,
        fcc: null,
      },
    ],
    NOW,
  );

it("a folder of PGlite that was copied back is known as well, and what would leave of it is held", async () => {
  const dir = tempDir("tamis-restored");
  const [folder, copy] = [join(dir.path, "store"), join(dir.path, "copy")];
  /** As a process does that starts with it; what is in it then, by state. */
  const started = async (work: (store: Store<Tables>) => Promise<unknown>) => {
    const log = { info() {}, warn() {}, error() {} };
    const settings = { kind: "pglite", folder } as const;
    const store = await openStore<Tables>({ settings, stateDir: dir.path, service: "outbox", migrations, log });
    const upkeep = openUpkeep(store);
    await watchEpoch({
      epochs: openEpochs(store),
      stateDir: dir.path,
      hold: (_, now) => upkeep.holdAll(now),
      now: () => NOW,
      log,
    });
    await work(store);
    const counts = await upkeep.counts();
    await store.close();
    return counts;
  };
  assert.deepEqual(await started(put), { scheduled: 1 });
  cpSync(folder, copy, { recursive: true });
  assert.deepEqual(await started(async () => undefined), { scheduled: 1 });
  rmSync(folder, { recursive: true });
  cpSync(copy, folder, { recursive: true });
  assert.deepEqual(await started(async () => undefined), { held: 1 });
  dir.remove();
});
