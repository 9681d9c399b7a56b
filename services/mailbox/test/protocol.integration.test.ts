import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP, type Plan } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { type FakeCommand, GOOD_CAPABILITIES, type Verdict } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

const without = (...names: readonly string[]): string =>
  GOOD_CAPABILITIES.split(" ")
    .filter((name) => !names.includes(name))
    .join(" ");

/** A verdict on the first command of one kind, and no other. */
function once(verb: string, verdict: Verdict | ((command: FakeCommand) => Verdict)): (command: FakeCommand) => Verdict {
  let isOver = false;
  return (command) => {
    if (isOver || command.verb !== verb) return "pass";
    isOver = true;
    return typeof verdict === "function" ? verdict(command) : verdict;
  };
}

const copyTo = (...mailboxes: readonly string[]): Plan => ({
  ...KEEP,
  copies: mailboxes.map((mailbox) => ({ mailbox, create: true, addFlags: [], removeFlags: [] })),
});

/** Resolves when the account rests again after the server heard `count` more IDLEs. */
async function untilIdles(rig: AccountRig, count: number): Promise<void> {
  await rig.until(() => rig.imap.count("IDLE") >= count, `${count} IDLEs`);
}

describe("watching (protocols.md §2.1)", () => {
  it("UID FETCH n:* names the last old mail: it is not taken for a new one", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.inbox.add(mail("old", "old")) });
    rig.imap.say("* 2 EXISTS");
    await rig.until(() => rig.imap.count("UID FETCH") > 0, "a look after a false EXISTS");
    rig.imap.arrive(mail("new", "new"));
    await rig.untilApplied(1);
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
    await rig.until(() => rig.status.troubled.length > 0, "the end of the connection", 6_000);
    imap.faults.dead = false;
    await rig.untilApplied(1);
    assert.deepEqual(rig.published, ["missed"]);
  });

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

  for (const [what, prepare] of [
    ["0", (rig: AccountRig["imap"]) => void (rig.inbox.uidValidity = 0)],
    ["absent", (rig: AccountRig["imap"]) => void rig.faults.withoutCodes.add("UIDVALIDITY")],
    ["and UIDNEXT absent", (rig: AccountRig["imap"]) => void rig.faults.withoutCodes.add("UIDVALIDITY").add("UIDNEXT")],
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
      rig.imap.say("* BYE");
      await rig.until(() => rig.imap.signIns === 2 && rig.state === "idle", "the second connection");
      assert.deepEqual(rig.imap.places(), ["A: x", "INBOX: old"]);
      assert.deepEqual(rig.facts, []);
    });
  }

  it("UIDVALIDITY beyond 2^31 is a number like any other", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => void (imap.inbox.uidValidity = 4_294_967_295) });
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

  it("UIDNOTSTICKY parks the account and says why", async () => {
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => faults.selectLines.push("* NO [UIDNOTSTICKY] not here", "* OK [UIDNOTSTICKY] not here"),
    });
    await rig.until(() => rig.state === "parked", "parked");
    assert.equal(rig.status.troubled[0]?.reason, "uid-not-sticky");
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

  it("\\Seen is never set: only BODY.PEEK", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = (subject) => (subject === "move" ? moveTo("A", { copies: copyTo("B").copies }) : KEEP);
    rig.imap.arrive(mail("move", "a"), mail("stay", "b"));
    await rig.untilApplied(2);
    const flags = [...rig.imap.folders.values()].flatMap(({ mails }) => mails.flatMap((m) => [...m.flags]));
    assert.deepEqual(flags, []);
    assert.ok(rig.imap.commands.every(({ args }) => !/BODY\[/.test(args)));
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
});

describe("signing in (protocols.md §2.1)", () => {
  it("a wrong password parks after auth_failures, and not before", async () => {
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => void (faults.refuse = () => "NO [AUTHENTICATIONFAILED] who are you"),
    });
    await rig.until(() => rig.state === "parked", "parked");
    assert.equal(rig.imap.signIns, 3);
    assert.equal(rig.status.troubled[0]?.reason, "auth-failed");
    assert.deepEqual(rig.facts, ["account-state-changed"]);
  });

  for (const code of ["UNAVAILABLE", "LIMIT", "INUSE"]) {
    it(`a throttled login (${code}) is tried again and never parked`, async () => {
      await using rig = await AccountRig.open({
        prepare: ({ faults }) => void (faults.refuse = () => `NO [${code}] later`),
      });
      await rig.until(() => rig.imap.signIns > 6, "seven tries");
      assert.notEqual(rig.state, "parked");
      rig.imap.faults.refuse = () => null;
      await rig.until(() => rig.state === "idle", "served");
    });
  }

  it("a server that hangs up on each connection is not parked either", async () => {
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => void (faults.verdict = () => "cut"),
    });
    await rig.until(() => rig.imap.signIns > 4, "five tries");
    assert.notEqual(rig.state, "parked");
    rig.imap.faults.verdict = () => "pass";
    await rig.until(() => rig.state === "idle", "served");
  });
});

describe("acting (protocols.md §2.2)", () => {
  for (const copyUid of ["untagged", "tagged", "none"] as const) {
    it(`RFC 6851 §4.3: MOVE with COPYUID ${copyUid}`, async () => {
      await using rig = await AccountRig.atRest({
        prepare: ({ faults }) => void (faults.copyUid = copyUid),
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
    assert.equal(imap.count("UID MOVE"), 2);
    const back = imap.folder("A").pick("1:*");
    imap.copy(back, imap.inbox);
    imap.folder("A").remove(new Set([1]));
    imap.arrive(mail("y", "y"));
    await rig.untilApplied(2);
    assert.deepEqual(imap.places(), ["INBOX: a", "INBOX: y"]);
    assert.deepEqual(rig.published, ["a", "y"]);
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
      prepare: ({ faults }) => void (faults.permanentFlags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft $Known"),
    });
    rig.decide = () => ({
      ...KEEP,
      destination: { kind: "stay", addFlags: ["$Other", "$Known", "\\Flagged"], removeFlags: [] },
    });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([...(rig.imap.inbox.mails[0]?.flags ?? [])].sort(), ["$Known", "\\Flagged"]);
  });

  it("emailengine#481, #58: a mail that cannot be read does not stop the others for good", async () => {
    await using rig = await AccountRig.atRest();
    const { imap } = rig;
    imap.faults.verdict = ({ verb, args }) =>
      verb === "UID FETCH" && imap.inbox.pick(args.split(" ")[0] ?? "").some(({ uid }) => uid === 1)
        ? ["TAG NO [SERVERBUG] the mail is broken"]
        : "pass";
    imap.arrive(mail("x", "broken"));
    await rig.until(() => imap.count("UID FETCH") >= 2, "two tries");
    assert.equal(imap.signIns, 1, "the connection is kept");
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
