import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { AccountRig } from "./account-rig.ts";
import { mail, moveTo } from "./pipeline.ts";

const full = (): never => {
  throw new RetryLater("full", { code: "full", afterMs: 100 });
};

describe("back-pressure: what cannot be published, told or read now is so later", () => {
  it("facts that cannot be told at first: what is settled is not awaited for ever", async () => {
    await using rig = await AccountRig.atRest({ config: { republish_seconds: 0.3 } });
    let refusals = 1;
    rig.onFact = () => {
      if (refusals-- > 0) throw new RetryLater("NATS is away", { code: "unreachable", afterMs: 50 });
    };
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    const since = performance.now();
    await rig.until(() => performance.now() - since > 1_000, "three times republish_seconds");
    assert.deepEqual(rig.published, ["a"]);
  });

  it("a decision that comes before JetStream's acknowledgement: what is settled is not awaited for ever", async () => {
    await using rig = await AccountRig.atRest({ config: { republish_seconds: 0.3 } });
    rig.withheld = [];
    rig.imap.arrive(mail("x", "a"), mail("x", "b"));
    await rig.until(() => rig.withheld?.length === 1, "a batch");
    const [command] = rig.withheld.splice(0);
    assert.ok(command);
    // The same mails once more, by a publication whose acknowledgement is late.
    rig.imap.say("* BYE");
    await rig.deliver(command);
    rig.withheld = null;
    const since = performance.now();
    await rig.until(() => performance.now() - since > 1_000, "three times republish_seconds");
    assert.deepEqual(rig.published, ["a", "b"]);
  });

  it("a backlog that waits for room is not fetched at once because one more mail comes", async () => {
    await using rig = await AccountRig.open({
      config: { first_contact: "all", max_unsettled: 64 },
      prepare: (imap) => {
        for (let i = 0; i < 300; i++) imap.inbox.add(mail("x", `m${i}`));
      },
    });
    rig.withheld = [];
    const { imap } = rig;
    await rig.until(() => rig.state === "idle", "no room for more");
    const before = rig.batches.length;
    imap.arrive(mail("x", "late"));
    const since = performance.now();
    await rig.until(() => performance.now() - since > 300, "time to look");
    assert.equal(rig.batches.length, before);
    const commands = rig.withheld;
    rig.withheld = null;
    for (const command of commands) void rig.deliver(command);
    await rig.untilApplied(301);
    assert.equal(new Set(rig.published).size, rig.published.length);
    const longest = Math.max(...rig.batches.map(({ mails }) => mails.length));
    assert.ok(longest <= 64);
  });

  it("a stream that is full: the backlog is not read again and again", async () => {
    await using rig = await AccountRig.open({
      config: { first_contact: "all" },
      prepare: (imap) => {
        for (let i = 0; i < 1_000; i++) imap.inbox.add(mail("x", `m${i}`));
      },
    });
    rig.onPublish = full;
    await rig.until(() => rig.imap.count("UID FETCH") > 0, "a first fetch");
    rig.imap.arrive(mail("x", "late"));
    const since = performance.now();
    await rig.until(() => performance.now() - since > 500, "some tries");
    const sets = rig.imap.commands.filter(({ verb }) => verb === "UID FETCH").map(({ args }) => args.split(" ")[0]);
    assert.ok(!sets.some((set) => set?.endsWith(":*")), `the whole backlog at once: ${sets}`);
    assert.ok(sets.length < 30, `${sets.length} windows fetched for nothing`);
    rig.onPublish = () => undefined;
    await rig.untilApplied(1_001);
  });

  it("sort while the stream is full: no mail of it is forgotten", async () => {
    await using rig = await AccountRig.atRest({
      prepare: (imap) => {
        for (let i = 0; i < 70; i++) imap.inbox.add(mail("x", `m${i}`));
      },
    });
    rig.decide = () => moveTo("A");
    let refusals = 1;
    rig.onPublish = () => {
      if (refusals-- > 0) full();
    };
    rig.worker.enqueueSort(
      Array.from({ length: 70 }, (_, i) => i + 1),
      { purpose: "sort", sortId: "s" },
    );
    await rig.untilApplied(70);
    assert.equal(rig.imap.inbox.mails.length, 0);
  });

  it("a dry run settles nothing", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => moveTo("A");
    rig.withheld = [];
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "the live batch");
    rig.worker.enqueueSort([1], { purpose: "sort", sortId: "s", mode: "observe", dryRun: true });
    await rig.until(() => rig.batches.length === 2, "the dry run's batch");
    assert.equal(rig.batches[1]?.head.dryRun, true);
    const [live] = rig.withheld.splice(0);
    assert.ok(live);
    await rig.deliver(live);
    assert.deepEqual(rig.imap.places(), ["A: a"]);
  });

  it("a mail with an endless header is cut like any other", async () => {
    await using rig = await AccountRig.atRest();
    rig.worker.memory.reads = "header";
    const long = `To: ${"x@y.test,\r\n ".repeat(100_000)}z@y.test\r\n${mail("x", "big")}`;
    rig.imap.arrive(long, mail("x", "after"));
    await rig.untilApplied(2);
    assert.ok(rig.batches.every(({ mails }) => mails.every(({ raw }) => raw.length <= 256 * 1024)));
  });

  it("a publication that fails after later ones were acknowledged: the watch goes on", async () => {
    await using rig = await AccountRig.open({
      config: { first_contact: "all" },
      prepare: (imap) => {
        for (let i = 0; i < 128; i++) imap.inbox.add(mail("x", `m${i}`));
      },
    });
    let tries = 0;
    rig.onPublish = async () => {
      if (++tries > 1) return;
      await rig.until(() => tries > 1, "the second batch");
      full();
    };
    await rig.untilApplied(128);
    assert.ok(tries > 2);
  });

  it("a decision that is lost while the queues are never empty is asked for again in the end", async () => {
    await using rig = await AccountRig.atRest({ config: { republish_seconds: 0.05 } });
    rig.underWay = 1;
    rig.withheld = [];
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "the batch");
    rig.withheld = null;
    await rig.untilApplied(1);
    assert.deepEqual(rig.published, ["a", "a"]);
  });

  it("FETCH refused for a moment: no mail is left alone for it", async () => {
    await using rig = await AccountRig.atRest();
    let refusals = 15;
    rig.imap.faults.verdict = ({ verb }) =>
      verb === "UID FETCH" && refusals-- > 0 ? ["TAG NO [UNAVAILABLE] a moment"] : "pass";
    rig.imap.arrive(mail("x", "a"), mail("x", "b"));
    await rig.untilApplied(2);
    assert.deepEqual([...rig.published].sort(), ["a", "b"]);
  });
});
