import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP } from "@tamis/contracts";
import type { AccountRecord } from "../src/account-record.ts";
import { inHalves, once } from "./fake-faults.ts";
import type { Verdict } from "./fake-imap.ts";
import { mail } from "./pipeline.ts";
import { asleep, at, expectAwake, flagsIn, LATER, noon, snooze } from "./snoozing.ts";

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

  const steps = [
    ["EXAMINE", 1],
    ["UID FETCH", 2],
    ["SELECT", 3],
    ["UID STORE", 2],
    ["UID MOVE", 1],
    ["UID SEARCH", 2],
    ["LIST", 1],
  ] as const;
  for (const verdict of cuts)
    for (const [verb, times] of steps)
      for (let nth = 1; nth <= times; nth++)
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
          assert.ok(count >= nth);
          assert.deepEqual(flagsIn(rig.imap, "INBOX").slice(0, 2), [["\\Flagged"], ["\\Flagged"]]);
        });

  it("on its way to sleep and back, in halves", async () => {
    await using rig = await noon();
    rig.imap.faults.verdict = inHalves(rig.imap);
    await asleep(rig, ["a", "b"]);
    assert.deepEqual(rig.imap.places(), ["Snoozed: a", "Snoozed: b"]);
    rig.imap.faults.verdict = inHalves(rig.imap, "Snoozed");
    at(rig, LATER);
    await expectAwake(rig, ["a", "b"]);
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

  it("the record is lost: the keywords tell", async () => {
    await using rig = await noon();
    await asleep(rig, ["a", "b"]);
    await rig.wipeRecord();
    rig.worker.renew(rig.lease(2));
    const isKnown = ({ snoozed }: AccountRecord): boolean => snoozed?.minutes[0] === LATER / 60_000;
    await rig.until(() => rig.record().then(isKnown, () => false), "a record that knows what sleeps");
    at(rig, LATER);
    await rig.until(() => rig.imap.inbox.mails.length === 2, "both awake");
    await rig.untilAtRest();
    assert.deepEqual(rig.imap.places(), ["INBOX: a", "INBOX: b"]);
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
