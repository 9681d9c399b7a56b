import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AppliedMail, KEEP, type Plan, SNOOZED } from "@tamis/contracts";
import { entryText, planText } from "./decision-log.ts";
import { sayIn } from "./say.ts";
import { formatTime } from "./table.ts";

const UNTIL = Date.parse("2026-11-23T07:00:00Z");
const target = { ...SNOOZED, create: true, addFlags: [], removeFlags: [] };
const wake = { until: UNTIL, mailbox: "INBOX", create: false, addFlags: ["\\Flagged"], removeFlags: ["\\Seen"] };

describe("planText, of mail that is snoozed", () => {
  const time = formatTime(UNTIL);
  const cases: readonly { readonly plan: Plan; readonly en: string; readonly fr: string }[] = [
    {
      plan: { copies: [], destination: { kind: "folder", ...target, wake } },
      en: `snoozed until ${time}, then INBOX +\\Flagged -\\Seen`,
      fr: `remis au ${time}, puis INBOX +\\Flagged -\\Seen`,
    },
    {
      plan: { ...KEEP, copies: [{ ...target, wake: { ...wake, mailbox: "A", addFlags: [], removeFlags: [] } }] },
      en: `stays, copy to snoozed until ${time}, then A`,
      fr: `reste, copie vers remis au ${time}, puis A`,
    },
  ];
  for (const { plan, en, fr } of cases)
    it(en, () => assert.deepEqual([planText(plan, sayIn("en")), planText(plan, sayIn("fr"))], [en, fr]));
});

describe("entryText", () => {
  const applied: AppliedMail = {
    mailId: "m1",
    result: "moved",
    folder: "Snoozed",
    seenAt: UNTIL,
    fetchedAt: UNTIL,
    receivedByFilterAt: UNTIL,
    decidedAt: UNTIL,
    appliedAt: UNTIL + 40,
  };
  const text = (more: Partial<AppliedMail>): string =>
    entryText({ mailId: "m1", accountId: "a", at: UNTIL, applied: { ...applied, ...more } }, sayIn("en"));

  it("says until when a mail sleeps", () => {
    assert.match(text({ snoozedUntil: UNTIL }), new RegExp(`\\[moved, until ${formatTime(UNTIL)}, 40 ms\\]$`));
  });

  for (const { language, said } of [
    { language: "en", said: "put into Archives: line 2 → Lists" },
    { language: "fr", said: "déposé dans Archives: ligne 2 → Lists" },
  ] as const)
    it(`says what was done over IMAP that rules ran for (${language})`, () => {
      const plan: Plan = { copies: [], destination: { kind: "folder", ...target, mailbox: "Lists", create: false } };
      const decided = {
        mailId: "m1",
        folder: "Archives",
        cause: "APPEND",
        at: 0,
        plan,
        trace: [],
        durationMs: 0,
      } as const;
      const entry = { mailId: "m1", accountId: "a", at: 0, decided: { ...decided, rule: "line 2", line: 2 } };
      assert.ok(entryText(entry, sayIn(language)).includes(said));
    });

  it("says that a mail was woken, and how late", () => {
    const woken = text({ folder: "INBOX", wokenFor: UNTIL - 1_000 });
    assert.match(woken, /m1 {2}woken → INBOX {2}\[moved, 1040 ms\]$/);
  });
});
