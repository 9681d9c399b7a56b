import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { ReportSeen } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { makeToken } from "@tamis/tokens";
import fc from "fast-check";
import { onReceiptsAsk } from "../src/on-receipts-ask.ts";
import { onReport } from "../src/on-report.ts";
import { openLedger } from "../src/tables/ledger.ts";
import { pageOfRequests, type RequestPage } from "../src/tables/request-views.ts";
import { openRequests } from "../src/tables/requests.ts";
import type { Tables } from "../src/tables/schema.ts";
import { openViews } from "../src/tables/views.ts";
import { everythingIn, openEarlier, openTables, places } from "./places.ts";
import { at, displayed, dsn, keys, mail, messageIdOf, numbered, tokenOf, tracked, trackedAt } from "./reports.ts";

for (const { name: place, settings } of places)
  describe(`what became of mails, in ${place}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;

    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());
    beforeEach(() => store.transaction((db) => db.deleteFrom("receipt").execute()));

    const give = async (report: unknown): Promise<string> => {
      const deps = { ledger: openLedger(store), keys: () => keys, now: () => at(9), onNoted() {} };
      const answer = await onReport(report, deps);
      return answer.kind === "noted" ? answer.match : answer.kind;
    };
    const ask = (question: object, seeOwner: "details" | "counts" = "details") => {
      const asked = { accountId: "anna", as: "owner", language: "fr", ...question };
      const requests = {
        requests: openRequests(store, { policy: "ask", inside: [] }, () => undefined),
        page: (page: RequestPage) => pageOfRequests(store, page),
        now: () => at(9),
      };
      return onReceiptsAsk(asked, { views: openViews(store), see: { owner: seeOwner, operator: "counts" }, requests });
    };
    const track = (...numbers: readonly number[]) => openLedger(store).track(tracked(...numbers), at(0));
    const rows = async () => (await openViews(store).page({ accountId: "anna", limit: 1000 })).rows;
    const stateOf = async (n: number) => (await rows()).find(({ id }) => id === numbered(n))?.state;

    it("a report with a token changes the state, once, whoever gives it at the same moment", async () => {
      await track(1, 2);
      const report = dsn(1, "failed");
      assert.deepEqual(await Promise.all([give(report), give(report), give(report)]), ["ours", "ours", "ours"]);
      assert.deepEqual([await stateOf(1), await stateOf(2)], ["failed", "none"]);
      const answer = await ask({ op: "reports", recipient: numbered(1) });
      assert.deepEqual(answer.kind === "reports" && answer.reports.length, 1);
    });

    it("reports in any order come to the same; a delay closes nothing", async () => {
      await track(1, 2);
      const given = (n: number) => [dsn(n, "delayed"), dsn(n, "delivered"), displayed(n)];
      for (const report of given(1)) await give(report);
      for (const report of given(2).toReversed()) await give(report);
      assert.deepEqual([await stateOf(1), await stateOf(2)], ["displayed", "displayed"]);
    });

    it("a report that comes before outbox tells of the mail is kept, and shown once it has", async () => {
      assert.equal(await give(displayed(1)), "ours");
      assert.deepEqual(await rows(), []);
      await track(1);
      await track(1);
      const [row] = await rows();
      assert.deepEqual([row?.state, row?.address, row?.circularId], ["displayed", "r1@college.example", "7"]);
    });

    it("a report on an ordinary mail stays where it came, if that is with whoever sent the mail", async () => {
      const { circularId: _, ...ordinary } = tracked(1);
      await openLedger(store).track(ordinary, at(0));
      await track(2);
      const note = (report: ReportSeen, n: number) =>
        openLedger(store).note({ report, recipientId: numbered(n), now: at(9) });
      const own = { accountId: "anna" };
      assert.deepEqual(await note(dsn(1, "failed", own), 1), { match: "ours", isItsAuthors: true });
      assert.deepEqual(await note(dsn(1, "delivered"), 1), { match: "ours", isItsAuthors: false });
      assert.deepEqual(await note(dsn(2, "failed", own), 2), { match: "ours", isItsAuthors: false });
    });

    it("a number that comes again for another mail begins anew", async () => {
      await track(1);
      await give(displayed(1));
      await track(1);
      assert.equal(await stateOf(1), "displayed");
      const { recipients, ...shared } = tracked(1);
      const again = { ...shared, recipients: recipients.map((one) => ({ ...one, messageId: "<2@academie.example>" })) };
      await openLedger(store).track(again, at(5));
      assert.equal(await stateOf(1), "none");
    });

    it("a forged receipt is refused: with another's token, a broken one, or none it changes no state", async () => {
      await track(1);
      const other = makeToken(numbered(1), { current: { id: "aa", secret: Buffer.alloc(32, 2) }, old: [] });
      const forged = [
        displayed(1, { tokens: [other], messageIds: [messageIdOf(1)] }),
        displayed(1, { tokens: [tokenOf(1).slice(0, -1)], messageIds: [messageIdOf(1)] }),
        displayed(1, { tokens: [], messageIds: [messageIdOf(1)] }),
        dsn(1, "failed", { tokens: [], envelopeId: tokenOf(1) }),
      ];
      for (const report of forged) assert.equal(await give(report), "unverified");
      const [row] = await rows();
      assert.deepEqual([row?.state, row?.unverified], ["none", forged.length]);
      const answer = await ask({ op: "reports", recipient: numbered(1) });
      assert.ok(answer.kind === "reports");
      assert.ok(answer.reports.every(({ verified }) => !verified));
    });

    it("a mail to several under one Message-ID: whose addresses the report names, and nobody's where it names none", async () => {
      const { recipients, ...shared } = tracked(1, 2, 3);
      const one = { ...shared, recipients: recipients.map((recipient) => ({ ...recipient, messageId: "<s@x>" })) };
      await openLedger(store).track(one, at(0));
      const about = { tokens: [], messageIds: ["<s@x>"] };
      assert.equal(await give(dsn(2, "failed", about)), "unverified");
      assert.equal(await give(displayed(2, about)), "unknown");
      const both = dsn(2, "failed", {
        ...about,
        recipients: [2, 3].map((n) => ({ final: `r${n}@college.example`, action: "failed" })),
      } as Partial<ReportSeen>);
      for (const given of [both, both]) assert.equal(await give(given), "unverified");
      assert.deepEqual(
        (await rows()).map(({ unverified, state }) => [unverified, state]),
        [
          [0, "none"],
          [2, "none"],
          [1, "none"],
        ],
      );
    });

    it("whoever got a mail may have sent it on: the report says who displayed it, where that is somebody else", async () => {
      await track(1);
      await give(displayed(1, { final: "R1@college.example" }));
      await give(displayed(1, { final: "secretary@college.example" }));
      await give(displayed(1, { final: "\u001b[2J no address" }));
      await give(displayed(2, { final: "r2@college.example" }));
      await track(2);
      const said = async (n: number) => {
        const answer = await ask({ op: "reports", recipient: numbered(n) });
        return answer.kind === "reports" && answer.reports.map(({ by }) => by);
      };
      assert.deepEqual(await said(1), [undefined, "secretary@college.example", undefined]);
      assert.deepEqual(await said(2), [undefined]);
    });

    it("numbers say nothing of one recipient where numbers are all that may be seen", async () => {
      await openLedger(store).track(tracked(1, 2, 3, 4), at(0));
      await give(displayed(1));
      assert.equal((await ask({ op: "counts", circularId: "7" }, "counts")).kind, "refused");
      await track(5);
      assert.equal((await ask({ op: "counts", circularId: "7" }, "counts")).kind, "counts");
      const one = { op: "counts", messageId: messageIdOf(1) };
      assert.equal((await ask(one, "counts")).kind, "refused");
      assert.equal((await ask(one)).kind, "counts");
      assert.equal((await ask({ ...one, accountId: "doctor" }, "counts")).kind, "counts");
    });

    it("complaints and automatic replies are marks beside the state", async () => {
      await track(1);
      await give({ kind: "auto-reply", ...mail([tokenOf(1)], 5) });
      await give({ kind: "auto-reply", ...mail([tokenOf(1)], 3) });
      await give({ kind: "arf", ...mail([tokenOf(1)], 4), feedbackType: "not-spam" });
      assert.equal((await rows())[0]?.complainedAt, null);
      await give({ kind: "arf", ...mail([tokenOf(1)], 4), feedbackType: "abuse" });
      const [row] = await rows();
      assert.deepEqual([row?.state, row?.autoReplyAt, row?.complainedAt], ["none", at(3), at(4)]);
    });

    it("what is about nothing from here is not kept", async () => {
      assert.equal(await give(displayed(1, { tokens: [], messageIds: ["<other@x>"] })), "unknown");
      assert.equal(await give(dsn(1, "failed", { tokens: [] })), "unknown");
      assert.equal(await give({ kind: "dsn" }), "refused");
      assert.deepEqual(await store.read((db) => db.selectFrom("report").selectAll().execute()), []);
    });

    it("mutated reports never throw, and without a token never change a state", async () => {
      await track(1, 2);
      const text = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom(messageIdOf(1), tokenOf(2).slice(1), "r1@college.example"),
      );
      const status = fc.oneof(text, fc.constantFrom("5.1.1", "4.2.2"));
      const mutated = fc.record({
        kind: fc.constantFrom("dsn", "mdn", "arf", "auto-reply", "x"),
        v: fc.constantFrom(1, 2),
        accountId: fc.constant("bounces"),
        mailId: text,
        fingerprint: fc.string({ maxLength: 120 }),
        at: fc.oneof(fc.nat(), fc.constant(Number.NaN)),
        tokens: fc.array(text, { maxLength: 3 }),
        envelopeId: text,
        messageIds: fc.array(text, { maxLength: 5 }),
        recipients: fc.array(fc.record({ final: text, action: fc.constantFrom("failed", "delivered", "y"), status })),
        disposition: fc.constantFrom("displayed", "deleted", "z"),
        feedbackType: text,
      });
      await fc.assert(
        fc.asyncProperty(mutated, async (report) => {
          assert.notEqual(await give(report), "ours");
        }),
        { numRuns: 60 },
      );
      assert.deepEqual([await stateOf(1), await stateOf(2)], ["none", "none"]);
    });

    it("is shown in pages, counted, and as CSV, to whom it may be", async () => {
      await openLedger(store).track(tracked(1, 2, 3, 4, 5), at(0));
      await give(dsn(2, "failed", { recipients: [{ action: "failed", status: "5.1.1" }] } as Partial<ReportSeen>));
      await give(displayed(4));
      const counts = await ask({ op: "counts", circularId: "7" });
      assert.deepEqual(counts, {
        kind: "counts",
        recipients: 5,
        counts: { none: 3, failed: 1, displayed: 1 },
        autoReplies: 0,
        complaints: 0,
      });
      const first = await ask({ op: "list", limit: 2 });
      assert.ok(first.kind === "listed");
      assert.deepEqual([first.receipts.map(({ id }) => id), first.next], [[numbered(1), numbered(2)], numbered(2)]);
      assert.equal(first.receipts[1]?.meaning, "cette boîte aux lettres n'existe pas");
      const last = await ask({ op: "list", limit: 2, after: numbered(4) });
      assert.deepEqual(last.kind === "listed" && [last.receipts.length, last.next], [1, null]);
      const csv = await ask({ op: "csv", limit: 10, states: ["failed"], messageId: messageIdOf(2) });
      assert.ok(csv.kind === "csv");
      const [header, line, end] = csv.text.split("\r\n");
      assert.match(header ?? "", /^adresse,état,/);
      assert.match(line ?? "", /^r2@college\.example,échec,2023-11-14T22:13:20\.001Z,5\.1\.1,cette boîte/);
      assert.equal(end, "");
      const ofOthers = await ask({ op: "list", limit: 10, accountId: "eve" });
      assert.deepEqual(ofOthers.kind === "listed" && ofOthers.receipts, []);
      assert.equal((await ask({ op: "reports", recipient: numbered(2), accountId: "eve" })).kind, "refused");
      assert.equal((await ask({ op: "reports", recipient: "' or 1=1" })).kind, "refused");
      assert.equal((await ask({ op: "list", limit: 10, as: "operator" })).kind, "refused");
      assert.equal((await ask({ op: "counts", as: "operator" })).kind, "counts");
    });

    it("forgets what is old, whenever it was told of, and what outbox never told of: no table has a word of it then", async () => {
      const ledger = openLedger(store);
      await ledger.track(trackedAt(0, 1), at(200));
      await ledger.track(trackedAt(100, 2), at(100));
      await give(displayed(1, { final: "secretary@college.example" }));
      await give(dsn(1, "failed", { tokens: [], envelopeId: tokenOf(1) }));
      await give(displayed(3));
      const words = ["r1@college.example", tokenOf(1), "secretary@", numbered(1), numbered(3)];
      const kept = await everythingIn(store);
      for (const word of words) assert.ok(kept.includes(word), word);
      assert.equal(await ledger.drop(at(50), at(10)), 2);
      const left = await everythingIn(store);
      for (const word of words) assert.ok(!left.includes(word), word);
      assert.ok(left.includes("r2@college.example"));
    });

    it("tables of an earlier version are brought up to date with what they hold", async () => {
      const { earlier, later } = openEarlier(settings(), ["0001-receipts", "0002-requests"]);
      const before = await earlier();
      await before.transaction(async (db) => {
        const sent = { account_id: "anna", address: "r1@college.example", message_id: messageIdOf(1), sent_at: at(0) };
        await db
          .insertInto("receipt")
          .values({ id: numbered(1), ...sent, made_at: at(0) })
          .execute();
        const said = { receipt_id: numbered(1), account_id: "bounces", fingerprint: "f0", at: at(1) };
        await db
          .insertInto("report")
          .values({ ...said, kind: "dsn", verified: true })
          .execute();
      });
      await before.close();
      const now = await later();
      const ledger = openLedger(now);
      await ledger.note({ report: displayed(1), recipientId: numbered(1), now: at(9) });
      const [row] = (await openViews(now).page({ accountId: "anna", limit: 10 })).rows;
      assert.equal(row?.state, "displayed");
      assert.equal((await openViews(now).reports("anna", numbered(1)))?.length, 2);
      assert.equal(await ledger.drop(at(50), at(10)), 1);
      await now.close();
    });
  });
