import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeScriptMemory } from "@tamis/contracts";
import {
  decideOne,
  delivery,
  fakeOutbox,
  fresh,
  loaded,
  memoryBucket,
  NOW,
  VACATION,
  world,
} from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";

const HOUR = 3_600_000;

describe("what scripts remember", () => {
  const DUPLICATE = loaded('require ["duplicate", "fileinto"]; if duplicate { fileinto "Doubles"; }');
  const double = (uid: number) => ({ uid, text: fresh("Message-ID: <same@example.net>") });
  const folders = (made: ReturnType<typeof world>) =>
    made.command().decisions.map(({ plan: { destination } }) => (destination.kind === "folder" ? "Doubles" : "stay"));

  it("counts within a batch, and over batches", async () => {
    const memory = memoryBucket();
    const made = world({ script: DUPLICATE, memory });
    await onMailReceived(delivery([double(1), double(2)]), made.deps);
    assert.deepEqual(folders(made), ["stay", "Doubles"]);
    assert.deepEqual(
      made.command().decisions.map(({ marked }) => marked),
      [true, undefined],
    );
    const other = world({ script: DUPLICATE, memory });
    await onMailReceived(delivery([double(3)]), other.deps);
    assert.deepEqual(folders(other), ["Doubles"]);
  });

  it("never speaks against the same mail: a redelivery decides as before", async () => {
    const memory = memoryBucket();
    for (let time = 0; time < 2; time++) {
      const made = world({ script: DUPLICATE, memory });
      await onMailReceived(delivery([double(1), double(2)]), made.deps);
      assert.deepEqual(folders(made), ["stay", "Doubles"]);
    }
  });

  it("is written before the plan is published", async () => {
    const memory = memoryBucket();
    const { deps } = world({ script: DUPLICATE, memory });
    let marks = 0;
    const publish = async () => {
      marks = decodeScriptMemory((await memory.get("a1"))?.value ?? new Uint8Array()).marks.length;
    };
    await onMailReceived(delivery([double(1)]), { ...deps, publish });
    assert.equal(marks, 1);
  });

  it("is nothing of a sort or in mode observe", async () => {
    const memory = memoryBucket();
    for (const head of [{ purpose: "sort", sortId: "s" }, { mode: "observe" }, { dryRun: true }] as const) {
      const made = world({ script: DUPLICATE, memory });
      await onMailReceived(delivery([double(1)], head), made.deps);
      assert.equal(await memory.get("a1"), null);
    }
  });

  it("lets one of two that are decided on at the same moment be the double", async () => {
    const memory = memoryBucket();
    const [first, second] = [world({ script: DUPLICATE, memory }), world({ script: DUPLICATE, memory })];
    await Promise.all([
      onMailReceived(delivery([double(1)]), first.deps),
      onMailReceived(delivery([double(2)]), second.deps),
    ]);
    assert.deepEqual([...folders(first), ...folders(second)].toSorted(), ["Doubles", "stay"]);
  });

  it("answers a sender once in its time, also when two mails come at the same moment", async () => {
    const memory = memoryBucket();
    const outbox = fakeOutbox();
    const options = { script: loaded(VACATION), memory, submit: outbox.submit };
    const worlds = [world(options), world(options)];
    await Promise.all(
      worlds.map(({ deps }, at) => onMailReceived(delivery([{ uid: at + 1, text: fresh("Subject: x") }]), deps)),
    );
    const states = worlds.map((made) => made.decided().sendings?.[0]);
    assert.deepEqual(states.map((told) => [told?.state, told?.reason].join(" ").trim()).toSorted(), [
      "silent answered",
      "stored",
    ]);
    assert.equal(outbox.sendings().length, 1);
  });

  it("answers another sender, another handle, and the same one again when its time is over", async () => {
    const memory = memoryBucket();
    const outbox = fakeOutbox();
    const send = async (text: string, more: { readonly script?: string; readonly now?: number } = {}) => {
      const { deps } = world({ script: loaded(more.script ?? VACATION), memory, submit: outbox.submit });
      const now = more.now ?? NOW;
      const mail = {
        uid: outbox.submissions.length + 1,
        text: text.replace(/; .* GMT/, `; ${new Date(now).toUTCString()}`),
      };
      const meta = { internalDate: now, fingerprint: `00000000000000f${outbox.submissions.length}` };
      await onMailReceived(delivery([{ ...mail, meta }]), { ...deps, now: () => now });
      return outbox.submissions.length;
    };
    assert.equal(await send(fresh("Subject: x")), 1);
    assert.equal(await send(fresh("Subject: x").replaceAll("bob@example.net", "BOB@example.net")), 1);
    assert.equal(await send(fresh("Subject: x").replaceAll("bob@example.net", "rob@example.net")), 2);
    assert.equal(await send(fresh("Subject: x"), { script: VACATION.replace('"h"', '"i"') }), 3);
    assert.equal(await send(fresh("Subject: x"), { now: NOW + 6 * 24 * HOUR }), 3);
    assert.equal(await send(fresh("Subject: x"), { now: NOW + 8 * 24 * HOUR }), 4);
  });

  it("forgets a reply that was refused", async () => {
    const memory = memoryBucket();
    const none = fakeOutbox(() => ({ state: "refused", reason: "rate-limited" }));
    await decideOne({ script: loaded(VACATION), memory, submit: none.submit });
    const outbox = fakeOutbox();
    await decideOne(
      { script: loaded(VACATION), memory, submit: outbox.submit },
      { meta: { fingerprint: "00000000000000aa" } },
    );
    assert.equal(outbox.sendings().length, 1);
  });

  it("sends the reply again after a crash between mark and plan: outbox knows it", async () => {
    const memory = memoryBucket();
    const outbox = fakeOutbox();
    for (let time = 0; time < 2; time++) await decideOne({ script: loaded(VACATION), memory, submit: outbox.submit });
    assert.deepEqual(new Set(outbox.sendings().map(({ key }) => key)).size, 1);
    assert.equal(outbox.sendings().length, 2);
  });
});
