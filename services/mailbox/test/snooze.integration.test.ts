import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { folderIdOf, KEEP, type Plan, SNOOZED, type Wake, wakeKeyword, wakeMinute } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once, without } from "./fake-faults.ts";
import type { FakeImap, Verdict } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

const MINUTE = 60_000;
const NOON = Date.parse("2026-11-02T12:00:00Z");
const LATER = NOON + 90 * MINUTE;

const wake = (more: Partial<Wake> = {}): Wake => ({
  until: LATER,
  mailbox: "INBOX",
  create: false,
  addFlags: [],
  removeFlags: [],
  ...more,
});
const snooze = (more: Partial<Wake> = {}, plan: Partial<Plan> = {}): Plan => ({
  copies: [],
  destination: { kind: "folder", ...SNOOZED, create: true, addFlags: [], removeFlags: [], wake: wake(more) },
  ...plan,
});

/** A rig at noon; its clock is moved by {@link at}. */
async function noon(options: Parameters<typeof AccountRig.atRest>[0] = {}): Promise<AccountRig> {
  const rig = await AccountRig.open(options);
  rig.now = () => NOON;
  await rig.untilAtRest();
  return rig;
}

/** The clock of the worker shows another time, and the worker looks at it. */
function at(rig: AccountRig, time: number): void {
  rig.now = () => time;
  rig.update();
}

/** Mails with these ids came and sleep. */
async function asleep(rig: AccountRig, ids: readonly string[], plan = snooze()): Promise<void> {
  rig.decide = () => plan;
  const before = rig.applied.length;
  rig.imap.arrive(...ids.map((id) => mail("x", id)));
  await rig.until(() => rig.applied.length === before + ids.length, "sleep");
  rig.decide = () => moveTo("Again");
  await rig.untilAtRest();
  assert.deepEqual(
    rig.imap.places().filter((place) => place.startsWith("Snoozed: ")),
    ids.map((id) => `Snoozed: ${id}`),
  );
}

const flagsIn = (imap: FakeImap, folder: string): readonly string[][] =>
  imap.folder(folder).mails.map(({ flags }) => [...flags].sort());

/** They are back in INBOX, once, and stay there whatever comes after them. */
async function expectAwake(rig: AccountRig, ids: readonly string[], folder = "INBOX"): Promise<void> {
  const isAwake = (): boolean =>
    rig.imap.folder(folder).mails.length === ids.length && flagsIn(rig.imap, folder).every((flags) => !ours(flags));
  await rig.until(isAwake, `${ids} awake in ${folder}`);
  const published = rig.published.length;
  rig.decide = () => KEEP;
  rig.imap.arrive(mail("y", "next"));
  await rig.until(() => rig.published.length > published, "the next mail");
  await rig.untilAtRest();
  assert.deepEqual(rig.published.slice(published), ["next"]);
  assert.deepEqual(rig.imap.places(), [...ids.map((id) => `${folder}: ${id}`), "INBOX: next"].sort());
  await rig.until(async () => (await rig.record()).snoozed === undefined, "nothing sleeps any more");
}

const ours = (flags: readonly string[]): boolean => flags.some((flag) => flag.startsWith("$Tamis"));

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

describe("snoozed mail, cut off anywhere", () => {
  const cuts: readonly Verdict[] = ["cut", "act-then-cut"];
  for (const verdict of cuts)
    for (const verb of ["UID STORE", "UID SEARCH", "CREATE", "UID MOVE", "LIST"])
      it(`on its way to sleep: ${verb}, ${JSON.stringify(verdict)}`, async () => {
        await using rig = await noon();
        rig.decide = () => snooze();
        let isCut = false;
        rig.imap.faults.verdict = ({ verb: given, args }) => {
          // SEARCH is asked for other things too.
          if (isCut || given !== verb || (verb === "UID SEARCH" && !args.includes("KEYWORD"))) return "pass";
          isCut = true;
          return verdict;
        };
        rig.imap.arrive(mail("x", "a"));
        await rig.until(() => rig.results.includes("moved Snoozed"), "sleep");
        assert.ok(isCut);
        await rig.untilAtRest();
        assert.deepEqual(rig.imap.places(), ["Snoozed: a"]);
        at(rig, LATER);
        await expectAwake(rig, ["a"]);
      });

  const steps = ["EXAMINE", "UID FETCH", "SELECT", "UID STORE", "UID MOVE", "UID SEARCH", "LIST"] as const;
  for (const verdict of cuts)
    for (const verb of steps)
      for (const nth of [1, 2])
        it(`on its way back: ${verb} ${nth}, ${JSON.stringify(verdict)}`, async () => {
          await using rig = await noon();
          await asleep(rig, ["a", "b"], snooze({ addFlags: ["\\Flagged"] }));
          let count = 0;
          rig.imap.faults.verdict = ({ verb: given }) => {
            if (given !== verb) return "pass";
            count += 1;
            return count === nth ? verdict : "pass";
          };
          at(rig, LATER);
          await expectAwake(rig, ["a", "b"]);
          assert.deepEqual(flagsIn(rig.imap, "INBOX").slice(0, 2), [["\\Flagged"], ["\\Flagged"]]);
        });

  for (const when of ["before", "after"] as const)
    it(`the holder dies at MOVE, ${when} it was done: the next one finishes, and tells of it once`, async () => {
      await using rig = await noon();
      await asleep(rig, ["a"]);
      rig.imap.faults.verdict = once("UID MOVE", () => {
        rig.isHolder = false;
        return when === "before" ? "cut" : "act-then-cut";
      });
      at(rig, LATER);
      await rig.until(() => !rig.isHolder, "the death");
      rig.isHolder = true;
      rig.worker.renew(rig.lease(2));
      await expectAwake(rig, ["a"]);
      assert.equal(rig.applied.filter(({ wokenFor, result }) => wokenFor === LATER && result === "moved").length, 1);
    });

  it("the holder dies between the record and the MOVE into Snoozed, and its command is lost: it is found all the same", async () => {
    await using rig = await noon();
    await asleep(rig, ["a"]);
    await rig.writeRecord(1, (record) => {
      record.snoozed = undefined;
    });
    rig.worker.renew(rig.lease(2));
    await rig.untilAtRest();
    assert.equal((await rig.record()).snoozed, undefined);
    await rig.wipeRecord();
    rig.worker.renew(rig.lease(3));
    at(rig, LATER);
    await rig.until(() => rig.imap.inbox.mails.length === 1, "a awake");
  });

  it("Snoozed is renumbered: the keywords tell", async () => {
    await using rig = await noon();
    await asleep(rig, ["a", "b"]);
    rig.imap.expunge(rig.imap.folder("Snoozed"), [1]);
    rig.imap.folder("Snoozed").renumber();
    at(rig, LATER);
    await expectAwake(rig, ["b"]);
  });

  it("Snoozed is renumbered between the look and the MOVE: next time", async () => {
    await using rig = await noon();
    await asleep(rig, ["a"]);
    rig.imap.faults.verdict = once("EXAMINE", () => {
      setImmediate(() => rig.imap.folder("Snoozed").renumber());
      return "pass";
    });
    at(rig, LATER);
    await expectAwake(rig, ["a"]);
  });

  it("Snoozed is gone, with what was in it: nothing is waited for any more", async () => {
    await using rig = await noon();
    await asleep(rig, ["a"]);
    rig.imap.folders.delete("Snoozed");
    at(rig, LATER);
    await rig.until(async () => (await rig.record()).snoozed === undefined, "nothing sleeps");
    await rig.untilAtRest();
    assert.deepEqual(rig.imap.places(), []);
  });

  it("a folder that refuses its mail for good: INBOX in the end, and new mail meanwhile", async () => {
    await using rig = await noon();
    await asleep(rig, ["a"], snooze({ mailbox: "Full", create: true }));
    rig.imap.faults.verdict = ({ verb, args }) =>
      verb === "UID MOVE" && args.includes("Full") ? ["TAG NO [NOPERM] not yours"] : "pass";
    at(rig, LATER);
    await rig.until(() => rig.results.includes("failed Snoozed refused"), "the refusal");
    rig.decide = () => KEEP;
    rig.imap.arrive(mail("x", "b"));
    await rig.until(() => rig.results.includes("kept INBOX"), "new mail");
    await rig.until(() => rig.imap.inbox.mails.length === 2, "a awake in INBOX", 30_000);
  });
});
