import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Reject } from "@tamis/bus";
import { APPLY, applyDurable, subjects } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { Installation } from "./harness.ts";

describe("tamis parked", { timeout: 60_000 }, () => {
  const site = new Installation();
  let isGood = false;
  const handled: string[] = [];

  before(async () => {
    await site.open();
    await site.setUpStreams();
    await site.bus.ensureConsumer(APPLY.name, applyDurable(5), {
      filter: subjects.mailboxApply(5),
      ackWaitMs: 5_000,
      maxAckPending: 8,
    });
    await site.bus.consume({
      stream: APPLY.name,
      durable: applyDurable(5),
      concurrency: 1,
      handle: async (delivery) => {
        if (!isGood) throw new Reject("no such thing");
        handled.push(Buffer.from(delivery.payload).toString());
      },
    });
  });
  after(() => site.close());

  it("is empty at first", async () => {
    assert.deepEqual(await site.tamis(["parked", "list"]), { code: 0, out: "nothing is parked", err: "" });
    assert.equal((await site.tamis(["parked", "replay", "--all"])).code, 0);
  });

  it("lists with the reason, and shows", async () => {
    for (const n of [1, 2, 3]) {
      await site.bus.publish({
        subject: subjects.mailboxApply(5),
        payload: Buffer.from(`{"n":${n}}\u0007`),
        id: `x/${n}`,
      });
    }
    const entries = await waitFor(async () => {
      const list = JSON.parse((await site.tamis(["parked", "list", "--json"])).out);
      return list.length === 3 ? list : null;
    });
    assert.match(entries[0].reason, /no such thing/);
    assert.match((await site.tamis(["parked", "list"])).out, /mailbox\.apply\.5 .*no such thing/);
    const shown = await site.tamis(["parked", "show", String(entries[0].seq)]);
    assert.match(shown.out, /subject +mailbox\.apply\.5[\s\S]*\{"n":1\}·$/);
    const data = JSON.parse((await site.tamis(["parked", "show", String(entries[0].seq), "--json"])).out);
    assert.equal(Buffer.from(data.payload, "base64").toString(), '{"n":1}\u0007');
  });

  it("drops one, replays the others", async () => {
    assert.deepEqual(await site.tamis(["parked", "drop", "1"]), { code: 0, out: "1 is deleted", err: "" });
    assert.deepEqual(await site.tamis(["parked", "drop", "1"]), { code: 1, out: "", err: "nothing is parked under 1" });
    isGood = true;
    const run = await site.tamis(["parked", "replay", "--all", "--json"]);
    assert.deepEqual(
      [run.code, JSON.parse(run.out).map((one: { seq: number; ok: boolean }) => [one.seq, one.ok])],
      [
        0,
        [
          [2, true],
          [3, true],
        ],
      ],
    );
    await waitFor(() => handled.length === 2);
    assert.equal((await site.tamis(["parked", "list"])).out, "nothing is parked");
  });

  it("refuses numbers that are none, and says what is not there", async () => {
    assert.equal((await site.tamis(["parked", "show", "x"])).code, 2);
    assert.equal((await site.tamis(["parked", "replay"])).code, 2);
    assert.equal((await site.tamis(["parked", "replay", "1", "--all"])).code, 2);
    assert.deepEqual(
      [(await site.tamis(["parked", "show", "99"])).code, (await site.tamis(["parked", "replay", "99"])).code],
      [1, 1],
    );
  });
});
