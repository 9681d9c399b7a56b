import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { AccountRig } from "./account-rig.ts";
import { copyTo, once } from "./fake-faults.ts";
import { mail, moveTo } from "./pipeline.ts";

describe("interleavings: nothing lost, doubled or misplaced", () => {
  it("a decision for another UIDVALIDITY that comes late is void: it names another mail now", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    rig.decide = () => moveTo("A");
    rig.withheld = [];
    imap.arrive(mail("x", "old"));
    await rig.until(() => rig.withheld?.length === 1, "a batch");
    const [late] = rig.withheld.splice(0);
    assert.ok(late);
    await rig.untilAtRest();
    imap.inbox.uidValidity += 1;
    imap.inbox.mails = [];
    imap.inbox.uidNext = 1;
    imap.inbox.add(mail("precious", "other"));
    imap.say("* BYE");
    await rig.until(() => rig.facts.includes("mailbox-reset"), "the reset");
    await rig.untilAtRest();
    await rig.deliver(late);
    assert.deepEqual(imap.places(), ["INBOX: other"]);
    assert.equal(rig.acknowledged, 1);
  });

  it("a copy begun and not known to be done is remembered while other commands are carried out", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    const { imap } = rig;
    rig.decide = () => copyTo("A");
    rig.withheld = [];
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "the first batch");
    imap.arrive(mail("x", "b"));
    await rig.until(() => rig.withheld?.length === 2, "the second batch");
    const [first, second] = rig.withheld.splice(0);
    assert.ok(first && second);
    // The holder dies after COPY: its lease is gone, nothing more is written, the command is somebody's later.
    imap.faults.verdict = once("UID COPY", () => {
      rig.isHolder = false;
      return "act-then-cut";
    });
    await assert.rejects(rig.worker.apply(first), RetryLater);
    rig.isHolder = true;
    await rig.deliver(second);
    await rig.deliver(first);
    assert.deepEqual(imap.places(), ["A: a", "A: b", "INBOX: a", "INBOX: b"]);
    assert.deepEqual((await rig.record()).open, []);
  });

  it("a lease that ends within a batch ends the batch: the next holder does the rest", async () => {
    await using rig = await AccountRig.atRest({
      prepare: (imap) => {
        imap.addFolder("A");
        imap.addFolder("B");
      },
    });
    const { imap } = rig;
    rig.decide = () => copyTo("A", "B");
    imap.faults.verdict = once("UID COPY", () => {
      rig.isHolder = false;
      return "pass";
    });
    rig.withheld = [];
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "a batch");
    const [command] = rig.withheld.splice(0);
    assert.ok(command);
    await assert.rejects(rig.worker.apply(command), RetryLater);
    assert.deepEqual(imap.places(), ["A: a", "INBOX: a"]);
    rig.isHolder = true;
    await rig.deliver(command);
    assert.deepEqual(imap.places(), ["A: a", "B: a", "INBOX: a"]);
  });

  it("what another holder wrote is not overwritten with what was read before it", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    const { imap } = rig;
    rig.decide = () => copyTo("A");
    imap.faults.verdict = once("UID COPY", () => {
      // While COPY is under way the lease is lost, another holder writes, and the lease is had again.
      void rig.writeRecord(2, (record) => record.settled.add(500));
      rig.worker.renew(rig.lease(3));
      return "pass";
    });
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.acknowledged === 1, "the command");
    assert.deepEqual(imap.places(), ["A: a", "INBOX: a"]);
    assert.ok((await rig.record()).settled.has(500));
  });

  it("a STATUS refused for a moment is not taken for a folder without copies", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    const { imap } = rig;
    rig.decide = () => copyTo("A");
    let copies = 0;
    let refusals = 2;
    imap.faults.verdict = ({ verb }) => {
      if (verb === "UID COPY" && ++copies === 1) return "act-then-cut";
      if ((verb === "STATUS" || verb === "EXAMINE") && copies > 0 && refusals-- > 0)
        return ["TAG NO [UNAVAILABLE] a moment"];
      return "pass";
    };
    imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(imap.places(), ["A: a", "INBOX: a"]);
  });

  it("accounts refused before any was ever served: no installation that lost its roster", async () => {
    await using rig = await AccountRig.open({
      config: { auth_failures: 1 },
      prepare: ({ faults }) => {
        faults.refuse = () => "NO [AUTHENTICATIONFAILED] wrong";
      },
    });
    await rig.until(() => rig.facts.length > 0, "the account is parked");
    rig.imap.faults.refuse = () => null;
    rig.update();
    await rig.untilAtRest();
  });

  it("what ends each connection anew is tried ever more slowly", async () => {
    await using rig = await AccountRig.atRest({ config: { backoff_max_seconds: 300 } });
    rig.decide = () => moveTo("A");
    rig.imap.faults.verdict = ({ verb }) => (verb === "UID MOVE" ? "cut" : "pass");
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => rig.imap.count("UID MOVE") > 1, "a second try");
    const before = rig.imap.signIns;
    const since = performance.now();
    await rig.until(() => performance.now() - since > 2_000, "two seconds");
    assert.ok(rig.imap.signIns - before <= 4, `${rig.imap.signIns - before} connections in two seconds`);
  });

  it("a mail with more recipients than a header should name is known again by its two fields", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    rig.decide = () => copyTo("A");
    rig.imap.faults.verdict = once("UID COPY", "act-then-cut");
    const crowd = `To: ${"someone.or.other@ac.test,\r\n ".repeat(4_000)}z@ac.test\r\n`;
    rig.imap.arrive(crowd + mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.imap.places(), ["A: a", "INBOX: a"]);
  });

  it("a partition given up while COPY is under way: it is waited for, the next holder could not see it yet", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    const { imap } = rig;
    rig.decide = () => copyTo("A");
    imap.faults.verdict = once("UID COPY", ({ tag }) => {
      const begun = performance.now();
      const stopped = rig.worker.stop();
      void rig
        .until(() => performance.now() - begun > 200, "a slow COPY")
        .then(() => {
          imap.copy(imap.inbox.mails, imap.folder("A"));
          for (const session of imap.sessions) session.send(`${tag} OK [COPYUID 1002 1 1] done`);
          return stopped;
        });
      return [];
    });
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.acknowledged === 1, "the command is carried out and written down");
    assert.deepEqual(rig.results, ["kept INBOX"]);
    assert.ok((await rig.record()).settled.has(1));
  });

  it("a decision about a mail that this connection has not heard of (another holder published it): it is carried out", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    const { imap } = rig;
    rig.withheld = [];
    imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "a batch");
    const [command] = rig.withheld.splice(0);
    const [decision] = command?.decisions ?? [];
    assert.ok(command && decision);
    await rig.untilAtRest();
    imap.inbox.add(mail("x", "unheard"));
    // As Dovecot does: a command sees the folder as it was at the end of the one before.
    const heard = imap.count("NOOP");
    imap.faults.verdict = ({ verb }) =>
      verb === "UID MOVE" && imap.count("NOOP") === heard ? ["TAG OK No messages found"] : "pass";
    await rig.deliver({ ...command, decisions: [{ ...decision, uid: 2, plan: moveTo("A") }] });
    assert.deepEqual(imap.places(), ["A: unheard", "INBOX: a"]);
  });
});
