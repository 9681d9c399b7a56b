import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Decision, KEEP, type Plan, type Target } from "@tamis/contracts";
import fc from "fast-check";
import { asSteps, obstacle, SourceFlags } from "./steps.ts";

const target = (mailbox: string): Target => ({ mailbox, create: true, addFlags: ["$x"], removeFlags: [] });
const decision = (plan: Plan): Decision => ({
  uid: 1,
  internalDate: 0,
  fingerprint: "f",
  plan,
  times: { seenAt: 0, fetchedAt: 0, receivedByFilterAt: 0, decidedAt: 0 },
});

const into = (mailbox: string): Plan["destination"] => ({ kind: "folder", ...target(mailbox) });
const ground = { folder: "INBOX", trash: "Trash" };

describe("asSteps", () => {
  for (const { name, destination, canMove, want } of [
    {
      name: "a mail that stays",
      destination: { kind: "stay", addFlags: ["$y"], removeFlags: [] },
      canMove: true,
      want: [["B"], "stay", "INBOX", false],
    },
    {
      name: "a folder",
      destination: { kind: "folder", ...target("A") },
      canMove: true,
      want: [["B"], "move", "A", false],
    },
    {
      name: "INBOX in any case",
      destination: { kind: "folder", ...target("inbox") },
      canMove: true,
      want: [["B"], "stay", "INBOX", false],
    },
    { name: "discard", destination: { kind: "discard" }, canMove: true, want: [["B"], "move", "Trash", true] },
    {
      name: "a folder without MOVE",
      destination: { kind: "folder", ...target("A") },
      canMove: false,
      want: [["B", "A"], "expunge", "A", false],
    },
    {
      name: "discard without MOVE",
      destination: { kind: "discard" },
      canMove: false,
      want: [["B", "Trash"], "expunge", "Trash", true],
    },
    {
      name: "a mail that stays, without MOVE",
      destination: { kind: "stay", addFlags: [], removeFlags: [] },
      canMove: false,
      want: [["B"], "stay", "INBOX", false],
    },
  ] satisfies { name: string; destination: Plan["destination"]; canMove: boolean; want: unknown }[])
    it(name, () => {
      const { copies, end } = asSteps(decision({ copies: [target("B")], destination }), { ...ground, canMove });
      assert.deepEqual([copies.map((copy) => copy.target.mailbox), end.kind, end.mailbox, end.discard], want);
    });

  it("makes of a mail that is rewritten a copy with the changes, and an original that goes", () => {
    const edits = [{ kind: "add-header" }];
    for (const [destination, mailbox] of [
      [{ kind: "stay", addFlags: ["$y"], removeFlags: ["$z"], edits }, "INBOX"],
      [{ kind: "folder", ...target("A"), addFlags: ["$y"], removeFlags: ["$z"], specialUse: "\\Junk", edits }, "A"],
    ] as const) {
      const { copies, end } = asSteps(decision({ copies: [target("B")], destination }), { ...ground, canMove: true });
      assert.deepEqual(
        copies.map((copy) => copy.target.mailbox),
        ["B", mailbox],
      );
      const last = copies[1]?.target;
      assert.deepEqual([last?.addFlags, last?.removeFlags, last?.edits], [["$y"], ["$z"], edits]);
      assert.equal(last?.specialUse, mailbox === "A" ? "\\Junk" : undefined);
      assert.deepEqual([end.kind, end.mailbox], ["expunge", mailbox]);
    }
  });

  it("gives the last copy the flags of the destination", () => {
    const { copies } = asSteps(decision({ copies: [], destination: { kind: "folder", ...target("A") } }), {
      ...ground,
      canMove: false,
    });
    assert.deepEqual(copies[0]?.target.addFlags, ["$x"]);
  });
});

describe("asSteps in another folder than INBOX", () => {
  for (const { name, folder, destination, want } of [
    { name: "keep stays there", folder: "A", destination: KEEP.destination, want: ["stay", "A"] },
    { name: "its own folder is no move", folder: "A", destination: into("A"), want: ["stay", "A"] },
    { name: "INBOX is a move", folder: "A", destination: into("inbox"), want: ["move", "inbox"] },
    { name: "another is a move", folder: "A", destination: into("B"), want: ["move", "B"] },
    { name: "discard in Trash stays", folder: "Trash", destination: { kind: "discard" }, want: ["stay", "Trash"] },
  ] satisfies { name: string; folder: string; destination: Plan["destination"]; want: unknown }[])
    it(name, () => {
      const { end } = asSteps(decision({ copies: [], destination }), { ...ground, folder, canMove: true });
      assert.deepEqual([end.kind, end.mailbox], want);
    });
});

describe("obstacle", () => {
  const edits = [{ kind: "add-header" }];
  const moved: Plan = { copies: [], destination: { kind: "folder", ...target("A") } };
  const stay = { kind: "stay", addFlags: [], removeFlags: [] } as const;
  const kept: Plan = { copies: [], destination: stay };
  for (const [what, plan, capabilities, want] of [
    ["kept", kept, [], null],
    ["kept with a copy", { ...kept, copies: [target("A")] }, [], "no-move"],
    ["moved", moved, [], "no-move"],
    ["moved", moved, ["MOVE"], null],
    ["moved", moved, ["UIDPLUS"], null],
    ["discarded", { copies: [], destination: { kind: "discard" } }, [], "no-move"],
    ["rewritten", { ...kept, destination: { ...stay, edits } }, ["MOVE"], "no-uidplus"],
    ["rewritten", { ...kept, destination: { ...stay, edits } }, ["UIDPLUS"], null],
    ["copied and rewritten", { ...kept, copies: [{ ...target("A"), edits }] }, ["MOVE"], "no-uidplus"],
  ] as const satisfies readonly (readonly [string, Plan, readonly string[], string | null])[])
    it(`${what} with ${capabilities.join(" ") || "neither"}: ${want ?? "none"}`, () =>
      assert.equal(obstacle(decision(plan), { capabilities: new Set<string>(capabilities), selected: null }), want));

  it("RFC 4314: where INBOX keeps no \\Deleted nothing is rewritten there, nor moved without MOVE", () => {
    const permanentFlags = new Set(["\\seen", "\\*"]);
    const selected = { name: "INBOX", uidValidity: 1, uidNext: 1, uidNotSticky: false, permanentFlags };
    for (const [plan, capabilities, want] of [
      [{ ...kept, destination: { ...stay, edits } }, ["MOVE", "UIDPLUS"], "no-delete"],
      [{ ...kept, copies: [{ ...target("A"), edits }] }, ["MOVE", "UIDPLUS"], null],
      [moved, ["MOVE", "UIDPLUS"], null],
      [moved, ["UIDPLUS"], "no-delete"],
    ] as const)
      assert.equal(obstacle(decision(plan), { capabilities: new Set<string>(capabilities), selected }), want);
  });
});

describe("SourceFlags", () => {
  it("gives a copy that the server does not make the flags that COPY would have given it", () => {
    const source = new SourceFlags();
    source.changesTo({ addFlags: ["\\Flagged", "$mine"], removeFlags: ["\\Seen"] });
    const now = ["\\flagged", "$mine", "$own", "\\Answered"];
    assert.deepEqual(source.asTarget(now, { addFlags: ["$new"], removeFlags: ["\\answered"] }), [
      "$own",
      "\\Seen",
      "$new",
    ]);
  });

  const flags = fc.subarray(["$a", "$b", "$c", "$d"]);
  const wanted = fc.tuple(flags, flags).map(([addFlags, more]) => ({
    addFlags,
    removeFlags: more.filter((flag) => !addFlags.includes(flag)),
  }));

  it("gives each target the mail's own flags with its own changes, as differences", () => {
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 6 }), (targets) => {
        // A plan names only flags that change something: $a and $b are on the mail, $c and $d are not.
        const own = new Set(["$a", "$b"]);
        const now = new Set(own);
        const source = new SourceFlags();
        for (const { addFlags, removeFlags } of targets) {
          const add = addFlags.filter((flag) => !own.has(flag));
          const remove = removeFlags.filter((flag) => own.has(flag));
          const changes = source.changesTo({ addFlags: add, removeFlags: remove });
          for (const flag of changes.add) now.add(flag);
          for (const flag of changes.remove) now.delete(flag);
          const want = new Set([...own, ...add].filter((flag) => !remove.includes(flag)));
          assert.deepEqual([...now].sort(), [...want].sort());
        }
      }),
    );
  });

  it("changes nothing when nothing differs", () => {
    const source = new SourceFlags();
    source.changesTo({ addFlags: ["$x"], removeFlags: ["$y"] });
    assert.deepEqual(source.changesTo({ addFlags: ["$x"], removeFlags: ["$y"] }), { add: [], remove: [] });
  });
});
