import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import { openLinkedFiles } from "../src/tables/linked-files.ts";
import type { Tables } from "../src/tables/schema.ts";
import { openSubscriptions } from "../src/tables/subscriptions.ts";
import { openWork } from "../src/tables/work.ts";
import { recipientsOf } from "./circular-asks.ts";
import { counted, openBench } from "./circular-bench.ts";
import { at, DAY, HOUR, lease, openLedger, openTables, places, result } from "./ledger-bench.ts";

for (const { name, settings } of places)
  describe(`what is written anew, and what is late, in ${name}`, { timeout: 170_000 }, () => {
    let store: Store<Tables>;
    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());
    const open = () => openBench(store);

    it("what has a time begins at it or soon after; later it is held and its author is told, and what has none is as before", async () => {
      const { put, owners, states, upkeep, work, accountId } = openLedger(store);
      const graceMs = HOUR / 4;
      const lateness = { graceMs, lateMs: DAY };
      const dated = (hours: number) =>
        ({ kind: "submission", dueAt: at(hours * HOUR), expiresAt: at(3 * DAY), reports: "failures" }) as const;
      // Nobody was there between the first and the third hour.
      await put(1, dated(2));
      await put(2, dated(2.9));
      await put(3, dated(4));
      await put(4, { kind: "redirect" });
      const strict = openWork(store, graceMs);
      const claimed = await strict.claim(10, lease("a"), at(3 * HOUR));
      const isKind = (kind: string) => claimed.filter((one) => one.kind === kind).length;
      assert.deepEqual(
        [isKind("submission"), isKind("redirect")],
        [1, 1],
        "the tables came back before they were looked through",
      );
      const ids = claimed.flatMap(({ recipients }) => recipients.map(({ id }) => id));
      await work.record(
        "a",
        ids.map((id) => result(id, "deferred", at(3 * HOUR))),
        at(3 * HOUR),
      );
      const swept = await upkeep.sweep(at(3 * HOUR), lateness);
      assert.equal(swept.held, 1);
      assert.deepEqual(await states(), ["held", "deferred", "scheduled", "deferred"]);
      const owed = await store.read((db) => db.selectFrom("report").select("state").execute());
      assert.deepEqual(owed, [{ state: "held" }]);
      // Somebody is there, and the relay is away for hours: it was begun, and is tried until it expires.
      await upkeep.sweep(at(4 * HOUR + 1), lateness);
      assert.deepEqual(await states(), ["held", "deferred", "deferred", "deferred"]);
      assert.equal((await upkeep.sweep(at(9 * HOUR), lateness)).held, 0);
      const [held] = await owners.list(accountId, ["held"], 1);
      assert.equal(await owners.release(accountId, held?.id ?? "", at(9 * HOUR)), "scheduled");
      assert.equal((await strict.claim(10, lease("b"), at(9 * HOUR))).length, 4);
    });

    it("says something else until it has begun, and nothing that was read before somebody changed it", async () => {
      const { draft, recipients, circulars, edits, revise, work, accountId } = open();
      const id = await draft("1", ["prenom"]);
      await recipients.add(accountId, id, { recipients: recipientsOf(3), now: at(0) });
      const version = async () => (await edits.read(accountId, id))?.version;
      const read = { version: (await version()) ?? "" };
      assert.equal(await revise(id, "two", read), "done");
      assert.equal(await revise(id, "two", read), "done", "asked again after a lost answer");
      assert.equal(await revise(id, "three", read), "changed");
      const due = { at: at(HOUR), wall: null, zone: null, which: null };
      const drafted = (await version()) ?? "";
      await circulars.schedule(accountId, id, { due, now: at(0) });
      assert.equal(await revise(id, "three", { version: drafted }), "changed", "it was scheduled meanwhile");
      assert.equal(await revise(id, "three"), "done");
      const { state, subject, dueAt } = (await circulars.find(accountId, id)) ?? assert.fail();
      assert.deepEqual([state, subject, dueAt], ["scheduled", "three", at(HOUR).getTime()]);
      assert.equal(Buffer.from((await work.draft(Number(id))) ?? []).toString(), "three");
      assert.equal(await edits.read("else", id), null);
      await work.start(at(HOUR));
      assert.equal(await revise(id, "four"), "begun");
      assert.equal(await edits.withdraw(accountId, id, at(HOUR)), "not-possible");
    });

    it("written anew, asks of its recipients what they lack, and screens them for its list", async () => {
      const { draft, recipients, revise, counts, edits, accountId } = open();
      const [news, staff] = [`${accountId}-news`, `${accountId}-staff`];
      const [one, two, three] = recipientsOf(3);
      assert.ok(one && two && three);
      await openSubscriptions(store).leave({ list: news, mailbox: one.address }, at(0));
      await openSubscriptions(store).leave({ list: staff, mailbox: two.address }, at(0));
      const id = await draft("1", ["prenom"], { list: news });
      const given = [one, two, { ...three, fields: { prenom: "Ève", rang: " \u00a0" } }];
      await recipients.add(accountId, id, { recipients: given, now: at(0) });
      assert.deepEqual(await counts(id), { suppressed: 1, scheduled: 2 });
      const wanted = await revise(id, "two", { fields: ["prenom", "rang"], list: news });
      assert.deepEqual(wanted, { lacking: 3, fields: ["rang"] });
      assert.equal((await edits.read(accountId, id))?.frame?.toString(), "draft", "nothing of it stayed");
      assert.equal(await revise(id, "two", { fields: ["address", "name"], list: staff, tracked: false }), "done");
      const { recipients: rows } = await recipients.report(Number(id), { after: "", states: undefined, limit: 9 });
      const told = rows.map(({ state, messageId }) => [state, messageId]);
      assert.deepEqual(told, [
        ["scheduled", null],
        ["suppressed", null],
        ["scheduled", null],
      ]);
      assert.deepEqual(await counts(id), await counted(store, id));
    });

    it("takes recipients out of a draft, and its time from what has not begun, late or not", async () => {
      const { draft, recipients, circulars, edits, revise, counts, upkeep, accountId } = open();
      const id = await draft("1");
      await recipients.add(accountId, id, { recipients: recipientsOf(5), now: at(0) });
      const due = { at: at(HOUR), wall: "2023-11-15T00:13", zone: "Europe/Paris", which: null };
      await circulars.schedule(accountId, id, { due, now: at(0) });
      assert.equal(await edits.remove(accountId, id, {}), "not-possible");
      await upkeep.sweep(at(3 * HOUR));
      assert.equal((await circulars.find(accountId, id))?.held, "late");
      assert.equal(await revise(id, "as of today"), "done");
      assert.equal(await edits.withdraw(accountId, id, at(3 * HOUR)), "done");
      const { state, held, dueAt, wall } = (await circulars.find(accountId, id)) ?? assert.fail();
      assert.deepEqual([state, held, dueAt, wall], ["draft", null, null, null]);
      const { recipients: rows } = await recipients.report(Number(id), { after: "", states: undefined, limit: 9 });
      const some = [rows[0]?.id ?? "", rows[3]?.id ?? "", "1", "x"];
      assert.deepEqual(await edits.remove(accountId, id, { recipients: some }), { removed: 2, recipients: 3 });
      const listed = recipientsOf(5).map((one) => ({ ...one, source: "list:tous" }));
      await recipients.addAll(accountId, id, { recipients: listed, now: at(0) });
      const from = (source: string | null, count: number) => ({ source, recipients: count });
      assert.deepEqual(await edits.sources(accountId, id), [from("list:tous", 2), from(null, 3)]);
      assert.equal(await edits.sources("else", id), null);
      assert.deepEqual(await edits.remove(accountId, id, { source: null }), { removed: 3, recipients: 2 });
      assert.deepEqual(await counts(id), await counted(store, id));
      assert.deepEqual(await edits.remove(accountId, id, {}), { removed: 2, recipients: 0 });
      const again = await recipients.addAll(accountId, id, { recipients: listed, now: at(0) });
      assert.ok(typeof again === "object" && again.faults.length === 0);
    });

    it("written anew, keeps the stored attachments that it still has, and no others", async () => {
      const { draft, revise, accountId } = open();
      const files = openLinkedFiles(store);
      const [stays, goes, comes] = ["stays", "goes", "comes"].map((name) => `${accountId}-${name}`) as [
        string,
        string,
        string,
      ];
      await files.announce(
        [stays, goes, comes].map((object) => ({ object, days: 30 })),
        at(0),
      );
      const id = await draft("1", [], { objects: [stays, goes] });
      assert.equal(await revise(id, "two", { objects: [stays, comes] }), "done");
      assert.deepEqual(await files.over(at(2 * HOUR), 10), [goes]);
      await files.forget([goes]);
    });
  });
