import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  type Circular,
  type CircularAnswer,
  type CircularAsk,
  circularAsk,
  outgoingObjects,
  type Receipt,
  type ReceiptsAnswer,
  type ReceiptsAsk,
  type ReportedRecipient,
  receiptsAsk,
  subjects,
} from "@tamis/contracts";
import { Installation } from "./harness.ts";

const circular: Circular = {
  id: "7",
  state: "done",
  subject: "Rentrée",
  tracked: true,
  testOf: null,
  createdAt: 0,
  dueAt: 0,
  wall: null,
  zone: null,
  startedAt: 0,
  deadlineAt: 1,
  finishedAt: 0,
  held: null,
  recipients: 3,
  counts: { accepted: 3 },
};
const recipients = [1, 2, 3].map(
  (n): ReportedRecipient => ({
    id: `100000000${n}`,
    address: `r${n}@example.org`,
    name: null,
    state: "accepted",
    attempts: 1,
    changedAt: 0,
    nextAt: null,
    messageId: null,
    reply: "250 ok",
  }),
);

describe("tamis circular, where receipts are followed", { timeout: 60_000 }, () => {
  const site = new Installation();
  const anna = ["--account", "anna@example.org"];
  let asked: CircularAsk[] = [];
  let answers: Partial<Record<CircularAsk["op"], CircularAnswer>> = {};
  let see: "details" | "counts" = "details";
  const receipt = (n: number, state: Receipt["state"], more: Partial<Receipt> = {}): Receipt => ({
    id: `100000000${n}`,
    circularId: "7",
    address: `r${n}@example.org`,
    messageId: `<${n}@example.org>`,
    sentAt: 0,
    asksDisposition: true,
    state,
    stateAt: 0,
    status: null,
    meaning: null,
    autoReplyAt: null,
    complainedAt: null,
    unverified: 0,
    ...more,
  });
  const known = [receipt(1, "displayed"), receipt(2, "failed", { status: "5.1.1", meaning: "no such mailbox" })];
  const receiptsAnswerTo = (ask: ReceiptsAsk): ReceiptsAnswer => {
    if (see === "counts" && ask.op !== "counts") return { kind: "refused", code: "not-allowed", reason: "not shown" };
    if (ask.op === "counts")
      return {
        kind: "counts",
        recipients: 3,
        counts: { none: 1, displayed: 1, failed: 1 },
        autoReplies: 0,
        complaints: 0,
      };
    assert.ok(ask.op === "list");
    // Page by page, as `receipts` gives them.
    const [next] = known.filter(({ id }) => ask.after === undefined || id > ask.after);
    return {
      kind: "listed",
      receipts: next === undefined ? [] : [next],
      next: next?.id === known[0]?.id ? (next?.id ?? null) : null,
    };
  };
  before(async () => {
    await site.open();
    await site.setUpStreams();
    appendFileSync(site.config, "outbox: { relay: { host: 127.0.0.1, tls: none } }\nreceipts: {}\n");
    await site.bus.objects(outgoingObjects);
    await site.bus.respond(subjects.outboxCirculars, ({ payload }) => {
      const ask = circularAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      asked.push(ask);
      return { payload: Buffer.from(JSON.stringify(answers[ask.op] ?? assert.fail(ask.op))) };
    });
    await site.bus.respond(subjects.receiptsAsk, ({ payload }) => {
      const ask = receiptsAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      return { payload: Buffer.from(JSON.stringify(receiptsAnswerTo(ask))) };
    });
  });
  after(() => site.close());
  beforeEach(() => {
    asked = [];
    see = "details";
    answers = {
      report: { kind: "reported", recipients, next: null },
      status: { kind: "circular", circular },
      again: { kind: "created", id: "8", fields: [], secrets: 0, links: 0 },
      "add-from": { kind: "added", added: 1, suppressed: 0, recipients: 1, faults: [] },
    };
  });

  it("reports how sending went and what is known, as a table, as CSV, as JSON", async () => {
    const table = await site.tamis(["circular", "report", "7", ...anna]);
    assert.match(table.out, /^1000000001 .* r1@example\.org {2}accepted {2}displayed +$/m);
    assert.match(table.out, /^1000000002 .* r2@example\.org {2}accepted {2}failed +no such mailbox \(5\.1\.1\)$/m);
    assert.match(table.out, /^1000000003 .* r3@example\.org {2}accepted +$/m);
    const csv = await site.tamis(["circular", "report", "7", ...anna, "--csv"], { locale: "fr" });
    const [head, , second] = csv.out.split("\r\n");
    assert.match(head ?? "", /^\ufeffnuméro;adresse;nom;envoi;/);
    const cells = [
      ...["1000000002", "r2@example.org", "", "accepté", "1970-01-01T00:00:00.000Z", "250 ok"],
      ...["échec", "1970-01-01T00:00:00.000Z", "5.1.1", "no such mailbox", "", "", "", ""],
    ];
    assert.equal(second, cells.join(";"));
    const commas = ["circular", "report", "7", ...anna, "--csv", "--separator", "comma"];
    const plain = (await site.tamis(commas, { locale: "fr" })).out.split("\r\n");
    assert.match(plain[0] ?? "", /^numéro,adresse,nom,envoi,/);
    assert.equal(plain[2], cells.join(","));
    const json = await site.tamis(["circular", "report", "7", ...anna, "--json"]);
    assert.deepEqual(
      json.out.split("\n").map((line) => JSON.parse(line).receipt?.state ?? null),
      ["displayed", "failed", null],
    );
    const failed = await site.tamis(["circular", "report", "7", ...anna, "--receipt", "failed", "--json"]);
    assert.equal(JSON.parse(failed.out).id, "1000000002");
    assert.equal((await site.tamis(["circular", "report", "7", ...anna, "--receipt", "read"])).code, 2);
  });

  it("counts in its status", async () => {
    const status = await site.tamis(["circular", "status", "7", ...anna]);
    assert.match(status.out, /\nof 3 whom it reached:\n {2}no answer: 1\n {2}failed: 1\n {2}displayed: 1$/);
    const json = await site.tamis(["circular", "status", "7", ...anna, "--json"]);
    assert.equal(JSON.parse(json.out).receipts.counts.displayed, 1);
  });

  it("reminds those who did not read it, of the same text or with another", async () => {
    const run = await site.tamis(["circular", "remind", "--of", "7", ...anna]);
    assert.match(run.out, /^circular 8: 1 recipients\nlook at it with `tamis circular preview 8`/);
    const added = asked.find(({ op }) => op === "add-from");
    const about = { accountId: "anna", language: "en", id: "8", of: "7" };
    assert.deepEqual(added, { op: "add-from", ...about, recipients: ["1000000003"] });
    answers = { ...answers, create: { kind: "created", id: "9", fields: [], secrets: 0, links: 0 } };
    const text = site.write("rappel.txt", "Rappel");
    const other = await site.tamis(["circular", "remind", "--of", "7", ...anna, "--subject", "Rappel", "--text", text]);
    assert.match(other.out, /preview 9/);
    assert.equal((await site.tamis(["circular", "remind", "--of", "7", ...anna, "--text", text])).code, 2);
  });

  it("reminds nobody where nobody is to be reminded, or it is not known", async () => {
    answers = { ...answers, report: { kind: "reported", recipients: recipients.slice(0, 2), next: null } };
    const all = await site.tamis(["circular", "remind", "--of", "7", ...anna]);
    assert.deepEqual([all.code, all.out], [0, "there is nobody to remind"]);
    const others = recipients.map((one) => ({ ...one, id: `2${one.id.slice(1)}` }));
    answers = { ...answers, report: { kind: "reported", recipients: others, next: null } };
    const unknown = await site.tamis(["circular", "remind", "--of", "7", ...anna]);
    assert.deepEqual([unknown.code, /nobody was followed/.test(unknown.err)], [1, true]);
    assert.ok(asked.every(({ op }) => op === "report"));
  });

  it("shows no more than the installation does", async () => {
    see = "counts";
    const report = await site.tamis(["circular", "report", "7", ...anna]);
    assert.match(report.out, /^1000000001 .* r1@example\.org {2}accepted {2}250 ok$/m);
    assert.equal(report.err, "not shown");
    const run = await site.tamis(["circular", "remind", "--of", "7", ...anna]);
    assert.deepEqual([run.code, run.err], [1, "tamis: not shown"]);
  });
});
