import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { copyTo, once } from "./fake-faults.ts";
import type { FakeImap } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

describe("watching: every mail, once (protocols.md §2.1)", () => {
  it("UID FETCH n:* names the last old mail: it is not taken for a new one", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.inbox.add(mail("old", "old")) });
    const { imap } = rig;
    imap.faults.verdict = once("UID FETCH", () => {
      imap.expunge(imap.inbox, [2]);
      return "pass";
    });
    imap.arrive(mail("x", "short-lived"));
    await rig.until(() => imap.count("UID FETCH") > 0, "a look");
    imap.arrive(mail("x", "new"));
    await rig.untilApplied(1);
    assert.ok(imap.commands.some(({ verb, args }) => verb === "UID FETCH" && args.startsWith("2:*")));
    assert.deepEqual(rig.published, ["new"]);
  });

  it("imapflow#112: several arrivals in one EXISTS are all seen", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.arrive(...Array.from({ length: 40 }, (_, i) => mail("x", `m${i}`)));
    await rig.untilApplied(40);
    rig.imap.arrive(mail("x", "a"), mail("x", "b"), mail("x", "c"));
    await rig.untilApplied(43);
    assert.equal(new Set(rig.published).size, 43);
    assert.equal(rig.published.length, 43);
  });

  it("imapfilter#283: EXPUNGE between EXISTS and FETCH shifts nothing", async () => {
    await using rig = await AccountRig.atRest({
      prepare: (imap) => ["o1", "o2", "o3"].map((id) => imap.inbox.add(mail("old", id))),
    });
    rig.decide = (subject) => (subject === "new" ? moveTo("A") : KEEP);
    const { imap } = rig;
    imap.faults.verdict = once("UID FETCH", () => {
      imap.expunge(imap.inbox, [1, 2]);
      return "pass";
    });
    imap.arrive(mail("new", "n"));
    await rig.untilApplied(1);
    assert.deepEqual(imap.places(), ["A: n", "INBOX: o3"]);
  });

  it("emailengine PR#210: mail announced and not to be fetched yet is asked for again", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.faults.unreadable.add(1);
    rig.imap.arrive(mail("x", "late"));
    await rig.until(() => rig.imap.count("UID FETCH") >= 3, "more than one try");
    assert.deepEqual(rig.published, []);
    rig.imap.faults.unreadable.clear();
    await rig.untilApplied(1);
    assert.deepEqual(rig.published, ["late"]);
  });

  it("emailengine PR#210: a mail that lags behind a later one is not skipped", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.faults.unreadable.add(1);
    rig.imap.arrive(mail("x", "late"), mail("x", "soon"));
    await rig.until(() => rig.imap.count("UID FETCH") >= 2, "a second try");
    rig.imap.faults.unreadable.clear();
    await rig.untilApplied(2);
    assert.deepEqual([...rig.published].sort(), ["late", "soon"]);
  });

  for (const [what, prepare] of [
    ["0", ({ inbox }: FakeImap) => Object.assign(inbox, { uidValidity: 0 })],
    ["absent", ({ faults }: FakeImap) => faults.withoutCodes.add("UIDVALIDITY")],
    ["and UIDNEXT absent", ({ faults }: FakeImap) => faults.withoutCodes.add("UIDVALIDITY").add("UIDNEXT")],
  ] as const) {
    it(`emailengine PR#345: UIDVALIDITY ${what}: mail is sorted, and no connection renumbers`, async () => {
      await using rig = await AccountRig.atRest({
        prepare: (imap) => {
          prepare(imap);
          imap.inbox.add(mail("old", "old"));
        },
      });
      rig.decide = () => moveTo("A");
      rig.imap.arrive(mail("x", "x"));
      await rig.untilApplied(1);
      await rig.untilAtRest();
      rig.imap.say("* BYE");
      await rig.until(() => rig.imap.signIns === 2 && rig.state === "idle", "the second connection");
      assert.deepEqual(rig.imap.places(), ["A: x", "INBOX: old"]);
      assert.deepEqual(rig.facts, []);
    });
  }

  it("UIDVALIDITY beyond 2^31 is a number like any other", async () => {
    await using rig = await AccountRig.atRest({
      prepare: (imap) => {
        imap.inbox.uidValidity = 4_294_967_295;
      },
    });
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    assert.equal((await rig.record()).uidValidity, 4_294_967_295);
  });

  it("UIDVALIDITY changed: a fact, and what was settled is not new (emailengine#104)", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.arrive(mail("x", "kept"));
    await rig.untilApplied(1);
    rig.imap.inbox.uidValidity = 9_999;
    for (const session of rig.imap.sessions) session.cut();
    await rig.until(() => rig.facts.includes("mailbox-reset"), "the fact");
    rig.imap.arrive(mail("x", "new"));
    await rig.untilApplied(2);
    assert.deepEqual(rig.published, ["kept", "new"]);
  });

  it("\\Seen is never set: only BODY.PEEK", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = (subject) => (subject === "move" ? moveTo("A", { copies: copyTo("B").copies }) : KEEP);
    rig.imap.arrive(mail("move", "a"), mail("stay", "b"));
    await rig.untilApplied(2);
    const flags = [...rig.imap.folders.values()].flatMap(({ mails }) => mails.flatMap((m) => [...m.flags]));
    assert.deepEqual(flags, []);
    assert.ok(rig.imap.commands.every(({ args }) => !/BODY\[/.test(args)));
  });

  it("emailengine#481: a mail that the server refuses to give does not end the connection, nor hide those before it", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    imap.faults.verdict = ({ verb, args }) =>
      verb === "UID FETCH" && imap.inbox.pick(args.split(" ")[0] ?? "").some(({ uid }) => uid === 2)
        ? ["TAG NO [SERVERBUG] the mail is broken"]
        : "pass";
    imap.arrive(mail("x", "good"));
    await rig.untilApplied(1);
    imap.arrive(mail("x", "broken"));
    await rig.until(() => imap.count("UID FETCH") >= 4, "another try");
    imap.faults.verdict = () => "pass";
    await rig.untilApplied(2);
    assert.equal(imap.signIns, 1, "the connection is kept");
  });
});
