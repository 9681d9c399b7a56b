import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { type ApplyCommand, KEEP } from "@tamis/contracts";
import { ApplyQueue } from "./apply-queue.ts";

const command = (uids: readonly number[], more: Partial<ApplyCommand> = {}): ApplyCommand => ({
  v: 1,
  accountId: "ada",
  mode: "act",
  folder: { id: "f", name: "INBOX", uidValidity: 1 },
  decisions: uids.map((uid) => ({
    uid,
    internalDate: 0,
    fingerprint: "",
    plan: KEEP,
    times: { seenAt: 0, fetchedAt: 0, receivedByFilterAt: 0, decidedAt: 0 },
  })),
  ...more,
});

/** What became of a command so far. */
function watch(queue: ApplyQueue, one: ApplyCommand, how: "push" | "give" = "push"): { state: string } {
  const seen = { state: "waiting" };
  queue[how](one).then(
    () => void Object.assign(seen, { state: "done" }),
    (error: unknown) => void Object.assign(seen, { state: error instanceof RetryLater ? error.code : String(error) }),
  );
  return seen;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("ApplyQueue", () => {
  it("gives what waits in order, up to so many mails, and at least one command", () => {
    const queue = new ApplyQueue();
    for (const uids of [[1, 2, 3], [4], [5, 6]]) watch(queue, command(uids));
    assert.equal(queue.mails, 6);
    assert.deepEqual(
      queue.take(2).decisions.map(({ uid }) => uid),
      [1, 2, 3],
    );
    assert.deepEqual(
      queue.take(3).decisions.map(({ uid }) => uid),
      [4, 5, 6],
    );
    assert.deepEqual([queue.take(3).decisions.length, queue.mails, queue.waitedMs], [0, 0, 0]);
  });

  it("lets the first of two decisions on one mail count", () => {
    const queue = new ApplyQueue();
    watch(queue, command([1], { sortId: "a" }));
    watch(queue, command([1, 2], { sortId: "b", mode: "observe" }));
    assert.deepEqual(
      queue.take(9).decisions.map(({ uid, sortId, observed }) => [uid, sortId, observed]),
      [
        [1, "a", false],
        [2, "b", true],
      ],
    );
  });

  it("acknowledges what is settled, and sends back what is to be tried again", async () => {
    const queue = new ApplyQueue();
    const seen = [watch(queue, command([1])), watch(queue, command([2, 3]))];
    queue.take(9).settle(new Set([3]));
    await settled();
    assert.deepEqual(
      seen.map(({ state }) => state),
      ["done", "server-trouble"],
    );
  });

  it("knows what was tried before when it is put back", () => {
    const queue = new ApplyQueue();
    watch(queue, command([1]));
    const group = queue.take(9);
    assert.equal(group.retried, false);
    watch(queue, command([2]));
    group.putBack();
    const again = queue.take(9);
    assert.deepEqual([again.retried, again.decisions.map(({ uid }) => uid)], [true, [1, 2]]);
  });

  it("doubts mails that were held after a try, or come from an earlier holder, until they are settled", async () => {
    const queue = new ApplyQueue();
    const retried = (uid: number): boolean => {
      watch(queue, command([uid]));
      const group = queue.take(9);
      group.settle();
      return group.retried;
    };
    watch(queue, command([1]));
    queue.take(9).putBack();
    watch(queue, command([2]));
    queue.hold();
    queue.doubt([3]);
    assert.deepEqual([1, 2, 3].map(retried), [true, false, true]);
    assert.deepEqual([1, 2, 3].map(retried), [false, false, false]);
  });

  it("hands back what lies in no stream, and doubts it where it was tried", async () => {
    const queue = new ApplyQueue();
    const tried = watch(queue, command([1]), "give");
    queue.take(9).putBack();
    const [given, streamed] = [watch(queue, command([2]), "give"), watch(queue, command([3]))];
    assert.equal(queue.commands, 1);
    queue.handBack();
    await settled();
    assert.deepEqual(
      [tried, given, streamed].map(({ state }) => state),
      ["not-connected", "not-connected", "waiting"],
    );
    const again = queue.take(9);
    assert.deepEqual([again.retried, again.decisions.map(({ uid }) => uid)], [false, [3]]);
    for (const uid of [2, 1]) watch(queue, command([uid]));
    const [first, second] = [queue.take(1), queue.take(1)];
    assert.deepEqual([first.retried, second.retried], [false, true]);
  });

  it("doubts what is to be tried again because of the server's trouble", () => {
    const queue = new ApplyQueue();
    watch(queue, command([1]), "give");
    queue.take(9).settle(new Set([1]));
    watch(queue, command([1]));
    assert.equal(queue.take(9).retried, true);
  });

  it("voids commands of another UIDVALIDITY", async () => {
    const queue = new ApplyQueue();
    const old = watch(queue, command([1]));
    const young = watch(queue, command([2], { folder: { id: "f", name: "INBOX", uidValidity: 2 } }));
    assert.equal(queue.dropStale(2), 1);
    await settled();
    assert.deepEqual([old.state, young.state, queue.mails], ["done", "waiting", 1]);
  });

  it("holds: acknowledges all that waits; gives up: sends all back at once", async () => {
    const queue = new ApplyQueue();
    const held = watch(queue, command([1]));
    assert.equal(queue.hold(), 1);
    const left = watch(queue, command([2]));
    queue.giveUp();
    await settled();
    assert.deepEqual([held.state, left.state, queue.mails], ["done", "lease-lost", 0]);
  });

  it("has nothing to do for a command without decisions", async () => {
    const queue = new ApplyQueue();
    const empty = watch(queue, command([]));
    await settled();
    assert.deepEqual([empty.state, queue.mails], ["done", 0]);
  });
});
