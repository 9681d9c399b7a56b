import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import type { ReceiptsAnswer } from "@tamis/contracts";
import { circularOf, Visit } from "../../test/visit.ts";
import { Problem } from "../http/problem.ts";

describe("a circular with secrets, in a browser", () => {
  let visit: Visit;
  let token: string;
  beforeEach(async () => {
    visit = new Visit();
    await visit.signIn();
    token = await visit.token();
  });
  const send = async (more: Record<string, string | File> = {}) => {
    const form = new FormData();
    const csv = new File(["adresse\neve@example.org\n"], "l.csv", { type: "text/csv" });
    const secrets = new File(["secret"], "paie.pdf");
    const fields = { token, key: "k", subject: "Paie", markdown: "Bonjour", tracked: "1", csv, secrets, ...more };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const response = await visit.post("/circulars", form);
    return { status: response.status, text: await response.text() };
  };

  it("shows the password once, where nobody keeps it", async () => {
    const first = await send({ attachments: new File(["open"], "note.pdf") });
    assert.equal(first.status, 200);
    assert.match(first.text, /never again[\s\S]*<code>pass-word<\/code>[\s\S]*href="\/circulars\/7"/);
    assert.deepEqual(visit.created[0]?.draft.head.attachments, [
      { filename: "note.pdf", type: "application/pdf" },
      { filename: "paie.pdf", type: "application/pdf", secret: true },
    ]);
    assert.deepEqual(
      visit.created[0]?.draft.attachments.map((octets) => Buffer.from(octets).toString()),
      ["open", "secret"],
    );
    const second = await send();
    assert.doesNotMatch(second.text, /pass-word/);
    assert.match(second.text, /Secret attachments: 1\. No password is shown/);
    assert.doesNotMatch(JSON.stringify(visit.exchanges), /pass-word/);
  });

  for (const { name, error, told } of [
    { name: "are refused", error: new Problem("not-possible", "it has left"), told: /it has left/ },
    { name: "cannot be added now", error: new RetryLater("nobody", { code: "unreachable" }), told: /role="alert"/ },
  ])
    it(`shows it also where the recipients ${name}`, async () => {
      visit.addFails = error;
      const { text } = await send();
      assert.match(text, /<code>pass-word<\/code>/);
      assert.match(text, told);
      assert.match(text, /href="\/circulars\/7"/);
    });

  for (const { chosen, want } of [
    { chosen: "read", want: "read" },
    { chosen: "none", want: "none" },
    { chosen: "delivery", want: undefined },
    { chosen: "everything", want: undefined },
  ])
    it(`asks to know of recipients what was chosen: ${chosen}`, async () => {
      await send({ receipts: chosen });
      assert.equal(visit.created[0]?.draft.head.receipts, want);
    });
});

describe("what is known of recipients", () => {
  const counts: ReceiptsAnswer = {
    kind: "counts",
    recipients: 3,
    counts: { none: 0, displayed: 2, failed: 1 },
    autoReplies: 1,
    complaints: 0,
  };
  const shown = async (visit: Visit, more: Parameters<typeof circularOf>[0] = {}) => {
    visit.answers = {
      status: { kind: "circular", circular: circularOf({ state: "done", startedAt: 1, ...more }) },
      report: { kind: "reported", recipients: [], next: null },
    };
    await visit.signIn();
    const response = await visit.request("/circulars/7");
    assert.equal(response.status, 200);
    const [, known = ""] = /What is known<\/h2>[\s\S]*?<dl>([\s\S]*?)<\/dl>/.exec(await response.text()) ?? [];
    return [...known.matchAll(/<dt>([^<]*)<\/dt><dd>(\d+)<\/dd>/g)].map(([, text, count]) => `${text} ${count}`);
  };

  it("is counted next to the states", async () => {
    const visit = new Visit();
    visit.receipts = counts;
    const rows = ["could not be delivered 1", "displayed 2", "answered automatically 1"];
    assert.deepEqual(await shown(visit), rows);
    assert.deepEqual(visit.askedReceipts, [
      { op: "counts", as: "owner", accountId: "a1", language: "en", circularId: "7" },
    ]);
  });

  it("is not asked where nobody knows it: before the start, untracked, without `receipts`", async () => {
    for (const [more, context] of [
      [{ startedAt: null }, {}],
      [{ tracked: false }, {}],
      [{}, { followsReceipts: false }],
    ] as const) {
      const visit = new Visit(context);
      assert.deepEqual(await shown(visit, more), []);
      assert.deepEqual(visit.askedReceipts, []);
    }
  });

  it("is left out where it may not be shown, or nobody answers: the page is there all the same", async () => {
    const visit = new Visit();
    assert.deepEqual(await shown(visit), []);
    visit.receipts = () => {
      throw new RetryLater("nobody", { code: "unreachable" });
    };
    assert.deepEqual(await shown(visit), []);
  });
});
