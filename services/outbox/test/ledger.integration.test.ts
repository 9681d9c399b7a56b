import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import type { Tables } from "../src/tables/schema.ts";
import { openWork } from "../src/tables/work.ts";
import { at, clear, DAY, HOUR, LATENESS, lease, openLedger, openTables, places, result } from "./ledger-bench.ts";

const LATE = { ...LATENESS, lateMs: DAY };

for (const { name: place, settings } of places)
  describe(`the ledger in ${place}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;

    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());

    it("stores once, whatever is repeated at the same moment, and keeps octets as they are", async () => {
      await clear(store);
      const { put, intake, origin, work, accountId } = openLedger(store);
      const answers = await Promise.all(Array.from({ length: 8 }, () => put(1)));
      assert.deepEqual(answers.toSorted(), [...Array(7).fill("known"), "stored"]);
      assert.deepEqual([...(await intake.known(origin(1), ["1", "2"]))], ["1"]);
      const [claimed, ...more] = await work.claim(10, lease("a"), at(1));
      assert.deepEqual([claimed?.accountId, more.length], [accountId, 0]);
      assert.equal(Buffer.from(claimed?.octets ?? []).toString("latin1"), "X: y\r\nSubject: 1\r\n\r\n\xff\x00");
    });

    it("gives each recipient to one of those who ask side by side, and no more sendings than asked for", async () => {
      await clear(store);
      const { put, work } = openLedger(store);
      for (let n = 0; n < 12; n++) await put(n, { to: ["b@example.org", "c@example.org"] });
      const claims = await Promise.all(Array.from({ length: 4 }, (_, i) => work.claim(3, lease(`l${i}`), at(1))));
      assert.ok(claims.every((claim) => claim.length <= 3));
      const taken = claims.flat();
      for (
        let more = await work.claim(3, lease("m"), at(1));
        more.length > 0;
        more = await work.claim(3, lease("m"), at(1))
      )
        taken.push(...more);
      const ids = taken.flatMap(({ recipients }) => recipients.map(({ id }) => id));
      assert.deepEqual([ids.length, new Set(ids).size], [24, 24]);
      await clear(store);
      for (const n of [1, 2, 3]) await put(n);
      // Sixteen octets each.
      const counts: number[] = [];
      for (const octets of [40, 1])
        counts.push((await openWork(store, DAY, { octets }).claim(3, lease("n"), at(1))).length);
      assert.deepEqual(counts, [2, 1]);
    });

    it("the fence: begun under the lease only, and all or none", async () => {
      await clear(store);
      const { put, work, states, upkeep } = openLedger(store);
      await put(1, { to: ["b@example.org", "c@example.org"] });
      const [claimed] = await work.claim(1, lease("a"), at(1));
      const ids = claimed?.recipients.map(({ id }) => id) ?? [];
      assert.equal(await work.begin("b", ids, at(2)), false);
      assert.equal(await work.begin("a", [...ids, 999_999], at(2)), false);
      assert.deepEqual(await states(), ["claimed", "claimed"]);
      assert.equal(await work.begin("a", ids, at(2)), true);
      assert.equal(await work.begin("a", ids, at(2)), false);
      await work.record(
        "b",
        ids.map((id) => result(id, "accepted")),
        at(3),
      );
      assert.deepEqual(await states(), ["begun", "begun"]);
      await work.record(
        "a",
        ids.map((id) => result(id, "accepted")),
        at(3),
      );
      assert.deepEqual(await states(), ["accepted", "accepted"]);
      assert.deepEqual(await upkeep.counts(), { accepted: 2 });
    });

    it("a lease that ends: claimed comes back, begun is unknown, and only its own late answer changes that", async () => {
      await clear(store);
      const { put, work, states, upkeep } = openLedger(store);
      for (const n of [1, 2]) await put(n);
      const claimed = await work.claim(2, lease("a", at(100)), at(1));
      const [first = 0, second = 0] = claimed.flatMap(({ recipients }) => recipients.map(({ id }) => id));
      await work.begin("a", [first], at(2));
      await work.renew(["a"], at(200));
      assert.deepEqual(await upkeep.sweep(at(150), LATE), { returned: 0, unknown: 0, held: 0, expired: 0 });
      assert.deepEqual(await upkeep.sweep(at(201), LATE), { returned: 1, unknown: 1, held: 0, expired: 0 });
      assert.deepEqual(await states(), ["unknown", "deferred"]);
      assert.equal(await work.begin("a", [second], at(202)), false);
      const [again] = await work.claim(5, lease("b"), at(203));
      assert.deepEqual(
        again?.recipients.map(({ id }) => id),
        [second],
      );
      await work.record("a", [result(first, "accepted"), result(second, "rejected")], at(204));
      assert.deepEqual(await states(), ["accepted", "claimed"]);
    });

    it("deferred ones come back at their time, expire at theirs, and what is late is held before it expires", async () => {
      await clear(store);
      const { put, work, states, upkeep, owners, accountId } = openLedger(store);
      await put(1, { expiresAt: at(2 * HOUR) });
      const [claimed] = await work.claim(1, lease("a"), at(1));
      await work.record("a", [result(claimed?.recipients[0]?.id ?? 0, "deferred", at(HOUR))], at(2));
      assert.deepEqual(await work.nextDue(at(0)), at(HOUR));
      assert.deepEqual(await work.claim(1, lease("b"), at(HOUR - 1)), []);
      assert.equal((await work.claim(1, lease("b", at(HOUR + 5)), at(HOUR))).length, 1);
      await upkeep.sweep(at(HOUR + 6), LATE);
      assert.equal((await upkeep.sweep(at(2 * HOUR), LATE)).expired, 1);
      assert.deepEqual(await states(), ["expired"]);
      await put(2, { expiresAt: at(2 * HOUR) });
      assert.deepEqual(await upkeep.sweep(at(30 * HOUR), LATE), { returned: 0, unknown: 0, held: 1, expired: 0 });
      assert.deepEqual(await states(), ["expired", "held"]);
      const [held] = await owners.list(accountId, ["held"], 1);
      assert.equal(await owners.release(accountId, held?.id ?? "", at(31 * HOUR)), "scheduled");
      assert.equal((await upkeep.sweep(at(32 * HOUR), LATE)).expired, 0, "released, it has its time again");
    });

    it("limits what answers by itself, per account and per target; rejects to one target over all accounts", async () => {
      await clear(store);
      const [one, other] = [openLedger(store), openLedger(store)];
      const vacation = (n: number, to: string, now = at(0)) => one.put(n, { kind: "vacation", to: [to] }, now);
      assert.equal(await vacation(1, "b@example.org"), "stored");
      assert.equal(await vacation(2, "B@example.org"), "stored");
      assert.equal(await vacation(3, "b@EXAMPLE.org"), "rate-limited");
      assert.equal(await vacation(3, "c@example.org"), "stored");
      assert.equal(await vacation(4, "d@example.org"), "rate-limited");
      assert.equal(await vacation(4, "d@example.org", at(HOUR + 1)), "stored");
      assert.equal(await vacation(5, "b@example.org", at(HOUR + 1)), "rate-limited");
      assert.equal(await vacation(5, "b@example.org", at(DAY + 1)), "stored");
      assert.equal(await other.put(1, { kind: "vacation", to: ["b@example.org"] }), "stored");
      assert.equal(await one.put(11, { kind: "reject", to: ["x@example.org"] }), "stored");
      assert.equal(await other.put(12, { kind: "reject", to: ["x@example.org"] }), "stored");
      assert.equal(await one.put(13, { kind: "reject", to: ["x@example.org"] }), "rate-limited");
      for (let n = 20; n < 30; n++) assert.equal(await one.put(n, { to: ["x@example.org"] }), "stored");
    });

    it("tells each last word until it is heard, and puts back what cancelled the keep", async () => {
      await clear(store);
      const { put, work, telling, owners, accountId } = openLedger(store);
      await put(1, { cancelsKeep: true });
      await put(2, { to: ["b@example.org", "c@example.org"] });
      const claimed = await work.claim(2, lease("a"), at(1));
      const [first = 0, second = 0, third = 0] = claimed.flatMap(({ recipients }) => recipients.map(({ id }) => id));
      assert.deepEqual(await telling.take(5, at(2), at(100)), []);
      await work.record("a", [result(first, "unknown"), result(second, "accepted")], at(2));
      const [untold, ...more] = await telling.take(5, at(3), at(100));
      assert.deepEqual(
        [untold?.word, untold?.isFactDue, untold?.isPutBackDue, more.length],
        ["unknown", true, true, 0],
      );
      assert.deepEqual(await telling.take(5, at(50), at(100)), [], "somebody has it in hand");
      assert.equal((await telling.take(5, at(101), at(200))).length, 1, "and did not come back");
      await telling.told(untold?.id ?? 0, "unknown");
      await telling.later(untold?.id ?? 0, at(100), at(250));
      await telling.keep([untold?.id ?? 0], at(100), at(251));
      assert.deepEqual(await telling.take(5, at(199), at(1_000)), [], "who has lost it changes nothing");
      await telling.keep([untold?.id ?? 0], at(200), at(210));
      assert.deepEqual(await telling.take(5, at(209), at(1_000)), [], "who holds it keeps it");
      await telling.later(untold?.id ?? 0, at(210), at(300));
      const [again] = await telling.take(5, at(300), at(400));
      assert.deepEqual([again?.isFactDue, again?.isPutBackDue, again?.attempts], [false, true, 1]);
      await telling.putBack(again?.id ?? 0, "gone");
      assert.deepEqual(await telling.take(5, at(DAY), at(DAY)), []);
      await work.record("a", [result(third, "deferred")], at(500));
      assert.equal(await owners.cancel(accountId, String(third), at(501)), "cancelled");
      const [mixed] = await telling.take(5, at(502), at(600));
      assert.deepEqual([mixed?.word, mixed?.isPutBackDue], ["cancelled", false]);
      assert.equal(await owners.release(accountId, String(first), at(503)), "scheduled");
      assert.deepEqual(
        (await telling.take(5, at(601), at(700))).map(({ id }) => id),
        [mixed?.id],
      );
      const [resent] = await work.claim(1, lease("b"), at(504));
      await work.record("b", [result(resent?.recipients[0]?.id ?? 0, "unknown")], at(505));
      const words = await telling.take(5, at(701), at(800));
      assert.deepEqual(words.map(({ word, isFactDue, isPutBackDue }) => [word, isFactDue, isPutBackDue]).toSorted(), [
        ["cancelled", true, false],
        ["unknown", true, false],
      ]);
    });

    it("drops bodies after a while, shared ones with their last use, and everything later; the counts follow", async () => {
      await clear(store);
      const { put, work, telling, upkeep, owners, accountId } = openLedger(store);
      const body = { sha256: `${accountId}/shared`, octets: Buffer.from("x") };
      await put(1, { body });
      await put(2, { body });
      await put(3, { hold: true });
      const claimed = await work.claim(2, lease("a"), at(1));
      await work.record(
        "a",
        claimed.flatMap(({ recipients }) => recipients.map(({ id }) => result(id, "accepted"))),
        at(2),
      );
      const keep = { bodiesMs: HOUR, sendingsMs: DAY };
      assert.deepEqual(await upkeep.drop(at(2 * HOUR), keep), { bodies: 0, sendings: 0 }, "not told yet");
      for (const { id, word } of await telling.take(5, at(3), at(4))) await telling.told(id, word);
      assert.deepEqual(await upkeep.drop(at(HOUR), keep), { bodies: 0, sendings: 0 });
      assert.deepEqual(await upkeep.drop(at(2 * HOUR), keep), { bodies: 1, sendings: 0 });
      const unknown = await owners.list(accountId, ["accepted"], 9);
      assert.equal(unknown.length, 2);
      await upkeep.compact();
      assert.deepEqual(await upkeep.counts(), { accepted: 2, held: 1 });
      assert.deepEqual(await upkeep.drop(at(2 * DAY), keep), { bodies: 0, sendings: 2 });
      assert.deepEqual(await upkeep.counts(), { held: 1 });
      assert.equal((await owners.list(accountId, null, 9)).length, 1);
    });

    it("does not send again what it has no body of", async () => {
      await clear(store);
      const { put, work, telling, upkeep, owners, accountId } = openLedger(store);
      await put(1);
      const [claimed] = await work.claim(1, lease("a"), at(1));
      const id = claimed?.recipients[0]?.id ?? 0;
      await work.record("a", [result(id, "unknown")], at(2));
      for (const one of await telling.take(5, at(3), at(4))) await telling.told(one.id, one.word);
      await upkeep.drop(at(2 * HOUR), { bodiesMs: HOUR, sendingsMs: DAY });
      assert.equal(await owners.release(accountId, String(id), at(2 * HOUR)), "body-gone");
      assert.equal(await owners.release("bob", String(id), at(2 * HOUR)), "missing");
    });

    it("whose clock runs ahead sends nothing early, and ends nobody's lease", async () => {
      await clear(store);
      const { put, work, upkeep } = openLedger(store);
      const begun = Date.now();
      const ahead = new Date(begun + 2 * HOUR);
      await put(1, { dueAt: new Date(begun + HOUR) }, new Date(begun));
      assert.deepEqual(await work.claim(10, lease("fast"), ahead), []);
      // An hour to wait, by whatever clock.
      const waitMs = +((await work.nextDue(ahead)) ?? 0) - +ahead;
      assert.ok(waitMs <= HOUR && waitMs > HOUR - (Date.now() - begun) - 1_000, `${waitMs}`);
      const agreed = await upkeep.agreedNow(ahead);
      assert.ok(+agreed < begun + HOUR, agreed.toISOString());
      assert.deepEqual(await upkeep.agreedNow(at(0)), at(0));
    });

    it("holds what was claimed when restored tables were saved, whoever's lease it still has", async () => {
      await clear(store);
      const { put, work, upkeep, states } = openLedger(store);
      await put(1);
      await put(2);
      const [claimed] = await work.claim(1, lease("before"), at(0));
      assert.ok(claimed);
      await upkeep.holdAll(at(1));
      assert.deepEqual(await states(), ["held", "held"]);
      const ids = claimed.recipients.map(({ id }) => id);
      assert.equal(await work.begin("before", ids, at(2)), false);
      await upkeep.sweep(at(HOUR), LATENESS);
      assert.deepEqual(await work.claim(10, lease("after"), at(2 * HOUR)), []);
    });

    it("keeps what it made for itself", async () => {
      const { upkeep } = openLedger(store);
      const keys = await Promise.all(["a", "b", "c"].map((fresh) => upkeep.keepOnce("key", fresh)));
      assert.equal(new Set([...keys, await upkeep.keepOnce("key", "d")]).size, 1);
    });
  });
