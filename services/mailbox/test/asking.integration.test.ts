import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { AccountRig } from "./account-rig.ts";
import { copyTo, inHalves, once } from "./fake-faults.ts";
import { mail, moveTo } from "./pipeline.ts";

const away = new RetryLater("nobody answers there", { code: "unreachable" });

describe("filter is asked for its decisions", { timeout: 60_000 }, () => {
  it("and where it answers nothing goes into the stream", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    let published = 0;
    rig.onPublish = () => {
      published += 1;
    };
    rig.decide = () => moveTo("A");
    for (const name of ["a", "b"]) rig.imap.arrive(mail("x", name));
    await rig.untilApplied(2);
    assert.deepEqual(rig.imap.places(), ["A: a", "A: b"]);
    assert.deepEqual([published, rig.inApply], [0, 0]);
    const { published: mark, handed, settled } = await rig.record();
    assert.ok(mark === handed && settled.has(mark));
  });

  it("and its commands come from the stream where it gives none", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.gives = false;
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([rig.imap.places(), rig.inApply], [["A: a"], 1]);
  });

  it("and what nobody can read is no answer", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.given = Buffer.from("{}");
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([rig.imap.places(), rig.inApply], [["A: a"], 1]);
  });

  it("and where it does not, the mail waits in the stream as ever", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.onAsk = () => Promise.reject(away);
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.imap.places(), ["A: a"]);
  });

  it("and while it has not answered, it can ask in its turn, and other mail is handed over", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    const answers: (() => void)[] = [];
    rig.onAsk = async (decide) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      decide();
    };
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => answers.length === 1, "the first question");
    const answer = await rig.ask({ op: "mailbox-exists", accountId: "ada", mailboxes: ["INBOX"] });
    assert.deepEqual(answer, { kind: "mailbox-exists", mailboxes: { INBOX: true } });
    rig.imap.arrive(mail("x", "b"));
    await rig.until(() => answers.length === 2, "the second");
    for (const give of answers) give();
    await rig.untilApplied(2);
  });

  it("its decision is carried out though its answer is late", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    let answer = (): void => undefined;
    rig.onAsk = async (decide) => {
      decide();
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
    };
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.imap.places(), ["A: a"]);
    answer();
    await rig.until(async () => (await rig.record()).published > 0, "the mark");
    const { published, settled } = await rig.record();
    assert.ok(settled.has(published));
  });

  it("and the record says so before it is asked", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    const before = (await rig.record()).handed;
    let told = 0;
    rig.onAsk = async (decide) => {
      told = (await rig.record()).handed;
      decide();
    };
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.equal(told, before + 1);
  });

  it("a holder that comes after one that asked in vain publishes the mail at once", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.onAsk = () => new Promise(() => undefined);
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.until(
      async () => (await rig.record()).handed > (await rig.record()).published,
      "the mark of what was asked",
    );
    rig.worker.renew(rig.lease(2));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    assert.equal(rig.batches[0]?.head.purpose, "again");
  });

  it("… and makes no second mail of one that was moved by half before the answer", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.gives = false;
    rig.withheld = [];
    rig.onAsk = async (decide) => {
      decide();
      await new Promise(() => undefined);
    };
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "the command");
    const [lost] = rig.withheld;
    assert.ok(lost);
    rig.withheld = null;
    const half = inHalves(rig.imap);
    rig.imap.faults.verdict = (command) => {
      const verdict = half(command);
      if (verdict === "cut") rig.isHolder = false;
      return verdict;
    };
    await assert.rejects(rig.worker.apply(lost), RetryLater);
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    assert.deepEqual(rig.imap.places(), ["A: a"]);
  });

  it("a holder that comes after one that was about to ask leaves alone what was put back meanwhile", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    await rig.untilAtRest();
    rig.imap.faults.verdict = once("UID FETCH", () => {
      rig.isHolder = false;
      return "cut";
    });
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => !rig.isHolder, "the end of the lease");
    const { handed, published } = await rig.record();
    assert.equal(handed, published + 1);
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.until(async () => (await rig.record()).published > published, "the next holder");
    await rig.untilAtRest();
    assert.deepEqual([rig.imap.places(), rig.results], [["A: a", "INBOX: a"], ["moved A"]]);
  });
});

describe("a command that came with the answer", { timeout: 60_000 }, () => {
  it("goes into the stream where the connection is lost, and what was moved by half is no second mail", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.decide = () => moveTo("A");
    rig.imap.faults.verdict = inHalves(rig.imap);
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([rig.imap.places(), rig.results, rig.inApply], [["A: a"], ["moved A"], 1]);
    // It was asked about once: the next connection leaves it to the stream.
    assert.equal(rig.batches.length, 1);
  });

  it("goes into the stream where the server is in passing trouble", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.decide = () => moveTo("A");
    rig.imap.faults.verdict = once("UID MOVE", ["TAG NO [INUSE] a moment"]);
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual([rig.imap.places(), rig.inApply], [["A: a"], 1]);
  });

  it("comes after its connection is gone: it is for the stream, and nobody is asked again", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    const answers: (() => void)[] = [];
    rig.onAsk = async (decide) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      decide();
    };
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => answers.length === 1, "the question");
    await rig.untilAtRest();
    const before = rig.imap.count("SELECT");
    rig.imap.say("* BYE");
    await rig.until(() => rig.imap.count("SELECT") > before, "the next connection");
    await assert.rejects(rig.until(() => answers.length > 1, "another question", 200));
    answers[0]?.();
    await rig.untilApplied(1);
    await rig.untilAtRest();
    assert.deepEqual([rig.imap.places(), rig.inApply, answers.length], [["A: a"], 1, 1]);
  });

  it("is waited for: until it is carried out the mail counts as handed over, not as published", async () => {
    await using rig = await AccountRig.atRest({ asked: true, prepare: (imap) => imap.addFolder("A") });
    rig.decide = () => copyTo("A");
    let seen: readonly number[] = [];
    const before = (await rig.record()).published;
    rig.imap.faults.verdict = once("UID COPY", () => {
      void rig.record().then(({ published, handed }) => {
        seen = [published, handed];
      });
      return "pass";
    });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(seen, [before, before + 1]);
    assert.equal((await rig.record()).published, before + 1);
  });

  it("is nobody's where the lease ends: the next holder publishes the mail at once", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.decide = () => moveTo("A");
    const half = inHalves(rig.imap);
    rig.imap.faults.verdict = (command) => {
      const verdict = half(command);
      if (verdict === "cut") rig.isHolder = false;
      return verdict;
    };
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => !rig.isHolder, "the end of the lease");
    await rig.until(() => rig.state !== "idle", "the end of the connection");
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.untilApplied(1);
    assert.deepEqual([rig.imap.places(), rig.results], [["A: a"], ["moved A"]]);
  });

  it("is decided on again where neither the server nor the stream can be had", async () => {
    await using rig = await AccountRig.atRest({ asked: true });
    rig.decide = () => moveTo("A");
    let refusals = 2;
    rig.onCommand = () => {
      if (refusals-- > 0) throw new RetryLater("full", { code: "full", afterMs: 20 });
    };
    rig.imap.faults.verdict = inHalves(rig.imap);
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    await rig.untilAtRest();
    assert.deepEqual([rig.imap.places(), rig.results], [["A: a"], ["moved A"]]);
  });
});
