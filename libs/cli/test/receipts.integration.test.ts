import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type ReceiptsAnswer, type ReceiptsAsk, receiptsAsk, subjects } from "@tamis/contracts";
import { Installation } from "./harness.ts";

const receipt = (id: string, more: object) => ({
  id,
  circularId: "7",
  address: `r${id}@college.example`,
  messageId: null,
  sentAt: 0,
  asksDisposition: true,
  state: "none",
  stateAt: null,
  status: null,
  meaning: null,
  autoReplyAt: null,
  complainedAt: null,
  unverified: 0,
  ...more,
});

describe("tamis receipts", { timeout: 60_000 }, () => {
  const site = new Installation();
  const anna = ["--account", "anna@example.org"];
  const asked: ReceiptsAsk[] = [];
  const answer = (ask: ReceiptsAsk): unknown => {
    switch (ask.op) {
      case "counts":
        return {
          kind: "counts",
          recipients: 5,
          counts: { none: 3, displayed: 2 },
          autoReplies: 1,
          complaints: 0,
        } satisfies ReceiptsAnswer;
      case "list":
        return {
          kind: "listed",
          receipts: [
            receipt("1", { state: "failed", stateAt: 0, status: "5.1.1", meaning: "no such mailbox", unverified: 2 }),
            receipt("2", { address: null, autoReplyAt: 1, complainedAt: 1 }),
          ],
          next: "2",
        };
      case "csv":
        return ask.after === undefined
          ? { kind: "csv", text: "a,b\r\n1,2\r\n", next: "1" }
          : { kind: "csv", text: "3,4\r\n", next: null };
      case "reports":
        return ask.recipient === "1"
          ? {
              kind: "reports",
              reports: [
                { at: 0, kind: "dsn", verified: false, state: "failed", status: "5.2.2", meaning: "full" },
                { at: 0, kind: "mdn", verified: true, state: "displayed", status: null, meaning: null, by: "b@x" },
              ],
            }
          : { kind: "refused", code: "missing", reason: "this account has no such recipient" };
      case "requests":
        return {
          kind: "requests",
          requests: [
            {
              id: "12",
              mailId: "anna/0/1/1",
              to: ["head@college.example"],
              messageId: null,
              at: 0,
              state: "asking",
              reason: "policy",
              meaning: "its owner decides",
              since: 0,
            },
          ],
          next: "12",
        };
      case "answer":
        return ask.request === "12"
          ? { kind: "answered", state: ask.answer === "send" ? "waiting" : "refusing" }
          : { kind: "refused", code: "settled", reason: "it is too late: this is settled" };
      case "policy":
        return { kind: "policy", chosen: ask.choose ?? null, effective: ask.choose ?? "ask" };
      default:
        return ask satisfies never;
    }
  };

  before(async () => {
    await site.open();
    await site.setUpStreams();
  });
  after(() => site.close());

  it("says that nobody looks for reports, or that nobody answers", async () => {
    const absent = await site.tamis(["receipts", "counts", ...anna]);
    assert.deepEqual(
      [absent.code, absent.err],
      [1, "tamis: nobody looks for reports here: tamis.yaml has no section `receipts`"],
    );
    appendFileSync(site.config, "receipts: {}\n");
    const run = await site.tamis(["receipts", "counts", ...anna], { locale: "fr" });
    assert.deepEqual([run.code, run.err.includes("le service `receipts` ne répond pas")], [3, true]);
    await site.bus.respond(subjects.receiptsAsk, ({ payload }) => {
      const ask = receiptsAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      asked.push(ask);
      return { payload: Buffer.from(JSON.stringify(answer(ask))) };
    });
  });

  it("counts", async () => {
    const run = await site.tamis(["receipts", "counts", ...anna, "--circular", "7"], { locale: "fr" });
    assert.equal(run.code, 0);
    assert.match(run.out, /^destinataires +5$/m);
    assert.match(run.out, /^sans réponse +3$/m);
    assert.match(run.out, /^affiché +2$/m);
    assert.match(run.out, /^retardé +0$/m);
    assert.deepEqual(asked.at(-1), {
      op: "counts",
      accountId: "anna",
      as: "operator",
      language: "fr",
      circularId: "7",
    });
    const json = await site.tamis(["receipts", "counts", ...anna, "--json"]);
    assert.equal(JSON.parse(json.out).counts.displayed, 2);
  });

  it("lists what others ask of the account, hands the owner's word over, and his policy", async () => {
    const list = await site.tamis(["receipts", "requests", ...anna, "--state", "asking", "-n", "1"]);
    assert.match(list.out, /^12 +1970-.* head@college\.example +the owner is asked +its owner decides$/m);
    assert.match(list.out, /^more: --after 12$/m);
    const { language: _, ...question } = asked.at(-1) ?? assert.fail();
    assert.deepEqual(question, { op: "requests", accountId: "anna", as: "operator", states: ["asking"], limit: 1 });
    const send = await site.tamis(["receipts", "answer", "12", "send", ...anna], { locale: "fr" });
    assert.deepEqual([send.code, send.out.trim()], [0, "pas encore lu"]);
    const late = await site.tamis(["receipts", "answer", "13", "refuse", ...anna]);
    assert.deepEqual([late.code, late.err], [1, "tamis: it is too late: this is settled"]);
    const policies = [
      [[], "ask: its owner decides on each (by the settings)"],
      [["never"], "never: no receipt is sent (chosen for this account)"],
      [["--reset"], "ask: its owner decides on each (by the settings)"],
    ] as const;
    for (const [words, want] of policies) {
      const run = await site.tamis(["receipts", "policy", ...words, ...anna]);
      assert.deepEqual([run.code, run.out.trim()], [0, want]);
    }
    for (const words of [
      ["policy", "sometimes"],
      ["answer", "12", "perhaps"],
      ["requests", "--state", "x"],
    ])
      assert.equal((await site.tamis(["receipts", ...words, ...anna])).code, 2);
  });

  it("lists, with what a status means and what else came", async () => {
    const options = ["--state", "failed", "--state", "none", "-n", "5000", "--message-id", "1@academie.example"];
    const run = await site.tamis(["receipts", "list", ...anna, ...options]);
    assert.match(
      run.out,
      /^1 {2}r1@college\.example +failed +1970-.* no such mailbox \(5\.1\.1\); unverified reports: 2$/m,
    );
    assert.match(run.out, /^2 {2}\(not told yet\) +no answer +automatic reply; complaint$/m);
    assert.match(run.out, /^more: --after 2$/m);
    const { language: _, ...question } = asked.at(-1) ?? assert.fail();
    assert.deepEqual(question, {
      op: "list",
      accountId: "anna",
      as: "operator",
      messageId: "<1@academie.example>",
      states: ["failed", "none"],
      limit: 1000,
    });
    const json = await site.tamis(["receipts", "list", ...anna, "--after", "1", "--json"]);
    assert.deepEqual([JSON.parse(json.out).next, JSON.parse(json.out).receipts.length], ["2", 2]);
  });

  it("prints all pages as one CSV", async () => {
    const run = await site.tamis(["receipts", "csv", ...anna]);
    assert.equal(run.out, "a,b\r\n1,2\r\n3,4\r");
    const separated = async (locale: "en" | "fr", ...more: readonly string[]) => {
      const { out } = await site.tamis(["receipts", "csv", ...anna, ...more], { locale });
      const last = asked.at(-1);
      return [out.startsWith("\ufeff"), last?.op === "csv" && last.separator];
    };
    assert.deepEqual(await separated("fr"), [true, ";"]);
    assert.deepEqual(await separated("fr", "--separator", "comma"), [false, ","]);
    assert.deepEqual(await separated("en", "--separator", "semicolon"), [true, ";"]);
    assert.equal((await site.tamis(["receipts", "csv", ...anna, "--separator", "tab"])).code, 2);
  });

  it("lists the reports on a recipient, or says why not", async () => {
    const run = await site.tamis(["receipts", "reports", "1", ...anna]);
    assert.match(run.out, /^1970-.* dsn {2}failed +unverified; full \(5\.2\.2\)$/m);
    assert.match(run.out, /^1970-.* mdn {2}displayed {2}by b@x$/m);
    const missing = await site.tamis(["receipts", "reports", "2", ...anna]);
    assert.deepEqual([missing.code, missing.err], [1, "tamis: this account has no such recipient"]);
  });

  it("is a usage error to name no such state, no number, no account", async () => {
    const run = await site.tamis(["receipts", "list", ...anna, "--state", "read"]);
    assert.equal(run.code, 2);
    assert.match(run.err, /"read" is no state; there are: none, delayed/);
    assert.equal((await site.tamis(["receipts", "reports", "x", ...anna])).code, 2);
    assert.equal((await site.tamis(["receipts", "csv"])).code, 2);
  });
});
