import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { folderIdOf, KEEP, SNOOZED, wakeKeyword, wakeMinute } from "@tamis/contracts";
import { once, without } from "./fake-faults.ts";
import type { FakeImap } from "./fake-imap.ts";
import { mail } from "./pipeline.ts";
import { asleep, at, expectAwake, flagsIn, LATER, MINUTE, NOON, noon, snooze, wake } from "./snoozing.ts";

describe("snoozed mail, at the fake server", () => {
  it("sleeps in Snoozed with its keyword, and wakes at its minute, not before", async () => {
    await using rig = await noon();
    await asleep(rig, ["a", "b"]);
    const keyword = wakeKeyword(wakeMinute({ until: LATER }));
    assert.deepEqual(flagsIn(rig.imap, "Snoozed"), [[keyword], [keyword]]);
    assert.deepEqual(
      rig.applied.map(({ result, folder, snoozedUntil }) => [result, folder, snoozedUntil]),
      [
        ["moved", "Snoozed", LATER],
        ["moved", "Snoozed", LATER],
      ],
    );
    assert.deepEqual(rig.status.snooze, { snoozed: 2, woken: 0, accounts: 1, nextAt: LATER });
    at(rig, LATER - 1);
    await rig.untilAtRest();
    assert.equal(rig.imap.folder("Snoozed").mails.length, 2);
    const moves = rig.imap.count("UID MOVE");
    at(rig, LATER);
    await expectAwake(rig, ["a", "b"]);
    assert.equal(rig.imap.count("UID MOVE"), moves + 1, "one MOVE for both");
    const woken = rig.applied.filter(({ wokenFor }) => wokenFor !== undefined);
    assert.deepEqual(
      woken.map(({ from, result, folder, wokenFor, newMailId }) => [from, result, folder, wokenFor, newMailId]),
      [3, 4].map((uid) => ["Snoozed", "moved", "INBOX", LATER, `ada/${folderIdOf("INBOX")}/1000/${uid}`]),
    );
    assert.deepEqual(rig.status.snooze, { snoozed: 2, woken: 2, accounts: 0, nextAt: null });
  });

  it("an account where nothing sleeps never selects another folder", async () => {
    await using rig = await noon();
    at(rig, LATER);
    await rig.untilAtRest();
    assert.deepEqual([rig.imap.count("EXAMINE"), rig.imap.count("LIST")], [0, 0]);
  });

  it("comes back where and as the script said, several folders at once", async () => {
    await using rig = await noon();
    const there = { mailbox: "Classes/3eB", create: true, addFlags: ["\\Flagged", "$woken"], removeFlags: ["\\Seen"] };
    await asleep(rig, ["a"], snooze(there));
    rig.imap.folder("Snoozed").mails[0]?.flags.add("\\Seen");
    rig.decide = () => snooze({ until: LATER + MINUTE });
    rig.imap.arrive(mail("x", "b"));
    await rig.untilApplied(2);
    at(rig, LATER + MINUTE);
    await rig.until(() => rig.imap.inbox.mails.length === 1, "b awake");
    await rig.untilAtRest();
    assert.deepEqual(rig.imap.places(), ["Classes/3eB: a", "INBOX: b"]);
    assert.deepEqual(flagsIn(rig.imap, "Classes/3eB"), [["$woken", "\\Flagged"]]);
    assert.deepEqual(flagsIn(rig.imap, "INBOX"), [[]]);
  });

  it("wakes in INBOX where its folder is gone and none may be made, or is where it sleeps", async () => {
    for (const mailbox of ["Nowhere", "Snoozed"]) {
      await using rig = await noon();
      await asleep(rig, ["a"], snooze({ mailbox }));
      at(rig, LATER);
      await expectAwake(rig, ["a"]);
    }
  });

  it("sleeps in the folder with the special use \\Snoozed, unless the server snoozes by itself", async () => {
    const prepare = (imap: FakeImap): void => void imap.addFolder("Plus tard", ["\\Snoozed"]);
    for (const [capabilities, folder] of [
      [without(), "Plus tard"],
      [`${without()} SNOOZE`, "Snoozed"],
    ] as const) {
      await using rig = await noon({ capabilities, prepare });
      rig.decide = () => snooze();
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual(rig.imap.places(), [`${folder}: a`]);
      rig.decide = () => KEEP;
      at(rig, LATER);
      await expectAwake(rig, ["a"]);
    }
  });

  it("another folder becomes \\Snoozed while mail sleeps: it wakes where it is, and what comes afterwards sleeps there", async () => {
    await using rig = await noon();
    await asleep(rig, ["a"]);
    rig.imap.addFolder("Plus tard", ["\\Snoozed"]);
    rig.worker.renew(rig.lease(2));
    at(rig, LATER);
    await expectAwake(rig, ["a"]);
    rig.decide = () => snooze({ until: LATER + MINUTE });
    rig.imap.arrive(mail("x", "b"));
    await rig.until(() => rig.results.includes("moved Plus tard"), "b asleep");
  });

  it("a copy sleeps while the mail stays, and comes back beside it", async () => {
    await using rig = await noon();
    const target = { ...SNOOZED, create: true, addFlags: [], removeFlags: [], wake: wake() };
    rig.decide = () => ({ ...KEEP, copies: [target] });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([flagsIn(rig.imap, "INBOX"), flagsIn(rig.imap, "Snoozed").length], [[[]], 1]);
    at(rig, LATER);
    await expectAwake(rig, ["a", "a"]);
  });

  it("sleeps as its script changed it, and comes back so", async () => {
    await using rig = await noon();
    const edits = [{ kind: "add-header", name: "X-Class", value: "3eB", last: false }];
    const target = { ...SNOOZED, create: true, addFlags: [], removeFlags: [], edits, wake: wake() };
    await asleep(rig, ["a"], { copies: [], destination: { kind: "folder", ...target } });
    at(rig, LATER);
    await expectAwake(rig, ["a"]);
    assert.match(rig.imap.inbox.mails[0]?.raw.toString() ?? "", /^X-Class: 3eB\r$/m);
  });

  it("undo brings it back at once, without keywords", async () => {
    await using rig = await noon();
    await asleep(rig, ["a", "b"]);
    const [first] = rig.applied;
    const ask = { op: "undo", accountId: "ada", folder: "Snoozed", newMailId: first?.newMailId ?? "" } as const;
    assert.equal((await rig.ask(ask)).kind, "done");
    assert.deepEqual([rig.imap.places(), flagsIn(rig.imap, "INBOX")], [["INBOX: a", "Snoozed: b"], [[]]]);
    at(rig, LATER);
    await expectAwake(rig, ["a", "b"]);
  });

  it("what its owner took out, deleted, or took the keyword from, does not wake; nor what he put there", async () => {
    await using rig = await noon();
    await asleep(rig, ["a", "b", "c", "d"]);
    const folder = rig.imap.folder("Snoozed");
    const [a, b, c] = folder.mails;
    assert.ok(a && b && c);
    rig.imap.copy([a], rig.imap.addFolder("Mine"));
    folder.remove(new Set([a.uid]));
    b.flags.clear();
    c.flags.add("\\Deleted");
    folder.add(mail("x", "e"));
    at(rig, LATER);
    await rig.until(() => rig.imap.inbox.mails.length > 0, "d awake");
    await rig.untilAtRest();
    assert.deepEqual(rig.imap.places(), ["INBOX: d", "Mine: a", "Snoozed: b", "Snoozed: c", "Snoozed: e"]);
  });

  it("a plan that was late wakes at once", async () => {
    await using rig = await noon();
    rig.decide = () => snooze({ until: NOON - MINUTE });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(2);
    await expectAwake(rig, ["a"]);
  });

  it("while the account is only watched nothing sleeps and nothing wakes", async () => {
    await using rig = await noon();
    await asleep(rig, ["a"]);
    rig.mode = "observe";
    at(rig, LATER);
    rig.decide = () => snooze();
    rig.imap.arrive(mail("x", "b"));
    await rig.untilApplied(2);
    await rig.untilAtRest();
    assert.deepEqual(rig.imap.places(), ["INBOX: b", "Snoozed: a"]);
    rig.mode = "act";
    rig.update();
    await rig.until(() => rig.imap.inbox.mails.length === 2, "a awake");
  });
});

describe("snoozed mail that cannot sleep", () => {
  it("where INBOX takes no new keywords", async () => {
    await using rig = await noon({
      prepare: ({ faults }) => {
        faults.permanentFlags = "\\Seen \\Deleted";
      },
    });
    rig.decide = () => snooze();
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([rig.results, flagsIn(rig.imap, "INBOX")], [["failed INBOX no-keywords"], [[]]]);
  });

  it("where the server promises keywords and forgets them", async () => {
    await using rig = await noon();
    rig.imap.faults.verdict = once("UID STORE", ["TAG OK done"]);
    rig.decide = () => snooze();
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["failed INBOX no-keywords"]);
    assert.deepEqual([rig.imap.places(), flagsIn(rig.imap, "INBOX")], [["INBOX: a"], [[]]]);
  });

  it("without MOVE, whatever else there is", async () => {
    await using rig = await noon({ capabilities: without("MOVE") });
    rig.decide = () => snooze();
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["failed INBOX no-move"]);
  });

  it("where MOVE is refused: the mail is as it was", async () => {
    await using rig = await noon();
    rig.imap.faults.verdict = once("UID MOVE", ["TAG NO [OVERQUOTA] full"]);
    rig.decide = () => snooze();
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    await rig.untilAtRest();
    assert.deepEqual([rig.results, flagsIn(rig.imap, "INBOX")], [["failed INBOX over-quota"], [[]]]);
  });
});
