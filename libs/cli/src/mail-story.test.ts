import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StoredFact } from "@tamis/bus";
import { type AppliedMail, KEEP, mailApplied, mailDecided, sendingSettled } from "@tamis/contracts";
import { type KnownMail, readStory } from "./mail-story.ts";
import { sayIn } from "./say.ts";
import { storyText } from "./why-report.ts";

const TIMES = { seenAt: 0, fetchedAt: 0, receivedByFilterAt: 0, decidedAt: 0, appliedAt: 0 };
type Decided = Parameters<typeof mailDecided.schema.parse>[0];

const fact = (name: string, value: object): StoredFact => ({
  subject: `event.7.${name}`,
  payload: Buffer.from(JSON.stringify({ v: 1, accountId: "anna", ...value })),
  time: 0,
  seq: 1,
});
const decided = (mailId: string, more: object = {}, about: object = {}): StoredFact =>
  fact(mailDecided.name, {
    mode: "act",
    script: { name: "main", version: "1" },
    mails: [{ mailId, at: 0, plan: KEEP, trace: [], durationMs: 0, ...more }],
    ...about,
  } satisfies Decided);
const applied = (mailId: string, more: Partial<AppliedMail> = {}, about: object = {}): StoredFact =>
  fact(mailApplied.name, { mails: [{ mailId, result: "kept", folder: "INBOX", ...TIMES, ...more }], ...about });

async function story(facts: readonly StoredFact[], known: Partial<KnownMail>) {
  const all = async function* () {
    yield* facts;
  };
  return await readStory(all(), { accountId: "anna", mailIds: [], fingerprints: [], ...known });
}

describe("readStory", () => {
  const FACTS = [
    decided("a1", { fingerprint: "f1" }),
    applied("a1", { result: "moved", folder: "Lists", newMailId: "b1" }),
    decided("b1"),
    applied("b1", { result: "moved", folder: "C", newMailId: "c1", from: "Lists" }, { sortId: "r" }),
    applied("c1", { result: "moved", folder: "Lists", newMailId: "d1", from: "C" }, { sortId: "r", undoOf: "r" }),
    decided("a2", { fingerprint: "f2" }),
    applied("a2"),
    fact(sendingSettled.name, { mailId: "a1", key: "k", kind: "redirect", state: "accepted", at: 0 }),
    fact(mailDecided.name, { accountId: "bruno", mode: "act", mails: [] }),
    fact(mailApplied.name, { nonsense: true }),
  ];
  for (const { name, known, want } of [
    { name: "by its first name", known: { mailIds: ["a1"] }, want: 6 },
    { name: "by its last name", known: { mailIds: ["d1"] }, want: 6 },
    { name: "by its fingerprint", known: { fingerprints: ["f1"] }, want: 6 },
    { name: "another mail", known: { mailIds: ["a2"] }, want: 2 },
    { name: "a mail without a fingerprint is not every such mail", known: { fingerprints: [""] }, want: 0 },
    { name: "nothing known of it", known: { mailIds: ["x"] }, want: 0 },
  ])
    it(name, async () => assert.equal((await story(FACTS, known)).length, want));
});

describe("storyText", () => {
  const say = sayIn("en");
  const text = async (...facts: readonly StoredFact[]): Promise<string> =>
    storyText(await story(facts, { mailIds: ["a1"] }), say).replace(/^[\d-]{10} [\d:]{8} {2}/gm, "");

  it("names layer, rule, tests with values, spam, sendings, and what was not done", async () => {
    const told = await text(
      decided("a1", {
        rule: "Lists",
        line: 3,
        layer: "before",
        trace: [
          { line: 3, layer: "before", text: 'header subject "[x]": [x] y' },
          { line: 9, text: "stop" },
        ],
        spam: 0.257,
        sendings: [{ key: "k", kind: "redirect", state: "refused", reason: "loop" }],
        notCarriedOut: ["pipe"],
        error: "too bad",
        folder: "Lists",
      }),
      fact(sendingSettled.name, { mailId: "a1", key: "k", kind: "redirect", state: "rejected", code: 550, at: 0 }),
    );
    assert.equal(
      told,
      `decided in Lists by "main"
    rule Lists, line 3 (the organisation's script before)
      line 3: header subject "[x]": [x] y
      the owner's script, line 9: stop
    probability of spam: 26 %
    error: too bad
    redirect: refused (loop)
    not carried out on stored mail: pipe 1
    to be done: stays
redirect: rejected 550`,
    );
  });

  for (const { name, facts, want } of [
    {
      name: "no script",
      facts: [decided("a1", {}, { script: undefined })],
      want: /by no script: none was active\n {4}no rule decided: the mail is kept where it is\n/,
    },
    {
      name: "a rule without a name",
      facts: [decided("a1", { rule: "line 4", line: 4 })],
      want: /\n {4}line 4 \(the owner/,
    },
    { name: "observed", facts: [decided("a1", {}, { mode: "observe" })], want: /observed only, nothing done$/ },
    {
      name: "a preview",
      facts: [decided("a1", { compared: { draft: KEEP, active: KEEP } }, { mode: "observe" })],
      want: /a preview: nothing was done$/,
    },
    {
      name: "failed",
      facts: [applied("a1", { result: "failed", reason: "over-quota" })],
      want: /^not done, it stays in INBOX: the mailbox is full$/,
    },
    {
      name: "failed for a reason of a newer version",
      facts: [applied("a1", { result: "failed", reason: "moon-phase" })],
      want: /^not done, it stays in INBOX: moon-phase$/,
    },
    {
      name: "gone",
      facts: [applied("a1", { result: "gone", folder: "" })],
      want: /^its owner had moved or deleted it$/,
    },
    { name: "taken back", facts: [applied("a1", {}, { undoOf: "r" })], want: /^taken back: kept in INBOX$/ },
  ])
    it(name, async () => assert.match(await text(...facts), want));
});
