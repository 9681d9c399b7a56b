import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { AccountRig } from "./account-rig.ts";
import { inHalves } from "./fake-faults.ts";
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
    assert.equal(published, 0);
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
});
