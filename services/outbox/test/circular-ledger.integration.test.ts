import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import fc from "fast-check";
import type { Tables } from "../src/tables/schema.ts";
import { recipientsOf } from "./circular-asks.ts";
import { type Bench, counted, openBench } from "./circular-bench.ts";
import { CircularWalk, unsuppressAll, walks } from "./circular-walk.ts";
import { at, everythingIn, HOUR, openTables, places } from "./ledger-bench.ts";

for (const { name, settings } of places)
  describe(`the ledger of circulars in ${name}`, { timeout: 170_000 }, () => {
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

    it("is the same circular when it is created again, and another draft is refused under its key", async () => {
      const { draft, circulars, accountId } = open();
      assert.equal(await draft("k"), await draft("k"));
      assert.equal((await circulars.list(accountId, 10)).length, 1);
      const body = { sha256: "b".repeat(64), octets: Buffer.from("another") };
      const about = { subject: "", tracked: true, receipts: "none", fields: [], objects: [] } as const;
      const other = { accountId, key: "k", draft: body.sha256, body, ...about };
      assert.equal(await circulars.create(other, at(0)), "other");
    });

    it("takes each mailbox once, and says of each that it does not take why", async () => {
      const { draft, recipients, accountId, counts } = open();
      const id = await draft("1", ["prenom"]);
      await recipients.suppress(["Non@Academie.Example"], at(0));
      const given = [
        { line: 2, address: "Anne.Martin@academie.example", fields: { prenom: "Anne" } },
        { line: 3, address: "anne.martin@ACADEMIE.example", fields: { prenom: "Anne" } },
        { line: 4, address: "no address", fields: { prenom: "?" } },
        { line: 5, address: "bob@academie.example", fields: {} },
        { line: 6, address: " eve@académie.example ", fields: { prenom: "Ève" } },
        { line: 7, address: "non@academie.example", fields: { prenom: "N" } },
      ];
      const first = await recipients.add(accountId, id, { recipients: given, now: at(0) });
      assert.deepEqual(first, {
        added: 3,
        suppressed: 1,
        recipients: 3,
        faults: [
          { kind: "double", line: 3, of: 2 },
          { kind: "invalid", line: 4 },
          { kind: "fields", line: 5, missing: ["prenom"] },
        ],
      });
      const again = await recipients.add(accountId, id, { recipients: given.slice(0, 1), now: at(0) });
      assert.deepEqual(again, { added: 0, suppressed: 0, recipients: 3, faults: [{ kind: "double", line: 2 }] });
      assert.deepEqual(await counts(id), { scheduled: 2, suppressed: 1 });
      await recipients.unsuppress(["non@academie.example"]);
    });

    it("begins at its instant, never before, and is held when it is later than its grace", async () => {
      const { draft, recipients, accountId, circulars, work, upkeep } = open();
      const due = { at: at(HOUR), wall: "2023-11-15T00:13", zone: "Europe/Paris", which: null };
      const ids = [await draft("1"), await draft("2")];
      for (const id of ids) {
        assert.equal(await circulars.schedule(accountId, id, { due, now: at(0) }), "no-recipients");
        await recipients.add(accountId, id, { recipients: recipientsOf(1), now: at(0) });
      }
      const [first = "", second = ""] = ids;
      await circulars.schedule(accountId, first, { due, now: at(0) });
      assert.deepEqual(await work.nextDue(at(0)), at(HOUR));
      await work.start(at(HOUR - 1));
      assert.equal((await circulars.find(accountId, first))?.state, "scheduled");
      await work.start(at(2 * HOUR));
      assert.equal((await circulars.find(accountId, first))?.state, "started");
      await circulars.schedule(accountId, second, { due, now: at(0) });
      await work.start(at(2 * HOUR + 1));
      await upkeep.sweep(at(2 * HOUR + 1));
      const held = await circulars.find(accountId, second);
      assert.deepEqual([held?.state, held?.held], ["held", "late"]);
      const resumed = await circulars.resume(accountId, second, at(3 * HOUR));
      assert.ok(typeof resumed === "object" && resumed.state === "started" && resumed.held === null);
      assert.equal(resumed.deadlineAt, at(27 * HOUR).getTime());
    });

    it("does not begin early for an instance whose clock runs ahead, nor is it too late by it", async () => {
      const { draft, recipients, accountId, circulars, work } = open();
      const begun = Date.now();
      const ahead = new Date(begun + 2 * HOUR);
      const dueIn = async (ms: number): Promise<string> => {
        const id = await draft(`${ms}`);
        await recipients.add(accountId, id, { recipients: recipientsOf(1), now: at(0) });
        const due = { at: new Date(begun + ms), wall: null, zone: null, which: null };
        await circulars.schedule(accountId, id, { due, now: at(0) });
        return id;
      };
      const [id, now] = [await dueIn(HOUR), await dueIn(-1_000)];
      await work.start(ahead);
      const stateOf = async (one: string) => (await circulars.find(accountId, one))?.state;
      assert.deepEqual([await stateOf(id), await stateOf(now)], ["scheduled", "started"]);
      // An hour to wait, by whatever clock.
      const waitMs = +((await work.nextDue(ahead)) ?? 0) - +ahead;
      assert.ok(waitMs <= HOUR && waitMs > HOUR - (Date.now() - begun) - 1_000, `${waitMs}`);
      for (const one of [id, now]) await circulars.cancel(accountId, one, at(0));
    });

    it("gives different recipients to those who claim side by side", async () => {
      const { started, claim } = open();
      const id = await started(40);
      const [a, b] = await Promise.all([claim(id, 30, "a"), claim(id, 30, "b")]);
      const ids = [...a, ...b].map((one) => one.id);
      assert.equal(new Set(ids).size, ids.length);
      const rest = await claim(id, 40, "c");
      assert.equal(ids.length + rest.length, 40);
    });

    it("begins only what is claimed under the lease: all of a mail's recipients, or none", async () => {
      const { started, claim, begin, work, counts, said } = open();
      const id = await started(3);
      const [one, two, three] = await claim(id, 3, "a");
      assert.ok(one && two && three);
      assert.deepEqual(await begin(id, "b", [one.id]), [false]);
      assert.deepEqual(
        await work.commit(
          {
            begins: [
              { lease: "a", circularId: Number(id), ids: [one.id, two.id] },
              { lease: "b", circularId: Number(id), ids: [three.id] },
            ],
            results: [],
          },
          at(HOUR),
        ),
        [true, false],
      );
      assert.deepEqual(await begin(id, "a", [two.id, three.id]), [false]);
      await work.commit(
        { begins: [], results: [said(one, "accepted"), said(two, "deferred", at(2 * HOUR))] },
        at(HOUR),
      );
      assert.deepEqual(await counts(id), { accepted: 1, deferred: 1, claimed: 1 });
      assert.deepEqual(await counted(store, id), { accepted: 1, deferred: 1, claimed: 1 });
      assert.deepEqual(await work.nextDue(at(HOUR)), at(2 * HOUR));
    });

    it("returns what was not begun when a lease ends, and knows nothing of what was; a late answer corrects that", async () => {
      const { started, claim, begin, work, upkeep, counts, said } = open();
      const id = await started(3);
      const [one, two, three] = await claim(id, 3, "a");
      assert.ok(one && two && three);
      await begin(id, "a", [one.id, two.id]);
      await upkeep.sweep(at(2 * HOUR + 1));
      assert.deepEqual(await counts(id), { unknown: 2, scheduled: 1 });
      // Whoever has the lease no more cannot begin, nor take away from who has it now.
      assert.deepEqual(await begin(id, "a", [three.id]), [false]);
      const [again] = await claim(id, 3, "b", at(2 * HOUR + 1));
      assert.equal(again?.id, three.id);
      await begin(id, "b", [three.id]);
      await work.commit({ begins: [], results: [said(three, "returned"), said(one, "accepted")] }, at(3 * HOUR));
      assert.deepEqual(await counts(id), { unknown: 1, accepted: 1, begun: 1 });
      assert.deepEqual(await counted(store, id), { unknown: 1, accepted: 1, begun: 1 });
    });

    it("lets nothing begin once it is paused, and goes on where it was", async () => {
      const { started, claim, begin, work, circulars, accountId, said, counts } = open();
      const id = await started(2);
      const [one, two] = await claim(id, 2, "a");
      assert.ok(one && two);
      assert.deepEqual(await begin(id, "a", [one.id]), [true]);
      await circulars.pause(accountId, id, at(HOUR));
      assert.deepEqual(await begin(id, "a", [two.id]), [false]);
      await work.commit({ begins: [], results: [said(one, "accepted"), said(two, "returned")] }, at(HOUR));
      assert.deepEqual(await counts(id), { accepted: 1, scheduled: 1 });
      assert.deepEqual(
        (await work.started(at(HOUR))).filter((circular) => circular.id === Number(id)),
        [],
      );
      const resumed = await circulars.resume(accountId, id, at(5 * HOUR));
      // The hours of the pause are not lost.
      assert.equal(typeof resumed === "object" ? resumed.deadlineAt : 0, at(29 * HOUR).getTime());
      const [again] = await claim(id, 2, "b", at(5 * HOUR));
      assert.equal(again?.id, two.id);
      assert.deepEqual(await begin(id, "b", [two.id], at(5 * HOUR)), [true]);
    });

    it("lets a cancel win over a claim, says how many had left, and ends", async () => {
      const { started, claim, begin, upkeep, circulars, accountId, counts, work, said } = open();
      const id = await started(5);
      const [one, two] = await claim(id, 2, "a");
      assert.ok(one && two);
      await begin(id, "a", [one.id]);
      assert.equal((await circulars.cancel(accountId, id, at(HOUR))).left, 1);
      assert.deepEqual(await begin(id, "a", [two.id]), [false]);
      await upkeep.sweep(at(HOUR));
      assert.deepEqual(await counts(id), { begun: 1, cancelled: 4 });
      assert.equal((await circulars.find(accountId, id))?.finishedAt, null);
      await work.commit({ begins: [], results: [said(one, "accepted"), said(two, "returned")] }, at(HOUR));
      await upkeep.sweep(at(HOUR));
      const ended = await circulars.find(accountId, id);
      assert.deepEqual([ended?.state, ended?.counts], ["cancelled", { accepted: 1, cancelled: 4 }]);
      assert.equal(ended?.finishedAt, at(HOUR).getTime());
      assert.equal((await circulars.cancel(accountId, id, at(HOUR))).left, 1);
    });

    it("tries until its deadline, then it is over", async () => {
      const { started, claim, begin, work, upkeep, circulars, accountId, said } = open();
      const id = await started(2);
      const [one, two] = await claim(id, 2, "a");
      assert.ok(one && two);
      await begin(id, "a", [one.id]);
      await work.commit(
        { begins: [], results: [said(one, "deferred", at(20 * HOUR)), said(two, "returned")] },
        at(HOUR),
      );
      await upkeep.sweep(at(24 * HOUR));
      assert.equal((await circulars.find(accountId, id))?.state, "started");
      await upkeep.sweep(at(25 * HOUR));
      const over = await circulars.find(accountId, id);
      assert.deepEqual([over?.state, over?.counts], ["done", { expired: 2 }]);
      assert.equal(await circulars.resume(accountId, id, at(26 * HOUR)), "not-possible");
    });

    it("writes again to one of whom nobody knows, when its owner says so, though it had ended", async () => {
      const { started, claim, begin, upkeep, circulars, recipients, accountId } = open();
      const id = await started(1);
      const [one] = await claim(id, 1, "a");
      assert.ok(one);
      await begin(id, "a", [one.id]);
      await upkeep.sweep(at(2 * HOUR + 1));
      assert.equal((await circulars.find(accountId, id))?.state, "done");
      const release = (recipient: string) => recipients.release(accountId, id, { recipient, now: at(3 * HOUR) });
      assert.equal(await release("1"), "missing");
      assert.equal(await release(String(one.id)), "done");
      assert.equal(await release(String(one.id)), "not-possible");
      const again = await circulars.find(accountId, id);
      assert.deepEqual([again?.state, again?.counts, again?.finishedAt], ["started", { deferred: 1 }, null]);
      const [claimed] = await claim(id, 1, "b", at(3 * HOUR));
      assert.equal(claimed?.messageId, one.messageId);
    });

    it("holds whatever might leave when the tables are restored ones, and drops what is old", async () => {
      const { started, upkeep, circulars, accountId, draft } = open();
      const id = await started(1);
      await upkeep.holdRestored(at(HOUR));
      const held = await circulars.find(accountId, id);
      assert.deepEqual([held?.state, held?.held], ["held", "restored"]);
      await circulars.cancel(accountId, id, at(HOUR));
      await upkeep.sweep(at(HOUR));
      await draft("never scheduled");
      await upkeep.drop(at(10 * HOUR), { bodiesMs: HOUR, circularsMs: HOUR, subscribersMs: HOUR });
      assert.deepEqual(await circulars.list(accountId, 10), []);
    });

    it("of what is old no table has a word: no address, no subject, no answer of a server", async () => {
      const { draft, recipients, circulars, work, claim, begin, said, upkeep, accountId } = open();
      const id = await draft("1", [], { subject: "Bilan 4711", list: "list-4711" });
      const one = { line: 1, address: "zoe.4711@lycee.example", name: "Zoé 4711", fields: { prenom: "Zoé-4711" } };
      await recipients.add(accountId, id, { recipients: [one], now: at(0) });
      const due = { at: at(HOUR), wall: null, zone: null, which: null };
      await circulars.schedule(accountId, id, { due, now: at(0) });
      await work.start(at(HOUR));
      for (const [state, moment] of [
        ["deferred", HOUR],
        ["accepted", HOUR + 1],
      ] as const) {
        const [claimed = assert.fail()] = await claim(id, 1, state, at(moment));
        await begin(id, state, [claimed.id], at(moment));
        await work.commit({ begins: [], results: [said(claimed, state, at(moment))] }, at(moment));
      }
      await upkeep.sweep(at(2 * HOUR));
      const kept = await everythingIn(store);
      for (const word of ["zoe.4711@lycee.example", "Zoé 4711", "Zoé-4711", "Bilan 4711"])
        assert.ok(kept.includes(word), word);
      const keep = { bodiesMs: HOUR, circularsMs: HOUR, subscribersMs: 10 * HOUR };
      await upkeep.drop(at(9 * HOUR), keep);
      const former = (await everythingIn(store)).split("\n").filter((line) => line.includes("4711"));
      assert.deepEqual(
        former.map((line) => line.split(" ")[0]),
        ["former_recipient"],
        "by whom the list can still be left",
      );
      await upkeep.drop(at(20 * HOUR), keep);
      assert.doesNotMatch(await everythingIn(store), /4711/);
    });

    it("counts as its rows are, whatever is done to it, and nobody who has it gets it again", async () => {
      const walk = fc.asyncProperty(walks, (steps) => new CircularWalk(store, open()).run(steps));
      await fc.assert(
        walk.afterEach(async () => void (await unsuppressAll(bench))),
        { numRuns: name === "PGlite" ? 3 : 10 },
      );
    });
  });
