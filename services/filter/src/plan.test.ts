import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP, type Plan } from "@tamis/contracts";
import type { Action, Fileinto, Origin } from "@tamis/sieve";
import type { SendingAction } from "./compose.ts";
import { type Fate, type Fates, type MailPlace, planOf as planOfRuled } from "./plan.ts";

/** Of the owner's actions alone. */
const planOf = (actions: readonly Action[], place: Omit<MailPlace, "isSealed">, fates?: Fates) =>
  planOfRuled(
    actions.map((action) => ({ layer: "user", action }) as const),
    { isSealed: () => false, ...place },
    fates,
  );

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
  const vacation: SendingAction = { kind: "vacation", seconds: 3600, handle: "h", reply, origin: at(1) };
  const reject: SendingAction = { kind: "reject", form: "reject", reason: "no", to: "a@example.org", origin: at(1) };
  const gone = redirect(false);
  const copied = redirect(true);
  const fault = { text: "held" } as const;

  const sent: readonly {
    readonly name: string;
    readonly actions: readonly Action[];
    readonly fate?: Fate;
    readonly want: string;
    readonly fault?: object;
  }[] = [
    { name: "a redirect that left", actions: [gone], fate: { kind: "left" }, want: "discard" },
    { name: "a redirect of which nothing is known yet", actions: [gone], want: "discard" },
    { name: "a redirect that did not leave", actions: [gone], fate: { kind: "kept", fault }, want: "stay", fault },
    {
      name: "one that did not leave, beside a discard",
      actions: [gone, discard],
      fate: { kind: "kept" },
      want: "stay",
    },
    {
      name: "one that did not leave, beside a folder",
      actions: [gone, fileinto("A")],
      fate: { kind: "kept" },
      want: "A",
    },
    { name: "one that left, beside a folder", actions: [gone, fileinto("A")], fate: { kind: "left" }, want: "A" },
    { name: "a copy that left, and a keep", actions: [copied, implicitKeep], fate: { kind: "left" }, want: "stay" },
    { name: "a copy that left, and a discard", actions: [copied, discard], fate: { kind: "left" }, want: "discard" },
    { name: "a rejection that left", actions: [reject], fate: { kind: "left" }, want: "discard" },
    {
      name: "a rejection of which nobody may hear",
      actions: [reject],
      fate: { kind: "junk", mailbox: "Spam" },
      want: "Spam",
    },
    {
      name: "one of which nobody may hear, in Junk",
      actions: [reject],
      fate: { kind: "junk", mailbox: "INBOX" },
      want: "stay",
    },
    { name: "one that nobody can carry out", actions: [reject], fate: { kind: "kept", fault }, want: "stay", fault },
    { name: "a reply", actions: [vacation, implicitKeep], fate: { kind: "left" }, want: "stay" },
    { name: "no reply, and a discard", actions: [vacation, discard], fate: { kind: "beside" }, want: "discard" },
    { name: "a reply that failed", actions: [vacation, discard], fate: { kind: "beside", fault }, want: "stay", fault },
  ];

  for (const { name, actions, fate, want, fault: told } of sent) {
    it(`finds the place of a mail beside ${name}`, () => {
      const fates = new Map(fate === undefined ? [] : actions.slice(0, 1).map((action) => [action, fate]));
      const planned = planOf(actions, { folder: "INBOX", flags: [] }, fates);
      const { destination } = planned.plan;
      assert.equal(destination.kind === "folder" ? destination.mailbox : destination.kind, want);
      assert.deepEqual(planned.fault, told ?? null);
    });
  }

  const notYet: readonly Action[] = [
    {
      kind: "processcalendar",
      allowPublic: false,
      addresses: [],
      updatesOnly: false,
      calendarId: null,
      deleteCanceled: false,
      organizers: null,
      origin: at(1),
    },
  ];

  for (const action of notYet) {
    it(`keeps the mail beside ${action.kind}, and says that it is not available`, () => {
      const told = { text: action.kind };
      assert.deepEqual(planOf([action], { folder: "INBOX", flags: [] }), { plan: KEEP, decider: null, fault: told });
      const filed = planOf([action, fileinto("A")], { folder: "INBOX", flags: [] });
      assert.equal(filed.plan.destination.kind, "folder");
      assert.deepEqual(filed.fault, told);
      assert.deepEqual(planOf([action, discard], { folder: "INBOX", flags: [] }).plan, KEEP);
    });
  }

  it("has nothing to do with what is only remembered", () => {
    const mark: Action = { kind: "duplicate-mark", key: "k", seconds: 60, origin: at(1) };
    const planned = planOf([mark, discard], { folder: "INBOX", flags: [] });
    assert.deepEqual([planned.plan.destination.kind, planned.fault], ["discard", null]);
  });

  const edits = [{ kind: "add-header", name: "X-A", value: "1", last: false }] as const;

  it("carries changes to the mail to where it is stored", () => {
    const { plan } = planOf(
      [fileinto("A"), fileinto("B", { edits }), { kind: "keep", implicit: false, edits, origin: at(3) }],
      {
        folder: "INBOX",
        flags: [],
      },
    );
    assert.deepEqual(plan, { copies: [target("A"), target("B", { edits })], destination: stay({ edits }) });
  });

  it("changes nothing in a mail that is sealed, and says so", () => {
    const place = { folder: "INBOX", flags: [], isSealed: () => true };
    const planned = planOf([fileinto("A", { edits })], place);
    assert.deepEqual(planned.plan.destination, folder("A"));
    assert.deepEqual(planned.fault, { text: "sealed" });
  });

  it("tells the attribute that a folder gets which has to be created", () => {
    const { plan } = planOf([fileinto("Junk", { create: true, specialUse: "\\Junk" })], { folder: "INBOX", flags: [] });
    assert.deepEqual(plan.destination, folder("Junk", { create: true, specialUse: "\\Junk" }));
  });

  it("keeps what has no folder name", () => {
    assert.deepEqual(planOf([fileinto("")], { folder: "INBOX", flags: [] }), {
      plan: KEEP,
      decider: null,
      fault: { text: "empty-mailbox" },
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
    assert.deepEqual(planned.decider, { layer: "user", rule: "rule 9", line: 9 });
    assert.equal(planOf([discard], { folder: "INBOX", flags: [] }).decider?.rule, "rule 4");
    assert.equal(planOf([redirect(false)], { folder: "INBOX", flags: [] }).decider?.rule, "rule 5");
  });
});
