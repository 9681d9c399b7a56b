import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP, type Plan } from "@tamis/contracts";
import type { Action, Fileinto, Origin } from "@tamis/sieve";
import { type PlanFault, planOf } from "./plan.ts";

const at = (line: number): Origin => ({ rule: `rule ${line}`, line, span: { start: 0, end: 1, line, column: 1 } });
const fileinto = (mailbox: string, more: Partial<Fileinto> = {}): Action => ({
  kind: "fileinto",
  mailbox,
  copy: false,
  create: false,
  origin: at(2),
  ...more,
});
const implicitKeep: Action = { kind: "keep", implicit: true, origin: null };
const discard: Action = { kind: "discard", origin: at(4) };
const redirect = (copy: boolean): Action => ({ kind: "redirect", address: "x@example.org", copy, origin: at(5) });
const target = (mailbox: string, more: object = {}) => ({
  mailbox,
  create: false,
  addFlags: [],
  removeFlags: [],
  ...more,
});
const folder = (mailbox: string, more: object = {}) => ({ kind: "folder", ...target(mailbox, more) });
const stay = (more: object = {}) => ({ kind: "stay", addFlags: [], removeFlags: [], ...more });

const cases: readonly { name: string; actions: readonly Action[]; flags?: readonly string[]; want: object }[] = [
  { name: "the implicit keep", actions: [implicitKeep], want: KEEP },
  { name: "no action at all", actions: [], want: KEEP },
  { name: "one folder", actions: [fileinto("A")], want: { copies: [], destination: folder("A") } },
  {
    name: "several folders: copies, then the last",
    actions: [fileinto("A"), fileinto("B"), fileinto("C")],
    want: { copies: [target("A"), target("B")], destination: folder("C") },
  },
  {
    name: "a folder to create",
    actions: [fileinto("A", { create: true })],
    want: { copies: [], destination: folder("A", { create: true }) },
  },
  { name: "fileinto INBOX is keep, in any case", actions: [fileinto("inbox")], want: KEEP },
  {
    name: ":copy beside the implicit keep",
    actions: [fileinto("A", { copy: true }), implicitKeep],
    want: { copies: [target("A")], destination: stay() },
  },
  {
    name: ":copy and discard: only the folder has it",
    actions: [fileinto("A", { copy: true }), discard],
    want: { copies: [], destination: folder("A") },
  },
  {
    name: "explicit keep beside a folder",
    actions: [fileinto("A"), { kind: "keep", implicit: false, origin: at(3) }],
    want: { copies: [target("A")], destination: stay() },
  },
  { name: "discard alone", actions: [discard], want: { copies: [], destination: { kind: "discard" } } },
  {
    name: "discard beside keep does nothing",
    actions: [{ kind: "keep", implicit: false, origin: at(3) }, discard],
    want: KEEP,
  },
  {
    name: "discard beside a folder does nothing",
    actions: [discard, fileinto("A")],
    want: { copies: [], destination: folder("A") },
  },
  {
    name: "the same folder twice is stored once",
    actions: [fileinto("A"), fileinto("A", { create: true })],
    want: { copies: [], destination: folder("A", { create: true }) },
  },
  {
    name: "flags are a difference",
    actions: [{ kind: "keep", implicit: false, flags: ["\\Flagged", "\\Seen", "$Work"], origin: at(3) }],
    flags: ["\\seen", "$Old", "\\Recent"],
    want: { copies: [], destination: stay({ addFlags: ["\\Flagged", "$Work"], removeFlags: ["$Old"] }) },
  },
  {
    name: "the same flags change nothing",
    actions: [{ kind: "keep", implicit: false, flags: ["\\Seen"], origin: at(3) }],
    flags: ["\\Seen"],
    want: KEEP,
  },
  {
    name: "an empty set removes all",
    actions: [fileinto("A", { flags: [] })],
    flags: ["$A", "$B"],
    want: { copies: [], destination: folder("A", { removeFlags: ["$A", "$B"] }) },
  },
  {
    name: "no flag action leaves flags alone",
    actions: [fileinto("A")],
    flags: ["$A"],
    want: { copies: [], destination: folder("A") },
  },
];

describe("planOf", () => {
  for (const { name, actions, flags = [], want } of cases) {
    it(name, () => assert.deepEqual<Plan | object>(planOf(actions, { folder: "INBOX", flags }).plan, want));
  }

  it("leaves a mail where a redirect alone would take it, and says so", () => {
    assert.deepEqual(planOf([redirect(false)], { folder: "INBOX", flags: [] }), {
      plan: KEEP,
      decider: null,
      fault: "redirect",
    });
  });

  it("never discards what was to be redirected", () => {
    assert.deepEqual(planOf([redirect(false), discard], { folder: "INBOX", flags: [] }).plan, KEEP);
  });

  it("still files beside a redirect", () => {
    const planned = planOf([redirect(true), fileinto("A")], { folder: "INBOX", flags: [] });
    assert.equal(planned.plan.destination.kind, "folder");
    assert.equal(planned.fault, "redirect");
  });

  const reply = {
    to: "a@example.org",
    toField: "a@example.org",
    from: "me@example.net",
    subject: "Auto: x",
    inReplyTo: "",
    references: "",
    mime: false,
    text: "Away",
  };
  const vacation = { kind: "vacation", seconds: 3600, handle: "h", origin: at(1) } as const;
  const notice = {
    kind: "notify",
    method: "mailto:a@example.org",
    importance: 2,
    options: [],
    message: "",
    from: "",
    mail: null,
    origin: at(1),
  } as const;
  const notYet: readonly { readonly action: Action; readonly fault: PlanFault | null }[] = [
    { action: { ...vacation, reply }, fault: "vacation" },
    { action: { ...vacation, reply: null, silence: "list" }, fault: null },
    { action: { kind: "reject", form: "reject", reason: "no", to: "a@example.org", origin: at(1) }, fault: "reject" },
    { action: notice, fault: "notify" },
    { action: { ...notice, silence: "automatic" }, fault: null },
    {
      action: {
        kind: "snooze",
        until: 0,
        mailbox: "INBOX",
        create: false,
        addFlags: [],
        removeFlags: [],
        origin: at(1),
      },
      fault: "snooze",
    },
    {
      action: {
        kind: "processcalendar",
        allowPublic: false,
        addresses: [],
        updatesOnly: false,
        calendarId: null,
        deleteCanceled: false,
        organizers: null,
        origin: at(1),
      },
      fault: "processcalendar",
    },
    { action: { kind: "pipe", program: "p", arguments: [], copy: false, try: false, origin: at(1) }, fault: "pipe" },
    {
      action: {
        kind: "report",
        feedbackType: "abuse",
        message: "m",
        address: "a@example.org",
        headersOnly: true,
        origin: at(1),
      },
      fault: "report",
    },
    { action: { kind: "duplicate-mark", key: "k", seconds: 60, origin: at(1) }, fault: "duplicate" },
  ];

  for (const { action, fault } of notYet) {
    it(`keeps the mail beside ${action.kind}, and says ${fault ?? "nothing"}`, () => {
      assert.deepEqual(planOf([action], { folder: "INBOX", flags: [] }), { plan: KEEP, decider: null, fault });
      const filed = planOf([action, fileinto("A")], { folder: "INBOX", flags: [] });
      assert.equal(filed.plan.destination.kind, "folder");
      assert.equal(filed.fault, fault);
      if (fault !== null) assert.deepEqual(planOf([action, discard], { folder: "INBOX", flags: [] }).plan, KEEP);
    });
  }

  it("keeps what has no folder name", () => {
    assert.deepEqual(planOf([fileinto("")], { folder: "INBOX", flags: [] }), {
      plan: KEEP,
      decider: null,
      fault: "empty-mailbox",
    });
  });

  it("knows the mail's own folder where that is not INBOX", () => {
    assert.deepEqual(planOf([fileinto("Work")], { folder: "Work", flags: [] }).plan, KEEP);
    assert.equal(planOf([fileinto("INBOX")], { folder: "Work", flags: [] }).plan.destination.kind, "folder");
  });

  it("names the command that gave the mail its place", () => {
    const planned = planOf([fileinto("A", { origin: at(7) }), fileinto("B", { origin: at(9) })], {
      folder: "INBOX",
      flags: [],
    });
    assert.equal(planned.decider?.line, 9);
    assert.equal(planOf([discard], { folder: "INBOX", flags: [] }).decider?.rule, "rule 4");
  });
});
