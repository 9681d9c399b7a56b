import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Receipt } from "@tamis/contracts";
import { circularOf, Visit } from "../../test/visit.ts";

const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  id: "1000000001",
  circularId: "7",
  address: "<eve>@example.org",
  messageId: "<m@example.org>",
  sentAt: 0,
  asksDisposition: true,
  state: "failed",
  stateAt: 0,
  status: "5.1.1",
  meaning: "there is no such mailbox",
  autoReplyAt: null,
  complainedAt: null,
  unverified: 0,
  ...more,
});

describe("what is known of each recipient", () => {
  let visit: Visit;
  beforeEach(async () => {
    visit = new Visit();
    const circular = circularOf({ state: "done", startedAt: 1 });
    visit.answers = {
      status: { kind: "circular", circular },
      report: { kind: "reported", recipients: [], next: null },
      again: { kind: "created", id: "9", fields: [], secrets: 0, links: 0 },
      "add-from": { kind: "added", added: 1, suppressed: 0, faults: [], recipients: 1 },
    };
    visit.receipts = (ask) =>
      ask.op === "csv"
        ? { kind: "csv", text: "address\r\n", next: null }
        : { kind: "listed", receipts: [receipt()], next: "1000000001" };
    await visit.signIn();
  });

  it("is shown by what it is, page by page, in words", async () => {
    const text = await (await visit.request("/circulars/7/receipts?state=failed&after=5")).text();
    assert.match(
      text,
      /&lt;eve&gt;@example\.org[\s\S]*could not be delivered[\s\S]*there is no such mailbox \(5\.1\.1\)/,
    );
    assert.match(text, /href="\/circulars\/7\/receipts\?state=failed&(?:amp;)?after=1000000001"/);
    assert.deepEqual(visit.askedReceipts, [
      {
        op: "list",
        accountId: "a1",
        as: "owner",
        language: "en",
        circularId: "7",
        limit: 100,
        after: "5",
        states: ["failed"],
      },
    ]);
  });

  it("is given as a table that spreadsheets take for UTF-8", async () => {
    const csv = await visit.request("/circulars/7/receipts.csv?state=failed");
    assert.equal(csv.headers.get("content-disposition"), 'attachment; filename="circular-7-receipts.csv"');
    assert.deepEqual([...new Uint8Array(await csv.arrayBuffer())].slice(0, 4), [0xef, 0xbb, 0xbf, 0x61]);
  });

  for (const [language, query, want] of [
    ["en", "", ","],
    ["fr", "", ";"],
    ["fr", "?separator=comma", ","],
    ["en", "?separator=semicolon", ";"],
    ["fr", "?separator=x", ";"],
  ] as const)
    it(`is separated as spreadsheets of ${language} take it, or as is asked for: ${query}`, async () => {
      const headers = { "accept-language": language };
      for (const file of ["receipts", "recipients"]) {
        const csv = await visit.request(`/circulars/7/${file}.csv${query}`, { headers });
        assert.equal(csv.status, 200);
        const text = await csv.text();
        if (file === "recipients") assert.match(text, new RegExp(`^[^,;]+${want}`));
      }
      const [asked] = visit.askedReceipts;
      assert.equal(asked?.op === "csv" && asked.separator, want);
    });

  it("is told to nobody who may not see it", async () => {
    visit.receipts = { kind: "refused", code: "not-allowed", reason: "not shown here" };
    for (const path of ["/circulars/7/receipts", "/circulars/7/receipts.csv"])
      assert.equal((await visit.request(path)).status, 403);
    visit.answers.status = { kind: "refused", code: "missing", reason: "there is no such circular" };
    assert.equal((await visit.request("/circulars/8/receipts")).status, 404);
  });

  it("makes a reminder for those who did not read it, once however often it is sent", async () => {
    let pages = 0;
    const token = await visit.token();
    visit.asked.splice(0);
    visit.receipts = (ask) => {
      assert.ok(ask.op === "list" && !ask.states?.includes("displayed") && !ask.states?.includes("failed"));
      pages++;
      const receipts = Array.from({ length: 600 }, (_, index) =>
        receipt({ id: String(pages * 1_000 + index), state: "none" }),
      );
      return { kind: "listed", receipts, next: pages === 1 ? "1599" : null };
    };
    const response = await visit.post("/circulars/7/remind", { token, key: "remind/1" });
    assert.equal(response.headers.get("location"), "/circulars/9?done=created");
    assert.deepEqual(visit.asked[0], { op: "again", accountId: "a1", language: "en", id: "7", key: "remind/1" });
    const added = visit.asked.flatMap((ask) =>
      ask.op === "add-from" ? [[ask.id, ask.of, ask.recipients.length]] : [],
    );
    assert.deepEqual(added, [
      ["9", "7", 500],
      ["9", "7", 500],
      ["9", "7", 200],
    ]);
  });

  it("is no reason to write to nobody", async () => {
    visit.receipts = (ask) =>
      ask.op === "counts"
        ? { kind: "counts", recipients: 0, counts: {}, autoReplies: 0, complaints: 0 }
        : { kind: "listed", receipts: [], next: null };
    const response = await visit.post("/circulars/7/remind", { token: await visit.token() });
    assert.equal(response.status, 409);
    assert.match(await response.text(), /There is nobody to remind/);
    assert.ok(visit.asked.every(({ op }) => op !== "again"));
  });
});
