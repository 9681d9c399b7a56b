import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import { waitFor } from "@tamis/testkit";
import { sql } from "kysely";
import { openLinkedFiles } from "../src/tables/linked-files.ts";
import { openReminders } from "../src/tables/reminders.ts";
import type { Tables } from "../src/tables/schema.ts";
import { openSubscriptions } from "../src/tables/subscriptions.ts";
import { openWork } from "../src/tables/work.ts";
import { recipientsOf } from "./circular-asks.ts";
import { type Bench, counted, openBench } from "./circular-bench.ts";
import { at, DAY, HOUR, lease, openLedger, openTables, places } from "./ledger-bench.ts";

for (const { name, settings } of places)
  describe(`what circulars have in common, in ${name}`, { timeout: 170_000 }, () => {
    let store: Store<Tables>;
    let bench: Bench;
    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());
    const open = (): Bench => {
      bench = openBench(store);
      return bench;
    };

    it("holds who may not get its secrets in the clear, says why, and ends; then tries again at its owner's word", async () => {
      const { started, claim, work, upkeep, circulars, recipients, accountId, said } = open();
      const id = await started(1);
      const [one] = await claim(id, 1, "a");
      assert.ok(one);
      const sealing = { by: "nothing", certificate: "expired" } as const;
      await work.commit({ begins: [], results: [{ ...said(one, "held"), sealing }] }, at(HOUR));
      await upkeep.sweep(at(HOUR));
      assert.deepEqual((await circulars.find(accountId, id))?.counts, { held: 1 });
      const { recipients: rows } = await recipients.report(Number(id), { after: "", states: ["held"], limit: 3 });
      assert.deepEqual([rows[0]?.sealing, rows[0]?.attempts], [sealing, 0]);
      assert.equal(await recipients.release(accountId, id, { recipient: String(one.id), now: at(2 * HOUR) }), "done");
      assert.deepEqual((await circulars.find(accountId, id))?.counts, { deferred: 1 });
    });

    it("keeps rates that all instances share, whatever becomes of those who have the moments", async () => {
      const { started, claim, counts, accountId } = openBench(store, { perDomain: {}, perSender: 600 });
      const id = await started(60);
      const nextAt = async () =>
        (await store.read((db) => db.selectFrom("rate").selectAll().execute())).find(
          ({ name }) => name === `sender ${accountId}`,
        )?.next_at ?? new Date(0);
      const { rows } = await store.read((db) => sql<{ at: Date }>`select clock_timestamp() as at`.execute(db));
      const both = await Promise.all([claim(id, 4, "a"), claim(id, 4, "b")]);
      for (const claimed of both)
        assert.deepEqual(
          claimed.map(({ waitMs }) => waitMs - (claimed[0]?.waitMs ?? 0)),
          [0, 100, 200, 300],
        );
      // Neither sends anything: their moments go by all the same.
      assert.ok(+(await nextAt()) - +(rows[0]?.at ?? 0) >= 800);
      const third = (await claim(id, 40, "c")).length;
      // As many as there are in the second that it waits for.
      assert.ok(third >= 1 && third <= 11, `${third}`);
      assert.deepEqual(await counts(id), { claimed: 8 + third, scheduled: 52 - third });
      // The next moment comes as soon as a tenth of a second went by.
      let looks = 0;
      await waitFor(async () => (await claim(id, 60, "e", at(HOUR + 60_000 * ++looks))).length >= 1);
    });

    it("gives each circular its turn where there are few moments", async () => {
      const { started, work } = openBench(store, { perDomain: {}, perSender: 600 });
      const [large, small] = [await started(40, "large"), await started(2, "small")];
      const share = (id: string, perMail = 1) => ({ circularId: Number(id), count: 40, perMail });
      const { recipients, more } = await work.claim([share(large), share(small)], lease("a", at(2 * HOUR)), at(HOUR));
      assert.deepEqual(
        recipients.slice(0, 4).map(({ circularId, waitMs }) => [String(circularId), waitMs]),
        [large, small, large, small].map((id, turn) => [id, turn * 100]),
      );
      assert.deepEqual([...more], [Number(large)]);
    });

    it("does not keep the mail of one person waiting, however many are to get it", async () => {
      const rates = { perDomain: {}, inAll: 600 };
      const { started, claim } = openBench(store, rates);
      const id = await started(200);
      // It has the moments of one second, and the others come again one after the other.
      await claim(id, 200, "a");
      await openLedger(store).put(1, { kind: "vacation", messageId: "<urgent@x>" });
      const [mail] = await openWork(store, 15 * 60_000, { rates }).claim(1, lease("b"), at(1));
      assert.ok((mail?.waitMs ?? Number.NaN) <= 1_100, `${mail?.waitMs}`);
    });

    it("gives whom it tries again while it is paused no more time than it has when it goes on", async () => {
      const { started, claim, begin, upkeep, circulars, recipients, accountId } = open();
      const id = await started(2);
      const [one] = await claim(id, 1, "a");
      assert.ok(one);
      await begin(id, "a", [one.id]);
      await upkeep.sweep(at(2 * HOUR + 1));
      await circulars.pause(accountId, id, at(3 * HOUR));
      assert.equal(await recipients.release(accountId, id, { recipient: String(one.id), now: at(10 * DAY) }), "done");
      const resumed = await circulars.resume(accountId, id, at(11 * DAY));
      assert.equal(typeof resumed === "object" ? resumed.deadlineAt : 0, at(12 * DAY).getTime());
    });

    it("knows which stored attachments nobody can fetch any more", async () => {
      const { draft, circulars, accountId, upkeep } = open();
      const files = openLinkedFiles(store);
      const [taken, left] = [`${accountId}-taken`, `${accountId}-left`];
      const file = (object: string) => ({ object, days: 30 });
      await files.announce([file(taken), file(left)], at(0));
      const id = await draft("1", [], { objects: [taken] });
      await draft("1", [], { objects: [left] });
      assert.deepEqual(await files.over(at(HOUR), 10), []);
      assert.deepEqual(await files.over(at(2 * HOUR), 10), [left]);
      await files.forget([left]);
      await circulars.cancel(accountId, id, at(3 * HOUR));
      await upkeep.sweep(at(3 * HOUR));
      assert.deepEqual(await files.over(at(31 * DAY), 10), []);
      assert.deepEqual(await files.over(at(32 * DAY + 4 * HOUR), 10), [taken]);
      await upkeep.drop(at(32 * DAY), { bodiesMs: HOUR, circularsMs: HOUR, subscribersMs: HOUR });
      assert.deepEqual(await files.over(at(33 * DAY), 10), [taken]);
      await files.forget([taken]);
    });

    it("keeps stored attachments as long as a circular that says the same again has links to them", async () => {
      const { draft, circulars, copies, accountId, upkeep } = open();
      const files = openLinkedFiles(store);
      const object = `${accountId}-shared`;
      await files.announce([{ object, days: 30 }], at(0));
      const id = await draft("1", [], { objects: [object] });
      const end = async (one: string, time: number): Promise<void> => {
        await circulars.cancel(accountId, one, at(time));
        await upkeep.sweep(at(time));
      };
      await end(id, 2 * HOUR);
      assert.deepEqual(await files.over(at(5 * DAY), 10), []);
      const again = await copies.again(accountId, id, { key: "again", now: at(5 * DAY) });
      assert.ok(typeof again === "object");
      assert.deepEqual(await files.over(at(40 * DAY), 10), []);
      await upkeep.drop(at(40 * DAY), { bodiesMs: HOUR, circularsMs: 39 * DAY, subscribersMs: HOUR });
      assert.deepEqual(await files.over(at(40 * DAY), 10), []);
      await end(String(again.id), 41 * DAY);
      assert.deepEqual(await files.over(at(72 * DAY), 10), []);
      // Whoever deletes may be about to: then nothing is said again that leads nowhere.
      const late = (key: string) => copies.again(accountId, String(again.id), { key, now: at(74 * DAY) });
      assert.equal(await late("before"), "body-gone");
      assert.deepEqual(await files.over(at(74 * DAY), 10), [object]);
      assert.equal(await late("between"), "body-gone");
      await files.forget([object]);
      assert.equal(await late("after"), "body-gone");
    });

    it("reminds nobody who left its list, whenever that was and whatever else the reminder says", async () => {
      const { draft, started, copies, claim, counts, circulars, work, accountId } = open();
      const subscriptions = openSubscriptions(store);
      const list = `${accountId}-news`;
      const id = await started(3, "1", list);
      const given = await claim(id, 3, "a");
      const [one, two] = given;
      assert.ok(one && two);
      await subscriptions.leave({ list, mailbox: one.mailbox }, at(2 * HOUR));
      const reminder = await draft("2");
      const other = await draft("3", [], { list: "other" });
      const page = { of: id, recipients: given.map((recipient) => String(recipient.id)), now: at(2 * HOUR) };
      for (const to of [reminder, other]) {
        await copies.addFrom(accountId, to, page);
        assert.deepEqual(await counts(to), { suppressed: 1, scheduled: 2 });
      }
      await subscriptions.leave({ list, mailbox: two.mailbox }, at(3 * HOUR));
      await openReminders(store, { slot: 0 }).looked(Number(reminder), at(4 * HOUR));
      const due = { at: at(4 * HOUR), wall: null, zone: null, which: null };
      await circulars.schedule(accountId, reminder, { due, now: at(3 * HOUR) });
      assert.equal((await work.start(at(4 * HOUR))).length, 1);
      assert.equal((await claim(reminder, 3, "b", at(4 * HOUR))).length, 1);
      assert.deepEqual(await counts(reminder), { suppressed: 2, claimed: 1 });
    });

    it("reminds nobody who answered meanwhile: nothing leaves before that is known, nor long after it was", async () => {
      const { draft, started, copies, claim, begin, counts, circulars, work, accountId } = open();
      const reminders = openReminders(store, { slot: 0 });
      const id = await started(4);
      const given = await claim(id, 4, "a");
      const reminder = await draft("2");
      const page = { of: id, recipients: given.map((recipient) => String(recipient.id)), now: at(2 * HOUR) };
      await copies.addFrom(accountId, reminder, page);
      const [due, minute] = [at(10 * HOUR), (n: number) => at(10 * HOUR + n * 60_000)];
      await circulars.schedule(accountId, reminder, {
        due: { at: due, wall: null, zone: null, which: null },
        now: at(2 * HOUR),
      });
      const mine = async (now: Date) =>
        (await reminders.due(now)).filter(({ id: one }) => String(one) === reminder).map(({ reminds }) => reminds);
      const isSent = async (now: Date): Promise<boolean> =>
        (await work.started(now)).some((one) => String(one.id) === reminder);
      assert.deepEqual([await mine(minute(-2)), await mine(minute(-1))], [[], [Number(id)]]);
      assert.deepEqual(await work.start(due), []);
      const answered = { addresses: ["AGENT-0@academie.example", "nobody@x.example"], reply: "answered" };
      assert.equal(await reminders.spare(Number(reminder), answered, due), 1);
      assert.equal(await reminders.spare(Number(reminder), answered, due), 0);
      await reminders.looked(Number(reminder), due);
      assert.deepEqual([await mine(due), await work.start(due), await isSent(due)], [[], [0], true]);
      const [sent] = await claim(reminder, 1, "b", due);
      assert.ok(sent);
      await begin(reminder, "b", [sent.id], due);
      const rest = { addresses: [1, 2, 3].map((n) => `agent-${n}@academie.example`), reply: "answered" };
      assert.deepEqual([await mine(minute(2)), await isSent(minute(6))], [[Number(id)], false]);
      assert.equal(await reminders.spare(Number(reminder), rest, minute(2)), 2);
      await reminders.looked(Number(reminder), minute(6));
      assert.deepEqual([await isSent(minute(6)), await counts(reminder)], [true, { suppressed: 3, begun: 1 }]);
      assert.deepEqual(await counted(store, reminder), { suppressed: 3, begun: 1 });
    });

    it("settles as suppressed who does not want it any more", async () => {
      const { started, claim, recipients, counts } = open();
      const id = await started(2);
      await recipients.suppress(["AGENT-0@academie.example"], at(0));
      const claimed = await claim(id, 2, "a");
      await recipients.unsuppress(["agent-0@academie.example"]);
      assert.deepEqual(
        claimed.map(({ address }) => address),
        ["agent-1@academie.example"],
      );
      assert.deepEqual(await counts(id), { suppressed: 1, claimed: 1 });
    });

    it("skips who left its list, the next time and at once, and other lists do not", async () => {
      const { accountId, draft, started, recipients, claim, counts, work, said, begin, upkeep } = open();
      const subscriptions = openSubscriptions(store);
      const [now, next, other] = [
        await started(2, "1", "l"),
        await draft("2", [], { list: "l" }),
        await started(2, "3", "m"),
      ];
      const [one] = await claim(now, 1, "a");
      assert.ok(one);
      await begin(now, "a", [one.id]);
      await work.commit({ begins: [], results: [said(one, "accepted")] }, at(HOUR));
      for (const _ of ["once", "again"])
        for (const number of [one.id, one.id + 1]) {
          const found = await subscriptions.find(number);
          assert.equal(found?.list, "l");
          await subscriptions.leave(found, at(HOUR));
        }
      assert.deepEqual([(await claim(now, 2, "b")).length, await counts(now)], [0, { accepted: 1, suppressed: 1 }]);
      await recipients.add(accountId, next, { recipients: recipientsOf(2), now: at(0) });
      assert.deepEqual(await counts(next), { suppressed: 2 });
      assert.equal((await claim(other, 2, "c")).length, 2);
      await upkeep.sweep(at(HOUR));
      await upkeep.drop(at(10 * HOUR), { bodiesMs: HOUR, circularsMs: HOUR, subscribersMs: 10 * HOUR });
      assert.equal(await counts(now), undefined);
      assert.deepEqual(await subscriptions.find(one.id), { list: "l", mailbox: one.mailbox });
      assert.equal(await subscriptions.find(one.id + 1), null);
      await upkeep.drop(at(12 * HOUR), { bodiesMs: HOUR, circularsMs: HOUR, subscribersMs: HOUR });
      assert.equal(await subscriptions.find(one.id), null);
    });

    it("reports page by page, and only to its owner", async () => {
      const { started, recipients, circulars, claim, begin, work, said, accountId } = open();
      const id = await started(5);
      const [one] = await claim(id, 1, "a");
      assert.ok(one);
      await begin(id, "a", [one.id]);
      await work.commit({ begins: [], results: [said(one, "rejected")] }, at(HOUR));
      const page = (after: string | undefined, states?: readonly ["rejected"]) =>
        recipients.report(Number(id), { after, states, limit: 3 });
      const first = await page(undefined);
      const second = await page(first.next ?? "");
      assert.deepEqual([first.recipients.length, second.recipients.length, second.next], [3, 2, null]);
      const rejected = await page(undefined, ["rejected"]);
      assert.deepEqual(
        rejected.recipients.map(({ id: number, reply }) => [number, reply]),
        [[String(one.id), "450 4.2.0 said"]],
      );
      assert.equal(await circulars.find("somebody else", id), null);
      assert.equal((await circulars.cancel("somebody else", id, at(HOUR))).changed, "missing");
      assert.equal((await circulars.find(accountId, id))?.state, "started");
    });

    it("is the draft of another one, for some of its recipients, as they were given", async () => {
      const { started, claim, copies, circulars, recipients, accountId } = open();
      const id = await started(3);
      const given = await claim(id, 3, "a");
      const copy = { key: "again", now: at(2 * HOUR) };
      const drafted = await copies.again(accountId, id, copy);
      assert.ok(typeof drafted === "object");
      assert.deepEqual(await copies.again(accountId, id, copy), drafted);
      assert.equal(await copies.again("somebody else", id, copy), "missing");
      const numbers = [...given.slice(1).map((one) => String(one.id)), "1", "no number"];
      const page = { of: id, recipients: numbers, now: at(2 * HOUR) };
      const added = await copies.addFrom(accountId, String(drafted.id), page);
      assert.deepEqual(added, { added: 2, suppressed: 0, recipients: 2, faults: [] });
      assert.equal(await copies.addFrom(accountId, id, page), "not-possible");
      assert.equal(await copies.addFrom(accountId, String(drafted.id), { ...page, of: "999999" }), "missing");
      const copied = await recipients.addressee(drafted.id, undefined);
      assert.deepEqual([copied?.address, copied?.fields], [given[1]?.address, given[1]?.fields]);
      assert.deepEqual((await circulars.find(accountId, String(drafted.id)))?.state, "draft");
    });
  });
