import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Plan } from "@tamis/contracts";
import { changes, DISCARD, inboxOf, move, run, stay, target } from "../test/executing.ts";
import { decisionOn, PlainSession, text } from "../test/plain-session.ts";
import { FolderBook } from "./folder-book.ts";

describe("execute", () => {
  it("moves to one folder in one command, and makes the folder once", async () => {
    const session = inboxOf(3);
    const { outcomes } = await run(session, { 1: move("A"), 2: stay(), 3: move("A") });
    assert.deepEqual(outcomes, ["1 moved A 1", "2 kept INBOX", "3 moved A 2"]);
    assert.deepEqual(changes(session), ["begin", "CREATE A", "MOVE 1,3 A"]);
  });

  it("writes the journal before the first copy", async () => {
    const session = inboxOf(2);
    session.add("B").uidNext = 40;
    const { journal, outcomes } = await run(session, { 1: move("A", target("B")), 2: stay([], target("B")) });
    assert.deepEqual(journal, [{ mailbox: "B", uidValidity: 101, uidNext: 40, uids: [[1, 2]] }]);
    assert.deepEqual(outcomes, ["1 moved A 1", "2 kept INBOX"]);
    assert.ok(session.calls.indexOf("begin") < session.calls.findIndex((call) => call.startsWith("COPY")));
  });

  it("gives each place its own flags and leaves the original's as they were", async () => {
    const session = inboxOf(1);
    await run(session, { 1: stay(["$stay"], target("A", ["\\Flagged"]), target("B", ["$b"])) });
    const flags = ["A", "B", "INBOX"].map((name) => [...(session.folder(name).mails[0]?.flags ?? [])]);
    assert.deepEqual(flags, [["\\Flagged"], ["$b"], ["$stay"]]);
  });

  it("gives mails with the same copies and other flags in the end each its own", async () => {
    const session = inboxOf(2);
    for (const mail of session.inbox.mails) mail.flags.add("$own");
    const end = (removeFlags: readonly string[]): Plan => ({
      copies: [target("A")],
      destination: { kind: "stay", addFlags: [], removeFlags },
    });
    session.inbox.mails[1]?.flags.delete("$own");
    await run(session, { 1: end(["$own"]), 2: end([]) });
    assert.deepEqual(
      session.inbox.mails.map(({ flags }) => [...flags]),
      [[], []],
    );
  });

  for (const command of ["COPY", "MOVE"])
    it(`takes flags back when ${command} is refused: the mail stays as it was`, async () => {
      const session = inboxOf(1);
      session.inbox.mails[0]?.flags.add("$own");
      session.refusals.set(command, "OVERQUOTA");
      const destination = { kind: "folder", ...target("A", ["\\Seen"]), removeFlags: ["$own"] } as const;
      const plan: Plan = { copies: [target("B", ["\\Flagged"])], destination };
      assert.deepEqual((await run(session, { 1: plan })).outcomes, ["1 failed INBOX over-quota"]);
      assert.deepEqual([...(session.inbox.mails[0]?.flags ?? [])], ["$own"]);
    });

  it("takes back \\Deleted when UID EXPUNGE is refused", async () => {
    const session = inboxOf(1, ["UIDPLUS"]);
    session.refusals.set("EXPUNGE", "NOPERM");
    assert.deepEqual((await run(session, { 1: move("A") })).outcomes, ["1 failed INBOX refused"]);
    assert.deepEqual([...(session.inbox.mails[0]?.flags ?? [])], []);
  });

  it("takes back the flags of a copy that an earlier attempt made", async () => {
    const session = inboxOf(1);
    const folder = session.add("B");
    const [first] = session.inbox.mails;
    assert.ok(first);
    folder.add(first.raw, first);
    first.flags.add("\\Flagged");
    const open = [{ mailbox: "B", uidValidity: folder.uidValidity, uidNext: 1, uids: [[1, 1]] as [number, number][] }];
    await run(session, { 1: stay([], target("B", ["\\Flagged"])) }, { open, retried: true });
    assert.deepEqual([...first.flags], []);
  });

  it("discards to the folder marked \\Trash", async () => {
    const session = inboxOf(1);
    session.add("Corbeille", ["\\trash"]);
    assert.deepEqual((await run(session, { 1: DISCARD })).outcomes, ["1 discarded Corbeille 1"]);
  });

  it("discards nothing where no folder is marked \\Trash", async () => {
    const session = inboxOf(2);
    assert.deepEqual((await run(session, { 1: DISCARD, 2: move("A") })).outcomes, [
      "1 failed INBOX no-trash",
      "2 moved A 1",
    ]);
  });

  it("copies without MOVE, and removes by UID what it copied", async () => {
    const session = inboxOf(2, ["UIDPLUS"]);
    const { outcomes } = await run(session, { 1: move("A"), 2: move("A", target("B")) });
    assert.deepEqual(outcomes, ["1 moved A 1", "2 moved A 2"]);
    assert.deepEqual(session.places(), ["A: m1 m2", "B: m2"]);
    assert.deepEqual(changes(session).slice(-2), ["STORE 1:2 +\\Deleted", "EXPUNGE 1:2"]);
  });

  it("changes nothing where the server can neither MOVE nor UID EXPUNGE, but flags", async () => {
    const session = inboxOf(4, []);
    session.add("T", ["\\trash"]);
    const plans = { 1: move("A"), 2: DISCARD, 3: stay([], target("B")), 4: stay(["$x"]) };
    assert.deepEqual((await run(session, plans)).outcomes, [
      "1 failed INBOX no-move",
      "2 failed INBOX no-move",
      "3 failed INBOX no-move",
      "4 kept INBOX",
    ]);
    assert.deepEqual(changes(session), ["begin", "STORE 4 +$x"]);
  });

  for (const capabilities of [["MOVE", "UIDPLUS"], ["UIDPLUS"]])
    it(`a COPY over quota leaves the mail in INBOX (${capabilities})`, async () => {
      const session = inboxOf(2, capabilities);
      session.refusals.set("COPY", "OVERQUOTA");
      const { outcomes } = await run(session, { 1: move("A", target("B")), 2: stay() });
      assert.deepEqual(outcomes, ["1 failed INBOX over-quota", "2 kept INBOX"]);
      assert.deepEqual(session.places(), ["INBOX: m1 m2"]);
    });

  for (const [code, want] of [
    ["OVERQUOTA", "failed INBOX over-quota"],
    ["NONEXISTENT", "failed INBOX no-such-folder"],
    ["UNAVAILABLE", "retry INBOX unavailable"],
    ["INUSE", "retry INBOX inuse"],
    ["LIMIT", "retry INBOX limit"],
    ["", "failed INBOX refused"],
  ] as const)
    it(`MOVE refused with [${code}]: ${want}`, async () => {
      const session = inboxOf(1);
      session.refusals.set("MOVE", code);
      assert.deepEqual((await run(session, { 1: move("A") })).outcomes, [`1 ${want}`]);
    });

  it("tells the moved from the refused after a MOVE in part (RFC 6851 §4.3)", async () => {
    const session = inboxOf(2);
    session.add("A");
    session.refusals.set("MOVE", "OVERQUOTA");
    session.onCall = (call) => {
      if (call.startsWith("MOVE")) session.inbox.remove(new Set([1]));
    };
    assert.deepEqual((await run(session, { 1: move("A"), 2: move("A") })).outcomes, [
      "1 moved A",
      "2 failed INBOX over-quota",
    ]);
  });

  it("makes a folder that went away since it was listed, with :create only", async () => {
    const session = inboxOf(1);
    const folders = new FolderBook(session.asSession, { trash: "auto", snoozed: "Snoozed" });
    session.add("A");
    await folders.has("A");
    session.folders.delete("A");
    assert.deepEqual((await run(session, { 1: move("A") }, { folders })).outcomes, ["1 moved A 1"]);
    const other = inboxOf(1);
    const plan: Plan = { copies: [], destination: { kind: "folder", ...target("A", [], false) } };
    assert.deepEqual((await run(other, { 1: plan })).outcomes, ["1 failed INBOX no-such-folder"]);
  });

  for (const [retried, isThere, want] of [
    [false, true, "1 gone"],
    [true, true, "1 moved A 1"],
    [true, false, "1 gone"],
  ] as const)
    it(`a mail that is away, ${retried ? "tried before" : "tried first"} and ${isThere ? "" : "not "}in its target: ${want}`, async () => {
      const session = inboxOf(2);
      const [first] = session.inbox.mails;
      const folder = session.add("A");
      if (first !== undefined && isThere) folder.add(first.raw, first);
      const decision = decisionOn(session.inbox, 1, move("A"));
      session.inbox.mails.splice(0, 1);
      const { outcomes } = await run(session, {}, { retried, decisions: [decision] });
      assert.deepEqual(outcomes, [want]);
    });

  it("a MOVE that a killed server left in both folders: the original goes, nothing is moved again", async () => {
    const session = inboxOf(2);
    const [first] = session.inbox.mails;
    const folder = session.add("B");
    if (first !== undefined) folder.add(first.raw, first);
    const { outcomes } = await run(session, { 1: move("B"), 2: move("B") }, { retried: true });
    assert.deepEqual(outcomes, ["1 moved B 1", "2 moved B 2"]);
    assert.deepEqual([session.inbox.mails.length, folder.mails.length], [0, 2]);
  });

  it("of two mails that look the same, a copy that is there is that of the one that is away", async () => {
    const session = new PlainSession();
    for (const _ of [1, 2]) session.inbox.add(text("twin"));
    const [first] = session.inbox.mails;
    const folder = session.add("B");
    if (first !== undefined) folder.add(first.raw, first);
    const decision = decisionOn(session.inbox, 1, move("B"));
    session.inbox.mails.splice(0, 1);
    const { outcomes } = await run(session, { 2: move("B") }, { retried: true, decisions: [decision] });
    assert.deepEqual(outcomes, ["1 moved B 1", "2 moved B 2"]);
    assert.equal(folder.mails.length, 2);
  });

  it("makes no copy again that an earlier attempt made, and those that it did not", async () => {
    const session = inboxOf(3);
    const [first, second] = session.inbox.mails;
    const folder = session.add("B");
    if (first !== undefined) folder.add(first.raw, first);
    const uidNext = folder.uidNext;
    if (second !== undefined) folder.add(second.raw, second);
    const open = [{ mailbox: "B", uidValidity: folder.uidValidity, uidNext, uids: [[1, 2]] as [number, number][] }];
    const plan = stay([], target("B"));
    await run(session, { 1: plan, 2: plan, 3: plan }, { open, retried: true });
    // The copy of m1 was there before the journal was written: not ours.
    assert.deepEqual(session.places(), ["INBOX: m1 m2 m3", "B: m1 m2 m1 m3"]);
  });

  it("looks through a folder as a whole when it was renumbered since", async () => {
    const session = inboxOf(1);
    const folder = session.add("B");
    const [first] = session.inbox.mails;
    if (first !== undefined) folder.add(first.raw, first);
    const open = [{ mailbox: "B", uidValidity: 1, uidNext: 900, uids: [[1, 1]] as [number, number][] }];
    await run(session, { 1: stay([], target("B")) }, { open, retried: true });
    assert.deepEqual(session.places(), ["INBOX: m1", "B: m1"]);
  });

  it("with a record made again looks for every copy first", async () => {
    const session = inboxOf(1);
    const folder = session.add("B");
    const [first] = session.inbox.mails;
    if (first !== undefined) folder.add(first.raw, first);
    await run(session, { 1: stay([], target("B")) }, { searchCopiesSince: Date.now() - 60_000 });
    assert.deepEqual(session.places(), ["INBOX: m1", "B: m1"]);
  });

  it("stores no flag that the folder would not keep, nor what is no flag", async () => {
    const session = inboxOf(1);
    session.permanentFlags = new Set(["\\flagged", "$known"]);
    await session.select("INBOX");
    await run(session, { 1: stay(["\\Flagged", "$KNOWN", "$other", "\\Recent", "two words", "a)", ""]) });
    assert.deepEqual(changes(session), ["begin", "STORE 1 +\\Flagged $KNOWN"]);
  });

  it("stores any keyword where PERMANENTFLAGS has \\*, and no unknown system flag", async () => {
    const session = inboxOf(1);
    session.permanentFlags = new Set(["\\seen", "\\*"]);
    await session.select("INBOX");
    await run(session, { 1: stay(["$other", "\\Odd"]) });
    assert.deepEqual(changes(session), ["begin", "STORE 1 +$other"]);
  });
});
