import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP } from "@tamis/contracts";
import type { Action, Origin, Snooze } from "@tamis/sieve";
import { planOf as planOfRuled } from "./plan.ts";

/** Of the owner's actions alone, for a mail in INBOX. */
const planOf = (actions: readonly Action[], flags: readonly string[] = []) =>
  planOfRuled(
    actions.map((action) => ({ layer: "user", action }) as const),
    { folder: "INBOX", flags, isSealed: () => false },
  );

const at = (line: number): Origin => ({ rule: `rule ${line}`, line, span: { start: 0, end: 1, line, column: 1 } });
const fileinto = (mailbox: string): Action => ({
  kind: "fileinto",
  mailbox,
  copy: false,
  create: false,
  origin: at(2),
});
const discard: Action = { kind: "discard", origin: at(4) };
const target = (mailbox: string, more: object = {}) => ({
  mailbox,
  create: false,
  addFlags: [],
  removeFlags: [],
  ...more,
});
const stay = { kind: "stay", addFlags: [], removeFlags: [] };
const snooze = (more: Partial<Snooze> = {}): Snooze => ({
  kind: "snooze",
  until: 1_700_000_000_000,
  mailbox: "INBOX",
  create: false,
  addFlags: [],
  removeFlags: [],
  origin: at(6),
  ...more,
});
const wake = { until: 1_700_000_000_000, mailbox: "INBOX", create: false, addFlags: [], removeFlags: [] };
const asleep = (more: object = {}) => target("Snoozed", { create: true, specialUse: "\\Snoozed", wake, ...more });

const cases: readonly { name: string; actions: readonly Action[]; flags?: readonly string[]; want: object }[] = [
  { name: "snooze", actions: [snooze()], want: { copies: [], destination: { kind: "folder", ...asleep() } } },
  {
    name: "snooze beside a folder: the mail sleeps, the folder has a copy, whichever comes first",
    actions: [snooze(), fileinto("A"), discard],
    want: { copies: [target("A")], destination: { kind: "folder", ...asleep() } },
  },
  {
    name: "snooze beside a keep: a copy sleeps",
    actions: [snooze(), { kind: "keep", implicit: false, origin: at(3) }],
    want: { copies: [asleep()], destination: stay },
  },
  {
    name: "snooze and fileinto Snoozed are two",
    actions: [fileinto("Snoozed"), snooze()],
    want: { copies: [target("Snoozed")], destination: { kind: "folder", ...asleep() } },
  },
  {
    name: "what the wake does, and what the mail is like until then",
    actions: [snooze({ mailbox: "A", create: true, specialUse: "\\Archive", addFlags: ["\\Flagged"], flags: ["$x"] })],
    flags: ["\\Seen"],
    want: {
      copies: [],
      destination: {
        kind: "folder",
        ...asleep({
          addFlags: ["$x"],
          removeFlags: ["\\Seen"],
          wake: { ...wake, mailbox: "A", create: true, specialUse: "\\Archive", addFlags: ["\\Flagged"] },
        }),
      },
    },
  },
];

describe("planOf, of mail that is snoozed", () => {
  for (const { name, actions, flags, want } of cases) {
    it(name, () => {
      const { plan, decider, fault } = planOf(actions, flags);
      assert.deepEqual(plan, want);
      assert.equal(fault, null);
      assert.ok(decider !== null);
    });
  }

  it("keeps what cannot be written on the mail for its wake", () => {
    for (const [mailbox, text] of [
      ["x".repeat(400), "snooze-too-long"],
      ["", "empty-mailbox"],
    ] as const)
      assert.deepEqual(planOf([snooze({ mailbox }), discard]), { plan: KEEP, decider: null, fault: { text } });
  });
});
