import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import type { MailboxAnswer } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once } from "./fake-faults.ts";
import type { Verdict } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

/** Asks the connection something that takes one FETCH. */
const ask = (rig: AccountRig): Promise<MailboxAnswer> =>
  rig.worker.ask(async ({ session }) => {
    await session.fetch("1:*", null, () => undefined);
    return { kind: "done", mails: 0 };
  });

describe("an account's worker", () => {
  for (const [what, verdict, signIns] of [
    ["is lost under it", "cut", 2],
    ["falls silent under it", "silent", 2],
    ["is fine and the server refuses", ["TAG NO not now"], 1],
  ] as const satisfies readonly (readonly [string, Verdict, number])[])
    it(`answers a question when the connection ${what}`, async () => {
      await using rig = await AccountRig.atRest();
      rig.imap.faults.verdict = once("UID FETCH", verdict);
      assert.equal((await ask(rig)).kind, "refused");
      await rig.untilAtRest();
      assert.equal(rig.imap.signIns, signIns);
      assert.equal((await ask(rig)).kind, "done");
    });

  it("gives a command back at once when it is stopped in the middle of it", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => moveTo("A");
    rig.withheld = [];
    rig.imap.faults.verdict = once("UID MOVE", "silent");
    rig.imap.arrive(mail("x", "x"));
    await rig.until(() => rig.withheld?.length === 1, "a batch");
    const [command] = rig.withheld;
    assert.ok(command);
    const applied = rig.worker.apply(command);
    const ended = assert.rejects(applied, RetryLater);
    await rig.until(() => rig.imap.count("UID MOVE") === 1, "the MOVE");
    await rig.worker.stop();
    await ended;
    await assert.rejects(rig.worker.apply(command), RetryLater);
  });

  it("emailengine#481: a server that is away is told of once, commands are held, and all is made good when it is back", async () => {
    await using rig = await AccountRig.atRest({ config: { hold_seconds: 0.2 } });
    const { imap } = rig;
    rig.decide = () => moveTo("A");
    rig.withheld = [];
    imap.arrive(mail("x", "x"));
    await rig.until(() => rig.withheld?.length === 1, "a batch");
    const [command] = rig.withheld;
    assert.ok(command);
    rig.withheld = null;
    imap.faults.verdict = () => "cut";
    imap.say("* BYE");
    await rig.until(() => rig.state === "held", "held");
    await rig.worker.apply(command);
    const tried = imap.signIns;
    await rig.until(() => imap.signIns > tried + 3, "more tries");
    assert.deepEqual(rig.facts, ["account-state-changed"]);
    assert.deepEqual(imap.places(), ["INBOX: x"]);
    imap.faults.verdict = () => "pass";
    await rig.untilApplied(1);
    await rig.untilAtRest();
    assert.deepEqual(imap.places(), ["A: x"]);
    assert.deepEqual(rig.facts, ["account-state-changed", "account-state-changed"]);
    assert.deepEqual(rig.status.troubled, []);
  });
});
