import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP, type MailDecided, type Plan, type Target } from "@tamis/contracts";
import type { LogEntry } from "./decision-log.ts";
import { isChanged, previewTable, summarise, summaryText } from "./preview-report.ts";
import { sayIn } from "./say.ts";

type Decided = MailDecided["mails"][number];

const target = (mailbox: string, addFlags: readonly string[] = []): Target => ({
  mailbox,
  create: true,
  addFlags,
  removeFlags: [],
});
const into = (mailbox: string, ...copies: readonly string[]): Plan => ({
  copies: copies.map((copy) => target(copy)),
  destination: { kind: "folder", ...target(mailbox) },
});
const flagged = (...addFlags: readonly string[]): Plan => ({
  copies: [],
  destination: { kind: "stay", addFlags, removeFlags: [] },
});
const DISCARD: Plan = { copies: [], destination: { kind: "discard" } };

function entry(draft: Plan, active: Plan, more: Partial<Decided> = {}): LogEntry {
  const mailId = "anna/8b9f2e1c/7/1";
  const decided = { mailId, at: 0, plan: draft, trace: [], durationMs: 0, compared: { draft, active }, ...more };
  return { mailId, accountId: "anna", at: 0, decided };
}

describe("isChanged", () => {
  const created: Plan = { copies: [], destination: { kind: "folder", ...target("A"), create: false } };
  for (const { name, draft, active, want } of [
    { name: "the same", draft: into("A"), active: into("A"), want: false },
    { name: "another folder", draft: into("A"), active: into("B"), want: true },
    { name: "kept instead of filed", draft: KEEP, active: into("B"), want: true },
    { name: "filed into INBOX by name is kept", draft: into("INBOX"), active: KEEP, want: false },
    { name: "discarded", draft: DISCARD, active: KEEP, want: true },
    { name: "a flag more", draft: flagged("\\Seen"), active: KEEP, want: true },
    { name: "flags in another order", draft: flagged("a", "b"), active: flagged("b", "a"), want: false },
    { name: "one copy more", draft: into("A", "B"), active: into("A"), want: true },
    { name: "copies in another order", draft: into("A", "B", "C"), active: into("A", "C", "B"), want: false },
    { name: "only whether the folder is made", draft: created, active: into("A"), want: false },
  ])
    it(name, () => assert.equal(isChanged(entry(draft, active)), want));

  it("a mail that was gone before it was decided on is not changed", () => {
    assert.equal(isChanged({ mailId: "m", accountId: "anna", at: 0 }), false);
  });
});

describe("summarise", () => {
  it("counts places by both rules, what apply would do, and what it leaves out", () => {
    const entries = [
      entry(into("A"), KEEP),
      entry(into("A", "B"), into("B"), { plan: KEEP, notCarriedOut: ["copies", "copies"] }),
      entry(DISCARD, into("B"), { notCarriedOut: ["redirect"] }),
      entry(flagged("\\Seen"), flagged("\\Seen")),
      entry(KEEP, KEEP, { notCarriedOut: ["redirect"] }),
      { mailId: "gone", accountId: "anna", at: 0 },
    ];
    const summary = summarise(entries);
    assert.deepEqual(summary, {
      mails: 6,
      changed: 3,
      places: [
        { place: "INBOX", now: 2, was: 3 },
        { place: "A", now: 2, was: 0 },
        { place: "B", now: 1, was: 2 },
        { place: "", now: 1, was: 0 },
      ],
      moved: 2,
      flagged: 1,
      notCarriedOut: { copies: 1, redirect: 2 },
    });
    assert.match(
      summaryText(summary, sayIn("fr")),
      /^→ INBOX : 2 \(avant : 3\)\n[\s\S]*→ écarter : 1 \(avant : 0\)\n[\s\S]*courriel rangé : redirect 2, copies 1$/,
    );
  });
});

describe("previewTable", () => {
  const say = sayIn("en");
  const headers = { internalDate: Date.UTC(2026, 10, 1, 12), from: "B".repeat(30), subject: "é".repeat(50) };

  it("cuts long senders and subjects, names folder, rule and what differs, without blanks at the end", () => {
    const [line] = previewTable(
      [{ entry: entry(into("A"), DISCARD, { folder: "Lists", rule: "R", line: 3 }), headers }],
      say,
    ).split("\n");
    assert.match(line ?? "", /^2026-11-01 \d\d:\d\d {2}B{23}… {2}é{39}… {2}Lists → A {2}was: discard {2}R \(line 3\)$/);
  });

  it("shows errors, actions left out, and mail that is gone", () => {
    const text = previewTable(
      [
        { entry: entry(KEEP, KEEP, { rule: "line 4", line: 4, notCarriedOut: ["copies"], error: "no" }), headers },
        { entry: { mailId: "anna/8b9f2e1c/7/2", accountId: "anna", at: 0 }, headers: undefined },
      ],
      say,
    );
    const [kept, gone] = text.split("\n");
    assert.match(kept ?? "", /INBOX → INBOX {2,}line 4 {2}not done: copies {2}! no$/);
    assert.match(gone ?? "", /anna\/8b9f2e1c\/7\/2 .*INBOX → gone$/);
  });
});
