import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ApplyCommand, KEEP, type Plan } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once, without } from "./fake-faults.ts";
import type { FakeImap, Verdict } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";
import { applied, expectLeftAlone, picture, stay, toFolder } from "./rewritings.ts";

/** Mails came, and their command is in the test's hands. */
async function withCommand(rig: AccountRig, plan: Plan, ...raws: readonly string[]): Promise<ApplyCommand> {
  rig.withheld = [];
  rig.decide = () => plan;
  rig.imap.arrive(...raws);
  await rig.until(() => rig.withheld?.length === 1, "a plan");
  const [command] = rig.withheld.splice(0);
  assert.ok(command);
  rig.withheld = null;
  await rig.untilAtRest();
  return command;
}

/** The holder dies in the middle of a command: nothing more is written. Another one has the account then. */
async function diesAt(
  rig: AccountRig,
  command: ApplyCommand,
  verb: string,
  how: Verdict,
  isNow: () => boolean = () => true,
): Promise<void> {
  let isOver = false;
  rig.imap.faults.verdict = (one) => {
    if (isOver || one.verb !== verb || !isNow()) return "pass";
    isOver = true;
    rig.isHolder = false;
    return how;
  };
  await assert.rejects(rig.worker.apply(command));
  rig.isHolder = true;
  rig.worker.renew(rig.lease(2));
}

const twin = (body: string): string => `Subject: x\r\nTo: b\r\n\r\n${body}\r\n`;

/** The bodies of all mails, with a star where they were rewritten. */
const bodies = (imap: FakeImap): string[] =>
  [...imap.folders.values()]
    .flatMap(({ mails }) => mails.map(({ raw }) => raw.toString()))
    .map((text) => text.slice(text.indexOf("\r\n\r\n") + 4).trim() + (text.includes("X-Class") ? "*" : ""))
    .sort();

/** The same command with another plan: its owner changed the script. */
const replanned = (command: ApplyCommand, plan: Plan): ApplyCommand => ({
  ...command,
  decisions: command.decisions.map((decision) => ({ ...decision, plan })),
});

describe("rewriting: nothing lost, doubled or taken for another", () => {
  for (const plan of [toFolder("A"), stay])
    for (const verb of ["APPEND", "UID EXPUNGE"])
      it(`INBOX is renumbered in the middle (${verb}, ${plan.destination.kind}): one mail, decided on anew where it must be`, async () => {
        await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
        const { imap } = rig;
        rig.decide = () => plan;
        imap.faults.verdict = once(verb, () => {
          // After this command is carried out, and before anything else.
          setImmediate(() => imap.inbox.renumber());
          return "act-then-cut";
        });
        imap.arrive(mail("x", "a"));
        await rig.until(() => rig.facts.includes("mailbox-reset"), "the reset");
        await rig.until(() => picture(imap).length === 1, "one mail");
        await rig.untilAtRest();
        assert.deepEqual(picture(imap), [plan === stay ? "INBOX: a*" : "A: a*"]);
        assert.ok(rig.batches.every(({ mails }) => mails.every(({ raw }) => !Buffer.from(raw).includes("X-Class"))));
        imap.arrive(mail("y", "next"));
        await rig.until(() => rig.published.includes("next"), "the next mail");
        await rig.untilAtRest();
        assert.equal(picture(imap).length, 2);
      });

  it("the target is renumbered between two attempts: it is looked through as a whole", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    rig.imap.folder("A").add(mail("x", "older"));
    rig.imap.folder("A").remove(new Set([1]));
    const command = await withCommand(rig, toFolder("A"), mail("x", "a"));
    await diesAt(rig, command, "APPEND", "act-then-cut");
    rig.imap.folder("A").renumber();
    await rig.deliver(command);
    assert.deepEqual(picture(rig.imap), ["A: a*"]);
  });

  it("two mails with one fingerprint: each is rewritten, none is taken for the other", async () => {
    for (const plan of [toFolder("A"), stay])
      for (const n of [1, 2])
        for (const verb of ["APPEND", "UID EXPUNGE"]) {
          await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
          const { imap } = rig;
          for (const body of ["one", "two"]) imap.inbox.add(twin(body), { internalDate: 1.8e12 });
          const command = await withCommand(rig, plan);
          const [first, second] = command.decisions.map(({ fingerprint }) => fingerprint);
          assert.equal(first, second);
          let seen = 0;
          await diesAt(rig, command, verb, "act-then-cut", () => ++seen === (verb === "APPEND" ? n : 1));
          await rig.deliver(command);
          assert.deepEqual(bodies(imap), ["one*", "two*"], `${plan.destination.kind} ${verb} ${n}`);
        }
  });

  it("RFC 4315 §2.1: one of two mails with one fingerprint was removed when the connection broke: both are there", async () => {
    for (const plan of [toFolder("A"), stay]) {
      await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
      const { imap } = rig;
      for (const body of ["one", "two"]) imap.inbox.add(twin(body), { internalDate: 1.8e12 });
      const command = await withCommand(rig, plan);
      await diesAt(rig, command, "UID EXPUNGE", "cut", () => {
        imap.inbox.remove(new Set([1]));
        return true;
      });
      await rig.deliver(command);
      assert.deepEqual(bodies(imap), ["one*", "two*"], plan.destination.kind);
    }
  });

  it("the script changed between two attempts: what the first left is replaced", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    const other = [{ kind: "add-header", name: "X-Other", value: "1", last: false }];
    const command = await withCommand(rig, toFolder("A", { edits: other }), mail("x", "a"));
    await diesAt(rig, command, "APPEND", "act-then-cut");
    await rig.deliver(replanned(command, toFolder("A")));
    assert.deepEqual(picture(rig.imap), ["A: a*"]);
  });

  for (const [what, plan, want] of [
    ["keeps it", KEEP, "INBOX: a"],
    ["moves it as it is", moveTo("B"), "B: a"],
    ["rewrites it elsewhere", toFolder("B"), "B: a*"],
  ] as const)
    for (const first of [toFolder("A"), stay])
      it(`the script changed and now ${what}: what the first attempt left goes (${first.destination.kind})`, async () => {
        await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
        const command = await withCommand(rig, first, mail("x", "a"));
        await diesAt(rig, command, "APPEND", "act-then-cut");
        await rig.deliver(replanned(command, plan));
        assert.deepEqual(picture(rig.imap), [want]);
      });

  it("the script changed after the original had gone: what was made of it stays, and is not taken for a new mail", async () => {
    for (const first of [toFolder("A"), stay]) {
      await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
      const command = await withCommand(rig, first, mail("x", "a"));
      await diesAt(rig, command, "UID EXPUNGE", "act-then-cut");
      await rig.deliver(replanned(command, KEEP));
      assert.deepEqual(picture(rig.imap), [first === stay ? "INBOX: a*" : "A: a*"]);
      await expectLeftAlone(rig);
    }
  });

  it("what was rewritten into a folder is known again when its owner puts it into INBOX", async () => {
    await using rig = await AccountRig.atRest();
    await applied(rig, toFolder("A"));
    const { imap } = rig;
    imap.copy(imap.folder("A").mails, imap.inbox);
    imap.folder("A").mails = [];
    imap.announce();
    await expectLeftAlone(rig);
    assert.deepEqual(picture(imap), ["INBOX: a*", "INBOX: next"]);
  });

  it("a marker that a sender wrote means nothing", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => moveTo("A");
    rig.imap.arrive(`X-Tamis-Rewritten: 0123456789abcdef-1-0-01234567\r\n${mail("x", "a")}`);
    await rig.untilApplied(1);
    assert.deepEqual(rig.imap.places(), ["A: a"]);
  });

  it("a server whose sizes are estimates, and one that gives less than it has: nothing is rewritten", async () => {
    for (const factor of [0.9, 1.1]) {
      await using rig = await AccountRig.atRest();
      rig.imap.faults.sizeFactor = factor;
      await applied(rig, stay);
      assert.deepEqual(rig.results, ["failed INBOX size-differs"]);
      assert.deepEqual(picture(rig.imap), ["INBOX: a"]);
    }
  });

  it("a COPY interrupted, of two mails with one fingerprint, without MOVE: no original goes without its copy", async () => {
    await using rig = await AccountRig.atRest({
      capabilities: without("MOVE"),
      prepare: (imap) => imap.addFolder("A"),
    });
    const { imap } = rig;
    for (const body of ["one", "two"]) imap.inbox.add(twin(body), { internalDate: 1.8e12 });
    const command = await withCommand(rig, moveTo("A"));
    // The server copied one of them when the connection broke.
    imap.faults.verdict = once("UID COPY", () => {
      imap.copy(imap.inbox.mails.slice(0, 1), imap.folder("A"));
      return "cut";
    });
    await rig.deliver(command);
    assert.deepEqual(bodies(imap), ["one", "two"]);
  });
});
