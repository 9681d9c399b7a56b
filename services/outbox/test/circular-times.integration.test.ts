import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import type { OfficeHours } from "@tamis/when";
import { turnWindows } from "../src/tables/circular-hours.ts";
import { openCircularSeries } from "../src/tables/circular-series.ts";
import { type Lookups, openLookups, type Question, type Ruling } from "../src/tables/lookups.ts";
import type { Tables } from "../src/tables/schema.ts";
import { recipientsOf } from "./circular-asks.ts";
import { type Bench, counted, openBench } from "./circular-bench.ts";
import { at, HOUR, LATENESS, lease, openLedger, openTables, places, result } from "./ledger-bench.ts";

const hours: OfficeHours = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00", zone: "Europe/Paris" };
/** Days of November 2023; the 15th is a Wednesday. */
const utc = (text: string): Date => new Date(`2023-11-${text}:00Z`);
const due = (day: string) => ({
  at: utc(`${day}T07:00`),
  wall: `2023-11-${day}T08:00`,
  zone: "Europe/Paris",
  which: null,
});

for (const { name, settings } of places)
  describe(`circulars over days, in ${name}`, { timeout: 170_000 }, () => {
    let store: Store<Tables>;
    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());

    /** One that leaves in office hours, begun on Wednesday at eight. */
    async function inOfficeHours(bench: Bench, count: number): Promise<string> {
      const { draft, recipients, circulars, work, accountId } = bench;
      const id = await draft();
      await recipients.add(accountId, id, { recipients: recipientsOf(count), now: at(0) });
      const recurring = { hours, every: null };
      await circulars.schedule(accountId, id, { due: due("15"), recurring, now: at(0) });
      await work.start(utc("15T07:00"));
      return id;
    }

    it("leave in office hours only, to the moment, and go on when the next begin", async () => {
      const bench = openBench(store);
      const { circulars, work, claim, begin, accountId } = bench;
      const id = await inOfficeHours(bench, 3);
      const begun = await circulars.find(accountId, id);
      assert.deepEqual(begun?.hours, { opensAt: +utc("15T07:00"), closesAt: +utc("15T17:00"), only: hours });
      // A day of trying, in hours that are open: ten, ten and four.
      assert.equal(begun?.deadlineAt, +utc("17T11:00"));
      const [one, two, three] = await claim(id, 3, "a", utc("15T16:59"));
      assert.ok(one && two && three);
      assert.deepEqual(await begin(id, "a", [one.id], new Date(+utc("15T17:00") - 1)), [true]);
      assert.deepEqual(await begin(id, "a", [two.id], utc("15T17:00")), [false]);
      const isStarted = async (now: Date) => (await work.started(now)).some((circular) => circular.id === Number(id));
      assert.equal(await isStarted(utc("15T17:00")), false);
      await turnWindows(store, utc("15T17:00"));
      assert.equal((await circulars.find(accountId, id))?.hours?.opensAt, +utc("16T07:00"));
      assert.equal(await isStarted(new Date(+utc("16T07:00") - 1)), false);
      assert.equal(await isStarted(utc("16T07:00")), true);
      assert.deepEqual(await begin(id, "a", [two.id, three.id], utc("16T07:00")), [true]);
    });

    it("lose no open time to a pause", async () => {
      const bench = openBench(store);
      const id = await inOfficeHours(bench, 1);
      await bench.circulars.pause(bench.accountId, id, utc("15T16:00"));
      const resumed = await bench.circulars.resume(bench.accountId, id, utc("16T08:00"));
      assert.equal(typeof resumed === "object" ? resumed.deadlineAt : 0, +utc("17T13:00"));
    });

    const series = (messageIdOf = (n: number) => `<${n}@example.org>`) =>
      openCircularSeries(store, { slot: 0, deadlineMs: 24 * HOUR, messageIdOf });
    const follow = (now: Date) => series().follow(now, (_id, error) => assert.fail(String(error)));

    async function recurring(bench: Bench, rule: string, left: number | null, count = 2): Promise<string> {
      const { draft, recipients, circulars, accountId } = bench;
      const id = await draft();
      await recipients.addAll(accountId, id, { recipients: recipientsOf(count), now: at(0) });
      const every = { hours: null, every: { rule, left } };
      await circulars.schedule(accountId, id, { due: due("15"), recurring: every, now: at(0) });
      return id;
    }

    it("that recur are followed when they begin, once, by one of their own", async () => {
      const bench = openBench(store);
      const { circulars, recipients, work, accountId } = bench;
      const id = await recurring(bench, "weekly", 2, 600);
      assert.deepEqual(await follow(utc("15T06:59")), []);
      await work.start(utc("15T07:00"));
      // Cut off in the middle, nothing of it is there.
      let count = 0;
      const cut = series((n) => {
        if (++count > 550) throw new Error("cut off");
        return `<${n}@example.org>`;
      });
      const failed: number[] = [];
      assert.deepEqual(await cut.follow(utc("15T07:00"), (circular) => failed.push(circular)), []);
      assert.deepEqual([failed, (await circulars.list(accountId, 10)).length], [[Number(id)], 1]);
      const made = (await Promise.all([follow(utc("15T07:00")), follow(utc("15T07:00"))])).flat();
      assert.equal(made.length, 1);
      assert.deepEqual(await follow(utc("15T07:01")), []);
      const next = String(made[0]);
      const second = await circulars.find(accountId, next);
      assert.deepEqual(
        [second?.state, second?.dueAt, second?.wall, second?.counts, second?.every],
        ["scheduled", +utc("22T07:00"), "2023-11-22 08:00", { scheduled: 600 }, { rule: "weekly", left: 1, first: id }],
      );
      assert.deepEqual(await counted(store, next), { scheduled: 600 });
      const page = (of: string) => recipients.report(Number(of), { after: undefined, states: undefined, limit: 1_000 });
      const [before, after_] = [await page(id), await page(next)];
      const addresses = ({ recipients: some }: typeof before) => some.map(({ address }) => address);
      assert.deepEqual(addresses(after_), addresses(before));
      const ids = new Set([...before.recipients, ...after_.recipients].map(({ messageId }) => messageId));
      assert.equal(ids.size, 1_200);
    });

    it("that recur end by their count, and by their day", async () => {
      const bench = openBench(store);
      const last = await recurring(bench, "weekly", 0);
      await bench.work.start(utc("15T07:00"));
      assert.deepEqual(await follow(utc("15T07:00")), []);
      assert.deepEqual((await bench.circulars.find(bench.accountId, last))?.every?.left, 0);
      const other = openBench(store);
      await recurring(other, "weekly until 2023-11-20", null);
      await other.work.start(utc("15T07:00"));
      assert.deepEqual(await follow(utc("15T07:00")), []);
      assert.equal((await other.circulars.list(other.accountId, 10)).length, 1);
    });

    it("that recur stop with any of them that is cancelled", async () => {
      const bench = openBench(store);
      const { circulars, work, accountId } = bench;
      const id = await recurring(bench, "weekly", null);
      await work.start(utc("15T07:00"));
      const [made] = await follow(utc("15T07:00"));
      await circulars.cancel(accountId, id, utc("15T08:00"));
      assert.equal((await circulars.find(accountId, String(made)))?.state, "cancelled");
      const other = openBench(store);
      const early = await recurring(other, "weekly", null);
      await other.work.start(utc("15T07:00"));
      await other.circulars.cancel(other.accountId, early, utc("15T07:00"));
      assert.deepEqual(await follow(utc("15T07:00")), []);
      assert.equal((await other.circulars.list(other.accountId, 10)).length, 1);
    });

    it("are looked at before they leave: who, in which domains, and who not; and drafts are forgotten", async () => {
      const { draft, recipients, circulars, accountId } = openBench(store);
      const id = await draft();
      const many = [
        ...recipientsOf(400, "a.example"),
        ...recipientsOf(150, "b.example"),
        ...recipientsOf(1, "a.example"),
      ];
      const given = many.map((one, line) => ({ ...one, line }));
      assert.equal(await recipients.suppress(["AGENT-0@a.example", "agent-0@a.example", "x@y.example"], at(0)), 2);
      const added = await recipients.addAll(accountId, id, { recipients: given, now: at(0) });
      assert.deepEqual(added, { suppressed: 1, recipients: 550, faults: [{ kind: "double", line: 550 }] });
      assert.equal(await recipients.suppress(["agent-1@a.example"], at(0)), 1);
      assert.deepEqual(await recipients.outlook(Number(id)), {
        recipients: 550,
        suppressed: 2,
        domains: [
          { domain: "a.example", count: 398 },
          { domain: "b.example", count: 150 },
        ],
        domainCount: 2,
      });
      const first = await recipients.suppressed({ after: undefined, limit: 2 });
      const second = await recipients.suppressed({ after: first.next ?? undefined, limit: 2 });
      assert.deepEqual(
        [...first.addresses, ...second.addresses].map(({ address }) => address),
        ["agent-0@a.example", "agent-1@a.example", "x@y.example"],
      );
      assert.equal(second.next, null);
      assert.equal(
        await recipients.unsuppress(["X@y.example", "agent-0@a.example", "agent-1@a.example", "no@y.example"]),
        3,
      );
      assert.equal(await circulars.discard("somebody else", id, at(1)), "missing");
      assert.equal(await circulars.discard(accountId, id, at(1)), "done");
      assert.equal(await circulars.find(accountId, id), null);
      assert.equal(await recipients.addAll(accountId, id, { recipients: given, now: at(1) }), "missing");
    });

    describe("of whom nobody knows", () => {
      let lookups: Lookups;
      before(() => {
        lookups = openLookups(store, 0);
      });
      const ask = (now: Date): Promise<readonly Question[]> =>
        lookups.take({ limit: 100, before: new Date(+now - HOUR), until: new Date(+now + HOUR), now });
      const rule = (question: Question | undefined, arrival: Ruling["arrival"], resend: boolean, now: Date) => {
        assert.ok(question);
        return lookups.rule(question, { arrival, resend, nextAt: new Date(+now + 2 * HOUR), now });
      };

      it("are looked up: accepted, sent again, or as before", async () => {
        const { started, claim, begin, upkeep, counts, circulars, accountId, work, said } = openBench(store);
        const id = await started(5);
        const claimed = await claim(id, 5, "a");
        await begin(
          id,
          "a",
          claimed.map((one) => one.id),
        );
        await upkeep.sweep(at(2 * HOUR + 1));
        assert.equal((await circulars.find(accountId, id))?.state, "done");
        const own = new Set(claimed.map((one) => one.id));
        const askOwn = async (now: Date) => (await ask(now)).filter(({ recipientId }) => own.has(recipientId));
        assert.deepEqual(await askOwn(at(3 * HOUR)), []);
        const asked = await askOwn(at(3 * HOUR + 1));
        assert.deepEqual(
          asked.map(({ recipientId, messageId, attempts }) => [recipientId, messageId, attempts]),
          claimed.map((one) => [one.id, one.messageId, 1]),
        );
        // Somebody asks already.
        assert.deepEqual(await askOwn(at(3 * HOUR + 2)), []);
        const [first, second, third, fourth, fifth] = asked;
        const now = at(3 * HOUR + 3);
        assert.equal(await rule(first, "arrived", true, now), "accepted");
        assert.equal(await rule(second, "absent", false, now), "unknown");
        assert.equal(await rule(third, "unclear", true, now), "unknown");
        assert.equal(await rule(fourth, "absent", true, now), "deferred");
        // The process that sent it was only slow.
        const late = claimed[4];
        assert.ok(late);
        await work.commit({ begins: [], results: [said(late, "accepted")] }, now);
        assert.equal(await rule(fifth, "absent", true, now), "changed");
        assert.deepEqual(await counts(id), { accepted: 2, unknown: 2, deferred: 1 });
        assert.deepEqual(await counted(store, id), { accepted: 2, unknown: 2, deferred: 1 });
        const [again] = await claim(id, 5, "b", now);
        assert.deepEqual([again?.id, again?.messageId], [fourth?.recipientId, fourth?.messageId]);
        // Only the one without an answer is asked for again.
        const later = await askOwn(at(6 * HOUR));
        assert.deepEqual(
          later.map(({ recipientId, attempts }) => [recipientId, attempts]),
          [[third?.recipientId, 2]],
        );
        // Nothing is sent again once its time is over.
        assert.equal(await rule(later[0], "absent", true, at(26 * HOUR)), "unknown");
      });

      it("are looked up where a script wrote to them, and never where it redirected", async () => {
        const { put, work, upkeep, states } = openLedger(store);
        await put(1, { kind: "vacation", messageId: "<v1@x>" });
        await put(2, { kind: "vacation", messageId: "<v2@x>", to: ["c@example.org"] });
        await put(3, { kind: "redirect", messageId: "<r@x>" });
        await put(4, { kind: "reject", messageId: "<j@x>", to: ["d@example.org"] });
        for (const sending of await work.claim(10, lease("a"), at(0)))
          await work.begin(
            "a",
            sending.recipients.map((one) => one.id),
            at(0),
          );
        await upkeep.sweep(at(60_001), LATENESS);
        const asked = await ask(at(2 * HOUR));
        const byId = (messageId: string) => asked.find((question) => question.messageId === messageId);
        assert.equal(byId("<r@x>"), undefined);
        assert.equal(await rule(byId("<v1@x>"), "arrived", true, at(2 * HOUR)), "accepted");
        assert.equal(await rule(byId("<v2@x>"), "absent", true, at(2 * HOUR)), "deferred");
        // Its owner may have been given the mail back by now.
        assert.equal(await rule(byId("<j@x>"), "absent", true, at(2 * HOUR)), "unknown");
        assert.deepEqual(await states(), ["accepted", "deferred", "unknown", "unknown"]);
      });

      it("are taken for arrived only where the copy cannot be another recipient's", async () => {
        const { put, work, upkeep, states, accountId } = openLedger(store);
        const own = (name: string): string => `<${name}.${accountId}@x>`;
        const to = (n: number): string[] => [`a${n}@example.org`, `b${n}@example.org`];
        await put(1, { kind: "submission", messageId: own("together"), to: to(1) });
        await put(2, { kind: "submission", messageId: own("one-before"), to: to(2) });
        await put(3, { kind: "submission", messageId: own("tracked"), to: to(3), receipts: "read" });
        const claimed = await work.claim(10, lease("g"), at(0));
        const idsOf = (n: number) => (claimed[n - 1]?.recipients ?? []).map(({ id }) => id);
        for (const n of [1, 2, 3]) await work.begin("g", idsOf(n), at(0));
        await work.record("g", [result(idsOf(2)[0] ?? 0, "accepted")], at(1));
        await upkeep.sweep(at(60_001), LATENESS);
        const asked = async (now: Date) => (await ask(now)).filter((one) => one.messageId.includes(accountId));
        const now = at(2 * HOUR);
        const [first, second, late, tracked, other, ...more] = await asked(now);
        assert.deepEqual(
          [first, second, late, tracked, other].map((one) => [one?.recipientId, one?.sentAfter]),
          [...idsOf(1), idsOf(2)[1], ...idsOf(3)].map((id) => [id, at(0)]),
        );
        assert.deepEqual(more, []);
        assert.equal(await rule(first, "arrived", false, now), "accepted");
        assert.equal(await rule(second, "absent", false, now), "changed");
        assert.equal(await rule(late, "arrived", false, now), "unknown");
        assert.equal(await rule(tracked, "arrived", false, now), "unknown");
        assert.equal(await rule(other, "not-found", true, now), "unknown");
        assert.deepEqual(await states(), ["accepted", "accepted", "accepted", "unknown", "unknown", "unknown"]);
        assert.deepEqual(await asked(at(500 * HOUR)), [], "none of them is asked for again");
      });
    });
  });
