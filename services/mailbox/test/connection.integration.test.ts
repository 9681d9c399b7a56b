import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccountRig } from "./account-rig.ts";
import { once, without } from "./fake-faults.ts";
import type { Verdict } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

/** Resolves when the server has heard so many IDLEs. */
async function untilIdles(rig: AccountRig, count: number): Promise<void> {
  await rig.until(() => rig.imap.count("IDLE") >= count, `${count} IDLEs`);
}

describe("the connection (protocols.md §1, §2.1)", () => {
  it("imapflow#98: a DONE without answer is a dead connection within done_timeout", async () => {
    await using rig = await AccountRig.atRest({ config: { idle_seconds: 0.2 } });
    const { imap } = rig;
    imap.faults.ignoreDone = true;
    await rig.until(() => imap.signIns > 1, "another connection", 3_000);
    imap.faults.ignoreDone = false;
    imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
  });

  it("imapflow#14: a server whose regular notices stop is found dead by its silence, long before the next IDLE", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    const spoken = performance.now();
    imap.say("* OK Still here");
    await rig.until(() => performance.now() - spoken > 1_050, "the next notice");
    imap.say("* OK Still here");
    imap.faults.dead = true;
    imap.inbox.add(mail("x", "missed"));
    await rig.until(() => rig.status.troubled.length > 0, "the end of the connection");
    imap.faults.dead = false;
    await rig.untilApplied(1);
    assert.deepEqual(rig.published, ["missed"]);
  });

  for (const verb of ["UID FETCH", "UID MOVE", "IDLE"]) {
    it(`imapflow PR#142: ${verb} throttled: the server is left alone for as long as it asks, and no mail pays for it`, async () => {
      let throttledAt = Number.POSITIVE_INFINITY;
      await using rig = await AccountRig.atRest();
      rig.decide = () => moveTo("A");
      const { imap } = rig;
      imap.faults.verdict = once(verb, () => {
        throttledAt = performance.now();
        return ["TAG BAD Request is throttled. Suggested Backoff Time: 700 milliseconds"];
      });
      imap.arrive(mail("x", "x"));
      await rig.until(() => imap.signIns > 1, "the next connection");
      assert.ok(performance.now() - throttledAt >= 690);
      await rig.untilApplied(1);
      assert.deepEqual(imap.places(), ["A: x"]);
    });
  }

  it("BYE while idle: connects again and catches up", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.inbox.add(mail("x", "x"));
    rig.imap.say("* BYE [UNAVAILABLE] going down");
    await rig.untilApplied(1);
    assert.equal(rig.imap.signIns, 2);
  });

  for (const answer of ["TAG NO not now", "TAG BAD what is that"]) {
    it(`IDLE answered ${answer.slice(4)}: falls back to asking`, async () => {
      await using rig = await AccountRig.open({
        config: { idle_seconds: 0.3 },
        prepare: ({ faults }) => {
          faults.verdict = ({ verb }) => (verb === "IDLE" ? [answer] : "pass");
        },
      });
      await rig.until(() => rig.imap.count("NOOP") > 0, "a NOOP");
      rig.imap.arrive(mail("x", "x"));
      await rig.untilApplied(1);
      assert.equal(rig.imap.signIns, 1);
      assert.ok(rig.imap.count("IDLE") < 10, `IDLE tried ${rig.imap.count("IDLE")} times`);
    });
  }

  it("no IDLE capability: asks, and never says IDLE", async () => {
    await using rig = await AccountRig.atRest({ capabilities: without("IDLE"), config: { idle_seconds: 0.3 } });
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    assert.equal(rig.imap.count("IDLE"), 0);
  });

  it("entering IDLE once is enough after SELECT and after each arrival", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => void imap.inbox.add(mail("old", "old")) });
    assert.deepEqual([rig.imap.count("IDLE"), rig.imap.count("DONE")], [1, 0]);
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    await rig.untilAtRest();
    assert.deepEqual([rig.imap.count("IDLE"), rig.imap.count("DONE")], [2, 1]);
  });

  it("an idle account sends no command while nothing happens", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    await untilIdles(rig, 2);
    const before = rig.imap.commands.length;
    const since = performance.now();
    await rig.until(() => performance.now() - since > 1_000, "a second to pass");
    assert.deepEqual(rig.imap.commands.slice(before), []);
  });

  it("a server that ends every IDLE at once is not asked in a hot loop", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.faults.verdict = ({ verb }) => (verb === "IDLE" ? ["TAG OK that was it"] : "pass");
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    const since = performance.now();
    await rig.until(() => performance.now() - since > 500, "half a second to pass");
    assert.ok(rig.imap.count("IDLE") < 20, `${rig.imap.count("IDLE")} IDLEs`);
  });

  it("untagged OKs while commands run do not shorten the IDLEs", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    const spoken = performance.now();
    const speak = (): Verdict => {
      for (const session of imap.sessions) session.send("* OK Searched 50% of the mailbox");
      return "pass";
    };
    imap.faults.verdict = once("UID FETCH", speak);
    imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    await rig.until(() => performance.now() - spoken > 1_050, "a second to pass");
    imap.faults.verdict = once("UID FETCH", speak);
    imap.arrive(mail("x", "b"));
    await rig.untilApplied(2);
    await untilIdles(rig, 3);
    const before = imap.commands.length;
    await rig.until(() => performance.now() - spoken > 4_000, "three seconds to pass");
    assert.deepEqual(imap.commands.slice(before), []);
  });

  it("UIDNOTSTICKY parks the account and says why", async () => {
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => faults.selectLines.push("* NO [UIDNOTSTICKY] not here", "* OK [UIDNOTSTICKY] not here"),
    });
    await rig.until(() => rig.state === "parked", "parked");
    assert.equal(rig.status.troubled[0]?.reason, "uid-not-sticky");
  });

  it("a line without end is refused without filling the memory, and the account goes on", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    const before = process.memoryUsage().rss;
    const [session] = imap.sessions;
    session?.sendRaw(`* OK ${"x".repeat(12_000_000)}`);
    await rig.until(() => imap.signIns > 1, "another connection");
    assert.ok(process.memoryUsage().rss - before < 150_000_000);
    imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
  });

  it("a literal longer than any mail is refused before a byte of it is kept", async () => {
    await using rig = await AccountRig.atRest();
    const [session] = rig.imap.sessions;
    session?.send("* 1 FETCH (UID 1 BODY[] {999999999999}");
    await rig.until(() => rig.imap.signIns > 1, "another connection");
  });

  it("a command that is never answered is a dead connection within silence_seconds", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.faults.verdict = once("UID FETCH", "silent");
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    assert.equal(rig.imap.signIns, 2);
  });

  it("text that ends like a literal swallows nothing", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => moveTo("Listes{200}", { copies: [] });
    rig.imap.faults.verdict = once("CREATE", ["TAG NO I will not make Listes{200}"]);
    rig.imap.arrive(mail("x", "x"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["failed INBOX refused"]);
    assert.equal(rig.imap.signIns, 1);
  });
});
