import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mailboxStatus } from "@tamis/contracts";
import { MailboxStats } from "./mailbox-stats.ts";

describe("MailboxStats", () => {
  it("reports nothing when there is nothing, in the words of the contract", () => {
    const report = mailboxStatus.parse(JSON.parse(JSON.stringify(new MailboxStats("one").report(3, 5))));
    assert.equal(report.instance, "one");
    assert.deepEqual([report.partitions, report.settled, report.lagP50Ms, report.lagP99Ms], [3, 0, null, null]);
    assert.deepEqual([report.accounts, report.troubled], [{}, []]);
  });

  it("counts accounts by state and names those in trouble", () => {
    const stats = new MailboxStats("one");
    stats.setState("a", "idle");
    stats.setState("b", "idle");
    stats.setState("c", "backoff", "unreachable");
    stats.setState("d", "parked", "auth-failed");
    stats.setState("e", "idle");
    stats.setState("e", null);
    stats.setState("b", "working");
    const { accounts, troubled } = stats.report(1, 1);
    assert.deepEqual(accounts, { idle: 1, working: 1, backoff: 1, parked: 1 });
    assert.deepEqual(
      troubled.map(({ accountId, reason }) => [accountId, reason]),
      [
        ["c", "unreachable"],
        ["d", "auth-failed"],
      ],
    );
  });

  it("tells how long mails took", () => {
    const stats = new MailboxStats("one");
    for (let i = 100; i >= 1; i--) stats.noteSettled(i);
    const { settled, settledLastMinute, lagP50Ms, lagP99Ms } = stats.report(1, 1);
    assert.deepEqual([settled, settledLastMinute, lagP50Ms, lagP99Ms], [100, 100, 51, 100]);
  });

  it("keeps a bounded number of samples", () => {
    const stats = new MailboxStats("one");
    for (let i = 0; i < 50_000; i++) stats.noteSettled(i);
    const { settled, settledLastMinute } = stats.report(1, 1);
    assert.equal(settled, 50_000);
    assert.ok(settledLastMinute <= 20_000);
  });
});
