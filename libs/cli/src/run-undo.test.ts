import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AppliedMail, KEEP, mailApplied, mailDecided, type Plan } from "@tamis/contracts";
import { RunFacts } from "./run-undo.ts";

const TIMES = { seenAt: 0, fetchedAt: 0, receivedByFilterAt: 0, decidedAt: 0, appliedAt: 0 };
const RUN = { accountId: "anna", runId: "r1" };

const fact = (name: string, value: unknown) => ({
  subject: `event.7.${name}`,
  payload: Buffer.from(JSON.stringify(value)),
});

const decided = (uid: number, plan: Plan, more = {}) =>
  fact(mailDecided.name, {
    v: 1,
    accountId: "anna",
    mode: "act",
    sortId: "r1",
    mails: [{ mailId: `m${uid}`, fingerprint: `f${uid}`, at: 0, plan, trace: [], durationMs: 0 }],
    ...more,
  });

const applied = (uid: number, mail: Partial<AppliedMail>, more = {}) =>
  fact(mailApplied.name, {
    v: 1,
    accountId: "anna",
    sortId: "r1",
    mails: [{ mailId: `m${uid}`, result: "moved", folder: "A", ...TIMES, ...mail }],
    ...more,
  });

const flags = { addFlags: ["\\Seen"], removeFlags: ["$Old"] };
const stay: Plan = { copies: [], destination: { kind: "stay", ...flags } };
const move: Plan = { copies: [], destination: { kind: "folder", mailbox: "A", create: true, ...flags } };
const discard: Plan = { copies: [], destination: { kind: "discard" } };
const back = { addFlags: ["$Old"], removeFlags: ["\\Seen"] };
const none = { addFlags: [], removeFlags: [] };

describe("RunFacts", () => {
  for (const { name, facts, want, nameless = 0 } of [
    {
      name: "a move goes back with its flags",
      facts: [decided(1, move), applied(1, { newMailId: "n1", from: "Lists" })],
      want: [{ folder: "A", mail: { mailId: "n1", fingerprint: "f1", to: "Lists", ...back } }],
    },
    {
      name: "discarded mail comes back from Trash to INBOX",
      facts: [decided(1, discard), applied(1, { result: "discarded", folder: "Trash", newMailId: "n1" })],
      want: [{ folder: "Trash", mail: { mailId: "n1", fingerprint: "f1", to: "INBOX", ...none } }],
    },
    {
      name: "flags alone go back where the mail is",
      facts: [decided(1, stay), applied(1, { result: "kept", folder: "Lists", from: "Lists" })],
      want: [{ folder: "Lists", mail: { mailId: "m1", fingerprint: "f1", to: "Lists", ...back } }],
    },
    {
      name: "kept, failed and gone mail was not changed",
      facts: [
        decided(1, KEEP),
        applied(1, { result: "kept", folder: "INBOX" }),
        decided(2, move),
        applied(2, { result: "failed", folder: "INBOX" }),
        decided(3, move),
        applied(3, { result: "gone", folder: "" }),
      ],
      want: [],
    },
    {
      name: "a command carried out twice: the second look does not hide the move",
      facts: [decided(1, move), applied(1, { newMailId: "n1" }), applied(1, { result: "gone", folder: "" })],
      want: [{ folder: "A", mail: { mailId: "n1", fingerprint: "f1", to: "INBOX", ...back } }],
    },
    {
      name: "what was taken back is not taken back again; what could not be is",
      facts: [
        decided(1, move),
        applied(1, { newMailId: "n1" }),
        decided(2, move),
        applied(2, { newMailId: "n2" }),
        applied(0, { mailId: "n1", result: "moved", folder: "INBOX" }, { undoOf: "r1" }),
        applied(0, { mailId: "n2", result: "failed", folder: "A" }, { undoOf: "r1" }),
      ],
      want: [{ folder: "A", mail: { mailId: "n2", fingerprint: "f2", to: "INBOX", ...back } }],
    },
    {
      name: "a server that tells no new name",
      facts: [decided(1, move), applied(1, {})],
      want: [],
      nameless: 1,
    },
    {
      name: "other runs, other accounts, and what is no fact",
      facts: [
        decided(1, move, { sortId: "r2" }),
        applied(1, { newMailId: "n1" }, { sortId: "r2" }),
        decided(2, move, { accountId: "bruno" }),
        applied(2, { newMailId: "n2" }, { accountId: "bruno" }),
        applied(3, { newMailId: "n3" }),
        fact(mailApplied.name, "nonsense"),
        fact("mailbox-reset", {}),
      ],
      want: [],
    },
  ])
    it(name, () => {
      const run = new RunFacts(RUN);
      for (const one of facts) run.add(one);
      const undo = run.undo();
      assert.deepEqual(undo.undoable, want);
      assert.equal(undo.nameless.length, nameless);
    });
});
