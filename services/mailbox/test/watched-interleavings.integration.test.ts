import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { KEEP, type Plan } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once } from "./fake-faults.ts";
import { type FakeFaults, GOOD_CAPABILITIES } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";
import type { RigOptions } from "./rig-options.ts";

const CONDSTORE = `${GOOD_CAPABILITIES} CONDSTORE`;
const watched = { poll_seconds: 0.05, folders: [{ folder: "Junk", script: "x", causes: ["APPEND", "COPY", "FLAG"] }] };
const DAY_MS = 86_400_000;

/** An account whose folder Junk, with the mail `old`, is watched: what happens there from now on is an event. */
async function watching(options: Pick<RigOptions, "capabilities" | "config"> = {}): Promise<AccountRig> {
  const rig = await AccountRig.atRest({
    capabilities: CONDSTORE,
    ...options,
    watched,
    prepare: (imap) => imap.addFolder("Junk").add(mail("x", "old"), { internalDate: Date.now() - DAY_MS }),
  });
  await rig.until(async () => (await rig.record()).watched.has("Junk"), "Junk is watched");
  return rig;
}

const events = (rig: AccountRig): readonly string[] =>
  rig.batches
    .filter(({ head }) => head.purpose === "event")
    .flatMap(({ mails }) =>
      mails.map(({ meta, raw }) => {
        const id = /Message-ID: <([^@]+)/.exec(Buffer.from(raw).toString())?.[1];
        return [meta.event?.cause, id, ...(meta.event?.changedFlags ?? [])].join(" ");
      }),
    );

/** A mail of a person's, which shows that all before it was looked at. */
async function barrier(rig: AccountRig, before: readonly string[]): Promise<void> {
  rig.imap.folder("Junk").add(mail("x", "barrier"));
  await rig.until(() => events(rig).includes("APPEND barrier"), "the barrier");
  assert.deepEqual(events(rig), [...before, "APPEND barrier"]);
}

/** The first command of that name is carried out and not answered, and the account is read anew, as by another process. */
function killing(rig: AccountRig, verb: string): FakeFaults["verdict"] {
  const fault = once(verb, "act-then-cut");
  return (command) => {
    const verdict = fault(command);
    if (verdict !== "pass") rig.worker.renew(rig.lease(2));
    return verdict;
  };
}

const copyTo = (mailbox: string): Plan => ({
  copies: [{ mailbox, create: true, addFlags: ["\\Seen"], removeFlags: [] }],
  destination: { kind: "stay", addFlags: ["\\Flagged"], removeFlags: [] },
});

describe("watched folders, when something breaks", () => {
  for (const verb of ["UID MOVE", "UID STORE"])
    for (const verdict of ["cut", "act-then-cut"] as const)
      it(`our own ${verb}, ${verdict}: no event`, async () => {
        await using rig = await watching();
        rig.decide = () => ({
          copies: [],
          destination: { kind: "folder", mailbox: "Junk", create: false, addFlags: ["$ours"], removeFlags: [] },
        });
        rig.imap.faults.verdict = once(verb, verdict);
        rig.imap.arrive(mail("x", "a"));
        await rig.untilApplied(1);
        assert.deepEqual(rig.imap.places(), ["Junk: a", "Junk: old"]);
        rig.decide = () => KEEP;
        await barrier(rig, []);
      });

  for (const { verb, plan } of [
    { verb: "UID MOVE", plan: moveTo("Junk") },
    {
      verb: "UID COPY",
      plan: { ...KEEP, copies: [{ mailbox: "Junk", create: false, addFlags: [], removeFlags: [] }] },
    },
  ])
    it(`killed after our own ${verb}, before it is written down: no event`, async () => {
      await using rig = await watching();
      rig.decide = () => plan;
      // Of what this process knows nothing but the record as written is left.
      rig.imap.faults.verdict = killing(rig, verb);
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      assert.equal(rig.imap.folder("Junk").mails.length, 2);
      rig.decide = () => KEEP;
      await barrier(rig, []);
    });

  for (const verb of ["UID COPY", "UID STORE"])
    it(`killed after ${verb} because of an event: done once, and no event itself`, async () => {
      await using rig = await watching();
      rig.decide = () => copyTo("Copies");
      let isBegun = false;
      const kill = killing(rig, verb);
      rig.imap.faults.verdict = (command) => (isBegun ? kill(command) : "pass");
      rig.onPublish = ({ head }) => {
        isBegun ||= head.purpose === "event";
      };
      rig.imap.folder("Junk").add(mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual(rig.imap.places(), ["Copies: a", "Junk: a", "Junk: old"]);
      await barrier(rig, ["APPEND a"]);
    });

  for (const verdict of ["cut", "act-then-cut"] as const)
    it(`our own MOVE where the server tells no UIDs, ${verdict}: no event`, async () => {
      await using rig = await watching();
      rig.imap.faults.copyUid = "none";
      rig.decide = () => moveTo("Junk");
      rig.imap.faults.verdict = once("UID MOVE", verdict);
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      rig.decide = () => KEEP;
      await barrier(rig, []);
    });

  it("what its owner moves there again is an event", async () => {
    await using rig = await watching();
    rig.decide = (subject) => (subject === "own" ? moveTo("Junk") : KEEP);
    const { imap } = rig;
    imap.arrive(mail("own", "a"));
    await rig.untilApplied(1);
    const junk = imap.folder("Junk");
    const [moved] = junk.mails.filter(({ raw }) => raw.includes("<a@"));
    assert.ok(moved !== undefined);
    await rig.untilAtRest();
    const other = imap.addFolder("Other");
    imap.copy([moved], other);
    imap.expunge(junk, [moved.uid]);
    imap.copy(other.mails, junk);
    rig.decide = () => KEEP;
    await rig.until(() => events(rig).length > 0, "the event");
    assert.deepEqual(events(rig), ["COPY a"]);
  });

  for (const verb of ["UID STORE", "UID COPY", "EXAMINE", "SELECT", "UID FETCH"])
    for (const verdict of ["cut", "act-then-cut"] as const)
      it(`because of an event, ${verb}, ${verdict}: done once, and no event itself`, async () => {
        await using rig = await watching();
        rig.decide = () => copyTo("Copies");
        const { imap } = rig;
        const fault = once(verb, verdict);
        let isBegun = false;
        rig.imap.faults.verdict = (command) => (isBegun ? fault(command) : "pass");
        rig.onPublish = ({ head }) => {
          isBegun ||= head.purpose === "event";
        };
        if (verb === "EXAMINE" || verb === "UID FETCH") isBegun = true;
        imap.folder("Junk").add(mail("x", "a"));
        await rig.untilApplied(1);
        await rig.until(() => rig.acknowledged > 0, "the acknowledgement");
        assert.deepEqual(imap.places(), ["Copies: a", "Junk: a", "Junk: old"]);
        const [, a] = imap.folder("Junk").mails;
        assert.deepEqual([...(a?.flags ?? [])], ["\\Flagged"]);
        await barrier(rig, ["APPEND a"]);
      });

  for (const mailbox of ["Copies", "INBOX"])
    for (const verb of ["none", "APPEND"])
      it(`a changed copy goes to ${mailbox}, ${verb} killed: once, as no new mail, and the original stays`, async () => {
        await using rig = await watching();
        const edits = [{ kind: "add-header", name: "X-Copy", value: "yes", last: false }];
        const target = { mailbox, create: true, addFlags: [], removeFlags: [], edits };
        rig.decide = () => ({ ...KEEP, copies: [target] });
        rig.imap.faults.verdict = killing(rig, verb);
        rig.imap.folder("Junk").add(mail("x", "a"));
        await rig.untilApplied(1);
        assert.deepEqual(rig.imap.places(), [`${mailbox}: a`, "Junk: a", "Junk: old"].sort());
        assert.match(String(rig.imap.folder(mailbox).mails[0]?.raw), /^X-Copy: yes\r$/m);
        rig.decide = () => KEEP;
        await barrier(rig, ["APPEND a"]);
        rig.imap.arrive(mail("x", "next"));
        await rig.until(() => rig.published.includes("next"), "the next mail of INBOX");
        assert.deepEqual(rig.published, ["a", "barrier", "next"]);
      });

  it("a mail that the server refuses to give holds up no other, and is asked for ever later", async () => {
    await using rig = await watching({ config: { republish_seconds: 0.2 } });
    const { imap } = rig;
    let asked = 0;
    imap.faults.verdict = ({ verb, args }) => {
      const isAsked = verb === "UID FETCH" && args.includes("[]<") && /^(?:\d+:)?2[: ]/.test(args);
      if (isAsked) asked += 1;
      return isAsked ? ["TAG NO [SERVERBUG] cannot"] : "pass";
    };
    const junk = imap.folder("Junk");
    junk.add(mail("x", "broken"));
    junk.add(mail("x", "whole"));
    await rig.until(() => events(rig).includes("APPEND whole"), "the other");
    assert.ok(asked < 6, `asked ${asked} times`);
    await barrier(rig, ["APPEND whole"]);
  });

  it("an event that NATS does not take now is published as soon as it does", async () => {
    await using rig = await watching();
    let isAway = true;
    rig.onPublish = ({ head }) => {
      if (head.purpose === "event" && isAway)
        throw new RetryLater("NATS is away", { code: "unreachable", afterMs: 50 });
    };
    rig.imap.folder("Junk").add(mail("x", "a"));
    await rig.until(async () => (await rig.record()).watched.get("Junk")?.pending.size === 1, "the open event");
    isAway = false;
    await rig.until(() => events(rig).length > 0, "the publication");
    await barrier(rig, ["APPEND a"]);
  });

  it("an event is written down before it is published, and published after a crash between the two", async () => {
    await using rig = await watching({ config: { republish_seconds: 0.3 } });
    let isRefused = true;
    rig.onPublish = ({ head }) => {
      if (head.purpose === "event" && isRefused) throw new Error("the process ends here");
    };
    rig.imap.folder("Junk").add(mail("x", "a"));
    await rig.until(async () => (await rig.record()).watched.get("Junk")?.pending.size === 1, "the open event");
    isRefused = false;
    await rig.until(() => events(rig).length > 0, "the publication");
    assert.deepEqual(events(rig), ["APPEND a"]);
  });

  it("a renumbered folder begins anew at its end", async () => {
    await using rig = await watching();
    const junk = rig.imap.folder("Junk");
    junk.renumber();
    await rig.until(
      async () => (await rig.record()).watched.get("Junk")?.uidValidity === junk.uidValidity,
      "the new mark",
    );
    await barrier(rig, []);
  });

  it("without CONDSTORE flags are no events, and new mails are", async () => {
    await using rig = await watching({ capabilities: GOOD_CAPABILITIES });
    rig.imap.folder("Junk").store("1", "+FLAGS (\\Flagged)");
    await barrier(rig, []);
  });

  it("a flag of a person's is one event, and taken back another", async () => {
    await using rig = await watching();
    const junk = rig.imap.folder("Junk");
    await rig.until(async () => (await rig.record()).watched.get("Junk")?.modSeq !== "", "flags are followed");
    junk.store("1", "+FLAGS (\\Flagged $x)");
    await rig.until(() => events(rig).length === 1, "the first");
    junk.store("1", "-FLAGS ($x)");
    await rig.until(() => events(rig).length === 2, "the second");
    await barrier(rig, ["FLAG old $x \\Flagged", "FLAG old $x"]);
  });

  it("the server's word is a hint; that it will say no more, too", async () => {
    await using rig = await AccountRig.atRest({
      capabilities: `${CONDSTORE} NOTIFY`,
      watched,
      prepare: (imap) => imap.addFolder("Junk"),
    });
    const { imap } = rig;
    await rig.until(() => imap.count("NOTIFY") === 1, "NOTIFY");
    await rig.untilAtRest();
    const junk = imap.folder("Junk");
    junk.add(mail("x", "a"));
    imap.say(`* STATUS Junk (UIDNEXT ${junk.uidNext} MESSAGES 1)`);
    await rig.until(() => events(rig).length === 1, "the first");
    await rig.untilApplied(1);
    await rig.untilAtRest();
    junk.add(mail("x", "b"));
    imap.say("* OK [NOTIFICATIONOVERFLOW] too much happens");
    await rig.until(() => events(rig).length === 2, "the second");
    assert.deepEqual(events(rig), ["APPEND a", "APPEND b"]);
    const asked = imap.commands.filter(({ verb, args }) => verb === "NOTIFY" && args.startsWith("SET"));
    assert.equal(asked.length, 2, "asked anew");
  });

  it("a server that refuses NOTIFY is asked", async () => {
    await using rig = await AccountRig.atRest({
      capabilities: `${CONDSTORE} NOTIFY`,
      watched,
      prepare: (imap) => {
        imap.addFolder("Junk");
        imap.faults.verdict = ({ verb }) => (verb === "NOTIFY" ? ["TAG NO [BADEVENT (MessageNew)] no"] : "pass");
      },
    });
    await rig.until(async () => (await rig.record()).watched.has("Junk"), "Junk is watched");
    await barrier(rig, []);
  });

  it("where nothing is watched no command is sent for it", async () => {
    await using rig = await AccountRig.atRest({ capabilities: `${CONDSTORE} NOTIFY` });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    await rig.untilAtRest();
    for (const verb of ["NOTIFY", "STATUS", "EXAMINE"]) assert.equal(rig.imap.count(verb), 0, verb);
    assert.equal((await rig.record()).watched.size, 0);
  });
});
