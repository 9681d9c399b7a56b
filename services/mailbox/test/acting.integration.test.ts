import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { KEEP } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { copyTo, inHalves, once, without } from "./fake-faults.ts";
import { GOOD_CAPABILITIES } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

describe("acting (protocols.md §2.2)", () => {
  for (const copyUid of ["untagged", "tagged", "none"] as const) {
    it(`RFC 6851 §4.3: MOVE with COPYUID ${copyUid}`, async () => {
      await using rig = await AccountRig.atRest({
        prepare: ({ faults }) => {
          faults.copyUid = copyUid;
        },
        ...(copyUid === "none" ? { capabilities: without("UIDPLUS") } : {}),
      });
      rig.decide = () => moveTo("A");
      rig.imap.arrive(mail("x", "a"), mail("x", "b"));
      await rig.untilApplied(2);
      assert.deepEqual(rig.results, ["moved A", "moved A"]);
      assert.deepEqual(
        rig.applied.map(({ newMailId }) => newMailId?.split("/").at(-1)),
        copyUid === "none" ? [undefined, undefined] : ["1", "2"],
      );
    });
  }

  it("MOVE answered NO after a part of the set was moved: each mail is told of as it is", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    rig.decide = () => moveTo("A");
    const { imap } = rig;
    imap.faults.verdict = once("UID MOVE", () => {
      imap.copy(imap.inbox.pick("1"), imap.folder("A"));
      imap.inbox.remove(new Set([1]));
      return ["TAG NO [OVERQUOTA] no more room"];
    });
    imap.arrive(mail("x", "a"), mail("x", "b"));
    await rig.untilApplied(2);
    assert.deepEqual([...rig.results].sort(), ["failed INBOX over-quota", "moved A"]);
    assert.deepEqual(imap.places(), ["A: a", "INBOX: b"]);
  });

  it("the connection is cut after COPY took effect: no second copy", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => copyTo("A", "B");
    rig.imap.faults.verdict = once("UID COPY", "act-then-cut");
    rig.imap.arrive(mail("x", "a"), mail("x", "b"));
    await rig.untilApplied(2);
    assert.deepEqual(rig.imap.places(), ["A: a", "A: b", "B: a", "B: b", "INBOX: a", "INBOX: b"]);
  });

  it("the connection is cut before COPY took effect: one copy", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => copyTo("A");
    rig.imap.faults.verdict = once("UID COPY", "cut");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.imap.places(), ["A: a", "INBOX: a"]);
  });

  it("the connection is cut after MOVE took effect: it is told of as moved, and known again when put back", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = (subject) => (subject === "x" ? moveTo("A") : KEEP);
    const { imap } = rig;
    imap.faults.verdict = once("UID MOVE", "act-then-cut");
    imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    // Tried again, it is looked for before it is moved again.
    assert.equal(imap.count("UID MOVE"), 1);
    const back = imap.folder("A").pick("1:*");
    imap.copy(back, imap.inbox);
    imap.folder("A").remove(new Set([1]));
    imap.arrive(mail("y", "y"));
    await rig.untilApplied(2);
    assert.deepEqual(imap.places(), ["INBOX: a", "INBOX: y"]);
    assert.deepEqual(rig.published, ["a", "y"]);
  });

  it("the server is killed between the halves of MOVE: the other half is done, and nothing moved again", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    rig.decide = () => moveTo("A");
    imap.faults.verdict = inHalves(imap);
    imap.arrive(mail("x", "a"), mail("x", "b"));
    await rig.untilApplied(2);
    assert.deepEqual(rig.results, ["moved A", "moved A"]);
    assert.deepEqual(imap.places(), ["A: a", "A: b"]);
    assert.equal(imap.count("UID MOVE"), 1);
  });

  it("… and stays away until its commands are held: what is decided anew makes no second mail", async () => {
    await using rig = await AccountRig.atRest({ config: { hold_seconds: 0.2 } });
    const { imap } = rig;
    rig.decide = () => moveTo("A");
    const half = inHalves(imap);
    imap.faults.verdict = (command) => {
      const verdict = half(command);
      if (verdict === "cut") imap.faults.refuse = () => "NO [UNAVAILABLE] not now";
      return verdict;
    };
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.acknowledged === 1, "the command is held");
    imap.faults.refuse = () => null;
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    assert.deepEqual(imap.places(), ["A: a"]);
  });

  it("… and so is the holder, whose command never comes again: the next holder makes no second mail", async () => {
    await using rig = await AccountRig.atRest({ config: { republish_seconds: 0.2 } });
    const { imap } = rig;
    rig.decide = () => moveTo("A");
    rig.withheld = [];
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "the command");
    const [lost] = rig.withheld;
    assert.ok(lost);
    rig.withheld = null;
    const half = inHalves(imap);
    imap.faults.verdict = (command) => {
      const verdict = half(command);
      if (verdict === "cut") rig.isHolder = false;
      return verdict;
    };
    await assert.rejects(rig.worker.apply(lost), RetryLater);
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    assert.deepEqual(imap.places(), ["A: a"]);
  });

  it("imapflow#406: NO [OVERQUOTA] to COPY never removes the source, with MOVE or without", async () => {
    for (const capabilities of [GOOD_CAPABILITIES, without("MOVE")]) {
      await using rig = await AccountRig.atRest({ capabilities });
      rig.decide = () => moveTo("A", { copies: copyTo("B").copies });
      rig.imap.faults.verdict = ({ verb }) => (verb === "UID COPY" ? ["TAG NO [OVERQUOTA] no room"] : "pass");
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual(rig.results, ["failed INBOX over-quota"]);
      assert.deepEqual(rig.imap.places(), ["INBOX: a"]);
      assert.equal(rig.imap.count("UID EXPUNGE") + rig.imap.count("UID MOVE") + rig.imap.count("EXPUNGE"), 0);
      assert.deepEqual([...(rig.imap.inbox.mails[0]?.flags ?? [])], []);
    }
  });

  it("without MOVE: COPY, \\Deleted, UID EXPUNGE of these UIDs alone", async () => {
    await using rig = await AccountRig.atRest({
      capabilities: without("MOVE"),
      prepare: (imap) => imap.inbox.add(mail("x", "someone's"), { flags: ["\\Deleted"] }),
    });
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    assert.deepEqual(rig.imap.places(), ["A: a", "INBOX: someone's"]);
  });

  it("without MOVE, cut after each step: one copy and no source in the end", async () => {
    for (const verb of ["UID COPY", "UID STORE", "UID EXPUNGE"]) {
      await using rig = await AccountRig.atRest({ capabilities: without("MOVE") });
      rig.decide = () => moveTo("A");
      rig.imap.faults.verdict = once(verb, "act-then-cut");
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual([rig.results, rig.imap.places()], [["moved A"], ["A: a"]], verb);
    }
  });

  it("without UIDPLUS and MOVE: nothing is moved, and no EXPUNGE is ever sent", async () => {
    await using rig = await AccountRig.atRest({ capabilities: without("MOVE", "UIDPLUS") });
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["failed INBOX no-move"]);
    assert.deepEqual(rig.imap.places(), ["INBOX: a"]);
    assert.ok(rig.imap.commands.every(({ verb }) => !/EXPUNGE|CLOSE|COPY|STORE/.test(verb)));
  });

  it("imap-backup#133: PERMANENTFLAGS without \\* leaves keywords out and keeps what it names", async () => {
    await using rig = await AccountRig.atRest({
      prepare: ({ faults }) => {
        faults.permanentFlags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft $Known";
      },
    });
    rig.decide = () => ({
      ...KEEP,
      destination: { kind: "stay", addFlags: ["$Other", "$Known", "\\Flagged"], removeFlags: [] },
    });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([...(rig.imap.inbox.mails[0]?.flags ?? [])].sort(), ["$Known", "\\Flagged"]);
  });

  it("the mail is away when its decision comes: gone, and never hunted down", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => {
      rig.imap.expunge(rig.imap.inbox, [1]);
      return moveTo("A");
    };
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["gone"]);
    assert.deepEqual(rig.imap.places(), []);
  });
});
