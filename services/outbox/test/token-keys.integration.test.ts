import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import type { Tables } from "../src/tables/schema.ts";
import { renewTokenKeys } from "../src/tables/token-keys.ts";
import { openTrackingQueue } from "../src/tables/tracking.ts";
import { openBench } from "./circular-bench.ts";
import { at, DAY, HOUR, lease, openLedger, openTables, places, result } from "./ledger-bench.ts";

const AGES = { useMs: DAY, acceptMs: 10 * DAY };

for (const { name: place, settings } of places)
  describe(`the keys of receipt tokens, and what \`receipts\` is told, in ${place}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;

    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());

    it("are made and renewed once, however many instances ask at the same moment", async () => {
      const ask = (ms: number) => Promise.all(Array.from({ length: 6 }, () => renewTokenKeys(store, at(ms), AGES)));
      const first = await ask(0);
      assert.deepEqual(
        first.map(({ keys }) => keys.map(({ id }) => id)),
        Array(6).fill([first[0]?.keys[0]?.id]),
      );
      const second = await ask(2 * DAY);
      assert.equal(new Set(second.map(({ keys }) => keys.map(({ id }) => id).join())).size, 1);
      assert.deepEqual(second[0]?.keys.slice(1), first[0]?.keys);
    });

    it("a recipient of a circular is told of when it left, or may have, until it is told", async () => {
      const { started, claim, begin, work, upkeep, said, queue, accountId } = openBench(store);
      const id = await started(5);
      const [one, two, three, four] = await claim(id, 4, "a");
      assert.ok(one && two && three && four);
      await begin(id, "a", [one.id, two.id, three.id, four.id]);
      const results = [said(one, "accepted"), said(two, "rejected"), said(three, "deferred", at(5 * HOUR))];
      await work.commit({ begins: [], results }, at(HOUR));
      // The process that had the fourth is gone.
      await upkeep.sweep(at(2 * HOUR + 1));
      const take = () => queue.take(10, at(3 * HOUR), at(4 * HOUR));
      const [first, second] = await Promise.all([take(), take()]);
      const untracked = [...first.untracked, ...second.untracked].toSorted((a, b) => a.id - b.id);
      assert.deepEqual(
        untracked.map(({ id: number, sentAt }) => [number, sentAt]),
        [
          [one.id, at(HOUR)],
          [four.id, at(2 * HOUR + 1)],
        ],
      );
      const { address, messageId } = one;
      const { sentAt: _, ...told } = untracked[0] ?? assert.fail();
      assert.deepEqual(told, {
        id: one.id,
        accountId,
        circularId: Number(id),
        address,
        messageId,
        envelopeId: String(one.id),
        asksDisposition: true,
      });
      assert.deepEqual((await take()).untracked, [], "taken by another until its time is over");
      await queue.told([one.id]);
      const left = (await queue.take(10, at(4 * HOUR), at(5 * HOUR))).untracked;
      assert.deepEqual(
        left.map(({ id: number }) => number),
        [four.id],
      );
      await queue.later([four.id], at(6 * HOUR));
      assert.equal((await queue.take(10, at(5 * HOUR), at(9 * HOUR))).due, 0);
      assert.equal((await queue.take(10, at(6 * HOUR), at(9 * HOUR))).due, 1);
      await queue.told([four.id]);
    });

    it("so is one of an ordinary mail that its author wants to hear of, and no other", async () => {
      const { put, work, accountId } = openLedger(store);
      const queue = openTrackingQueue(store);
      const dsn = JSON.stringify({ envid: "abc", recipients: {} });
      const to = ["a@example.org", "b@example.org"];
      await put(1, { kind: "submission", receipts: "delivery", dsn, to, messageId: "<1@example.org>" });
      await put(2);
      const claimed = await work.claim(10, lease("a"), at(0));
      const ids = claimed.flatMap(({ recipients }) => recipients.map(({ id }) => id));
      await work.begin("a", ids, at(0));
      await work.record(
        "a",
        ids.map((id) => result(id, "accepted")),
        at(1),
      );
      const { untracked } = await queue.take(10, at(1), at(2));
      assert.deepEqual(
        untracked.map(({ id: _, ...one }) => one),
        to.map((address) => ({
          accountId,
          circularId: null,
          address,
          messageId: "<1@example.org>",
          envelopeId: "abc",
          asksDisposition: false,
          sentAt: at(1),
        })),
      );
      // What was dropped with its sending is nobody's any more.
      await store.transaction((db) => db.deleteFrom("sending").execute());
      assert.deepEqual(await queue.take(10, at(2), at(3)), { due: 2, untracked: [] });
      assert.equal((await queue.take(10, at(3), at(4))).due, 0);
    });
  });
