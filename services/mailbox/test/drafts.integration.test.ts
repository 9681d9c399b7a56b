import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { fromKeyword } from "../src/drafts/draft-keywords.ts";
import { draftRig, HIDDEN, lookedAgain, lying, NOTICE, SECTION, sendLater } from "./drafting.ts";
import { once, without } from "./fake-faults.ts";
import { GOOD_CAPABILITIES } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

const FROM_SCHEDULED = fromKeyword("Scheduled");

describe("drafts in a folder for what is to be sent later", () => {
  it("are offered, hidden where nobody subscribes, and confirmed there", async () => {
    const { rig, ledger } = await draftRig();
    await using _ = rig;
    rig.imap.folder("Scheduled").add(mail("[[lundi 8:00]] x", "a"), { flags: ["\\Draft", "\\Seen"] });
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
    assert.deepEqual(lying(rig), [`${HIDDEN}: a from:Scheduled \\Draft \\Seen`]);
    assert.deepEqual(
      ledger.offers.map(({ id, place }) => [id, place]),
      [["a", "scheduled"]],
    );
    assert.equal(rig.imap.count("SUBSCRIBE"), 0);
    await lookedAgain(rig);
    assert.equal(ledger.offers.length, 1);
    assert.deepEqual(rig.published, []);
  });

  it("are left alone until nobody has saved them anew for a minute", async () => {
    const { rig, ledger } = await draftRig({ drafts: { ...SECTION, quiet_seconds: 60 } });
    await using _ = rig;
    const begun = Date.now();
    let passed = 0;
    rig.now = () => begun + passed;
    const folder = rig.imap.folder("Scheduled");
    const first = folder.add(mail("x", "first"));
    await lookedAgain(rig);
    passed = 59_000;
    // As a program saves a draft: the new one is there before the old one goes.
    folder.add(mail("x", "second"));
    folder.remove(new Set([first]));
    await lookedAgain(rig);
    passed = 118_000;
    await lookedAgain(rig);
    assert.deepEqual(ledger.offers, []);
    passed = 120_000;
    await rig.until(() => ledger.known.size === 1, "the second is offered");
    assert.deepEqual(ledger.offers, [{ id: "second", place: "scheduled", seenAt: begun + 59_000 }]);
  });

  it("count from when the server says that they were put there (RFC 8514), whoever was away since", async () => {
    const { rig, ledger } = await draftRig({ capabilities: `${GOOD_CAPABILITIES} SAVEDATE` });
    await using _ = rig;
    rig.now = () => Date.now() + 10_800_000;
    rig.imap.folder("Scheduled").add(mail("[[demain 8:00]] x", "a"));
    await rig.until(() => ledger.offers.length === 1, "it is offered");
    assert.ok((ledger.offers[0]?.seenAt ?? 0) <= Date.now());
  });

  it("may be called differently; deleted ones are none", async () => {
    const { rig, ledger } = await draftRig({ prepare: (imap) => void imap.addFolder("Later") });
    await using _ = rig;
    rig.imap.folder("Scheduled").add(mail("x", "gone"), { flags: ["\\Deleted"] });
    rig.imap.folder("Later").add(mail("x", "a"));
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
    assert.deepEqual(lying(rig), ["Scheduled: gone \\Deleted", `${HIDDEN}: a from:Later`]);
  });

  it("are told of by a server that can (RFC 5465), asked anew when their owner makes another folder", async () => {
    const { rig, ledger } = await draftRig({
      capabilities: `${GOOD_CAPABILITIES} NOTIFY`,
      drafts: { ...SECTION, poll_seconds: 60 },
    });
    await using _ = rig;
    const asked = (): readonly string[] =>
      rig.imap.commands
        .filter(({ verb }) => verb === "NOTIFY")
        .map(({ args }) => /NONE|mailboxes \(.*?\)/.exec(args)?.[0] ?? "");
    assert.deepEqual(asked(), ['mailboxes ("Scheduled")']);
    rig.imap.addFolder("Later").add(mail("x", "a"));
    rig.imap.say('* STATUS "Scheduled" (UIDNEXT 2)');
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
    assert.deepEqual(asked(), ['mailboxes ("Scheduled")', "NONE", 'mailboxes ("Scheduled" "Later")']);
  });

  it("a folder for them is made where the settings want it, and none is there", async () => {
    const { rig } = await draftRig({
      drafts: { ...SECTION, create: true },
      prepare: (imap) => void imap.folders.delete("Scheduled"),
    });
    await using _ = rig;
    await rig.until(() => rig.imap.folders.has("Scheduled"), "the folder");
    assert.equal(rig.imap.count("SUBSCRIBE"), 1);
  });

  it("one that cannot be sent stays, its owner is told once, and put elsewhere it is looked at again", async () => {
    const { rig, ledger } = await draftRig({ prepare: (imap) => void imap.addFolder("Later") });
    await using _ = rig;
    rig.decide = () => moveTo("Wrong");
    const uid = rig.imap.folder("Scheduled").add(mail("[no] x", "a"));
    await rig.until(() => lying(rig).length === 2 && lying(rig)[1]?.includes("$Tamis") === true, "it is left");
    await lookedAgain(rig);
    const told = `INBOX: ${NOTICE}`;
    assert.deepEqual(lying(rig), [told, "Scheduled: a from:Scheduled $TamisNotScheduled"]);
    assert.equal(ledger.offers.length, 1);
    assert.deepEqual(rig.published, [], "the notice is no new mail");
    const [draft] = rig.imap.folder("Scheduled").pick(`${uid}`);
    rig.imap.copy(draft === undefined ? [] : [draft], rig.imap.folder("Later"));
    rig.imap.expunge(rig.imap.folder("Scheduled"), [uid]);
    await rig.until(() => ledger.offers.length === 2, "offered again");
    await rig.until(() => lying(rig)[1]?.includes("from:Later") === true, "left there");
    assert.deepEqual(lying(rig), [told, "Later: a from:Later $TamisNotScheduled"]);
  });
});

describe("drafts of Send Later", () => {
  it("belong to the program that wrote them, until the account has handed it over", async () => {
    const { rig, ledger } = await draftRig();
    await using _ = rig;
    rig.imap.folder("Drafts").add(sendLater("a"));
    await lookedAgain(rig);
    assert.deepEqual([ledger.offers.length, lying(rig)], [0, ["Drafts: a"]]);
  });

  it("handed over, are taken out of Drafts, and other drafts are not", async () => {
    const { rig, ledger } = await draftRig({ drafts: { ...SECTION, send_later: "handed-over" } });
    await using _ = rig;
    rig.imap.folder("Drafts").add(mail("[[lundi 8:00]] x", "plain"));
    rig.imap.folder("Drafts").add(sendLater("a"));
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
    assert.deepEqual(lying(rig), ["Drafts: plain", `${HIDDEN}: a from:Drafts`]);
    assert.equal(ledger.offers[0]?.place, "drafts");
  });
});

describe("nothing is touched", () => {
  const cases = [
    ["without MOVE (RFC 6851)", { capabilities: without("MOVE") }, () => undefined],
    [
      "where keywords are not kept",
      {},
      (rig: { imap: { faults: { permanentFlags: string } } }) => (rig.imap.faults.permanentFlags = "\\Seen"),
    ],
  ] as const;
  for (const [name, options, change] of cases)
    it(name, async () => {
      const { rig, ledger } = await draftRig(options);
      await using _ = rig;
      change(rig);
      rig.imap.folder("Scheduled").add(mail("x", "a"));
      rig.imap.arrive(mail("y", "next"));
      await rig.untilApplied(1);
      await rig.untilAtRest();
      assert.deepEqual([ledger.offers.length, lying(rig)], [0, ["INBOX: next", "Scheduled: a"]]);
    });

  it("while the account is only observed", async () => {
    const { rig, ledger } = await draftRig();
    await using _ = rig;
    rig.mode = "observe";
    rig.update();
    rig.imap.folder("Scheduled").add(mail("x", "a"));
    rig.imap.arrive(mail("y", "next"));
    await rig.untilApplied(1);
    await rig.untilAtRest();
    assert.equal(ledger.offers.length, 0);
    rig.mode = "act";
    rig.update();
    await rig.until(() => ledger.known.size === 1, "offered");
  });
});

/** The last command, with what it is about. */
const lastOf = ({ imap }: { readonly imap: { readonly commands: readonly { verb: string; args: string }[] } }) =>
  `${imap.commands.at(-1)?.verb} ${imap.commands.at(-1)?.args}`;

describe("whatever breaks off while a draft is taken", () => {
  for (const verdict of ["cut", "act-then-cut"] as const)
    for (const verb of ["STATUS", "EXAMINE", "UID SEARCH", "UID FETCH", "UID STORE", "CREATE", "UID MOVE"])
      it(`the connection, at ${verb} (${verdict}): it lies hidden, once, and is scheduled`, async () => {
        const { rig, ledger } = await draftRig();
        await using _ = rig;
        rig.imap.faults.verdict = once(verb, verdict);
        rig.imap.folder("Scheduled").add(mail("x", "a"));
        await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
        await rig.untilAtRest();
        assert.deepEqual(lying(rig), [`${HIDDEN}: a from:Scheduled`]);
      });

  for (const op of ["offer", "confirm"] as const)
    it(`outbox, at ${op}: mail goes on, and the draft when it is back`, async () => {
      const { rig, ledger } = await draftRig();
      await using _ = rig;
      let isAway = true;
      let asked = 0;
      ledger.before = (ask) => {
        if (ask.op !== op || !isAway) return;
        asked += 1;
        throw new RetryLater("away", { code: "unreachable", afterMs: 50 });
      };
      rig.imap.folder("Scheduled").add(mail("x", "a"));
      await rig.until(() => asked > 0, "it was asked");
      rig.imap.arrive(mail("y", "next"));
      await rig.untilApplied(1);
      assert.deepEqual(lying(rig), ["INBOX: next", op === "offer" ? "Scheduled: a" : `${HIDDEN}: a from:Scheduled`]);
      isAway = false;
      await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
      assert.deepEqual(lying(rig), ["INBOX: next", `${HIDDEN}: a from:Scheduled`]);
    });

  it("a holder that was killed between the MOVE and the confirmation: the next one confirms", async () => {
    const { rig, ledger } = await draftRig();
    await using _ = rig;
    rig.imap.folder("Scheduled").add(mail("x", "a"));
    await rig.until(() => ledger.known.size === 1 && rig.imap.folders.has(HIDDEN), "hidden");
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "scheduled");
    const [fingerprint = ""] = ledger.known.keys();
    ledger.known.set(fingerprint, "offered");
    for (const session of rig.imap.sessions) session.cut();
    await rig.until(() => ledger.known.get(fingerprint) === "scheduled", "confirmed again");
    assert.equal(ledger.offers.length, 1);
  });

  it("a lease that ends before the MOVE: nothing is moved under it, and the next holder goes on", async () => {
    const { rig, ledger } = await draftRig();
    await using _ = rig;
    const holders: boolean[] = [];
    const endLease = once("UID STORE", () => {
      rig.isHolder = false;
      return "pass";
    });
    rig.imap.faults.verdict = (command) => {
      if (command.verb === "UID MOVE") holders.push(rig.isHolder);
      return endLease(command);
    };
    rig.imap.folder("Scheduled").add(mail("x", "a"));
    const isBackInInbox = (): boolean => /^SELECT "?INBOX/.test(lastOf(rig));
    await rig.until(() => !rig.isHolder && isBackInInbox(), "it has let go of the folder");
    assert.deepEqual(holders, []);
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
    assert.deepEqual([holders, lying(rig)], [[true], [`${HIDDEN}: a from:Scheduled`]]);
  });

  it("the ledger, which knows nothing of it any more: back where it was, and its owner is told", async () => {
    const { rig } = await draftRig({
      prepare: (imap) => void imap.addFolder(HIDDEN).add(mail("x", "a"), { flags: [FROM_SCHEDULED] }),
    });
    await using _ = rig;
    await rig.until(() => rig.imap.folder("Scheduled").mails.length === 1, "it is back");
    await rig.untilAtRest();
    assert.deepEqual(lying(rig), [`INBOX: ${NOTICE}`, "Scheduled: a from:Scheduled $TamisNotScheduled"]);
  });

  it("a return that was begun goes on", async () => {
    const { rig } = await draftRig({
      prepare: (imap) =>
        void imap.addFolder(HIDDEN).add(mail("x", "a"), { flags: [fromKeyword("Drafts"), "$TamisNotSent"] }),
    });
    await using _ = rig;
    await rig.until(() => rig.imap.folder("Drafts").mails.length === 1, "it is back");
    assert.deepEqual(lying(rig), ["Drafts: a from:Drafts $TamisNotSent"]);
  });
});
