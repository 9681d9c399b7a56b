import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { RecipientsTracked, ReportSeen } from "@tamis/contracts";
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
import { openTables, places } from "./places.ts";

const keys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const FIRST = 1_000_000_000;
const at = (ms: number): Date => new Date(1_700_000_000_000 + ms);
const numbered = (n: number): string => String(FIRST + n);
const tokenOf = (n: number): string => makeToken(numbered(n), keys);
const messageIdOf = (n: number): string => `<${tokenOf(n)}@academie.example>`;

const tracked = (...numbers: readonly number[]): RecipientsTracked => ({
  v: 1,
  accountId: "anna",
  circularId: "7",
  recipients: numbers.map((n) => ({
    id: numbered(n),
    address: `r${n}@college.example`,
    messageId: messageIdOf(n),
    envelopeId: tokenOf(n),
    asksDisposition: true,
    sentAt: at(0).getTime(),
  })),
});

let reports = 0;
const mail = (tokens: readonly string[], ms = 1) =>
  ({
    v: 1,
    accountId: "bounces",
    mailId: "bounces/0/1/1",
    fingerprint: `f${++reports}`,
    at: at(ms).getTime(),
    tokens,
    messageIds: [],
  }) as const;
type Action = Extract<ReportSeen, { readonly kind: "dsn" }>["recipients"][number]["action"];
const dsn = (n: number, action: Action, more: Partial<ReportSeen> = {}): ReportSeen =>
  ({
    kind: "dsn",
    ...mail([tokenOf(n)]),
    recipients: [{ final: `r${n}@college.example`, action }],
    ...more,
  }) as ReportSeen;
const displayed = (n: number, more: Partial<ReportSeen> = {}): ReportSeen =>
  ({ kind: "mdn", ...mail([tokenOf(n)], 2), disposition: "displayed", ...more }) as ReportSeen;

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
    const ask = (question: object) => {
      const asked = { accountId: "anna", as: "owner", language: "fr", ...question };
      const requests = {
        requests: openRequests(store, { policy: "ask", inside: [] }, () => undefined),
        page: (page: RequestPage) => pageOfRequests(store, page),
        now: () => at(9),
      };
      return onReceiptsAsk(asked, { views: openViews(store), see: { owner: "details", operator: "counts" }, requests });
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

    it("a mail to several under one Message-ID: whose address the report names, and nobody's where it names none", async () => {
      const { recipients, ...shared } = tracked(1, 2);
      const one = { ...shared, recipients: recipients.map((recipient) => ({ ...recipient, messageId: "<s@x>" })) };
      await openLedger(store).track(one, at(0));
      const about = { tokens: [], messageIds: ["<s@x>"] };
      assert.equal(await give(dsn(2, "failed", about)), "unverified");
      assert.equal(await give(displayed(2, about)), "unknown");
      assert.deepEqual(
        (await rows()).map(({ unverified }) => unverified),
        [0, 1],
      );
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

    it("forgets what is old, and what outbox never told of", async () => {
      const ledger = openLedger(store);
      await ledger.track(tracked(1), at(0));
      await ledger.track(tracked(2), at(100));
      await give(displayed(1));
      await give(displayed(3));
      assert.equal(await ledger.drop(at(50), at(10)), 2);
      assert.deepEqual(
        (await rows()).map(({ id }) => id),
        [numbered(2)],
      );
      assert.deepEqual(await store.read((db) => db.selectFrom("report").selectAll().execute()), []);
    });
  });
