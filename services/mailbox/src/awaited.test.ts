import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AwaitedDecisions } from "./awaited.ts";

const LONG_MS = 60_000;
const mails = (...uids: readonly number[]): { uid: number }[] => uids.map((uid) => ({ uid }));

describe("AwaitedDecisions", () => {
  it("is quiet for ever before anything was published", () => {
    const awaited = new AwaitedDecisions();
    assert.deepEqual([awaited.size, awaited.quietMs, awaited.nextDueMs(LONG_MS)], [0, Infinity, Infinity]);
    assert.deepEqual(awaited.due(0), []);
    assert.equal(awaited.tries([1]), 0);
  });

  it("names what is due, ascending, and nothing before its time", () => {
    const awaited = new AwaitedDecisions();
    awaited.add(mails(3, 1, 2));
    awaited.delete(2);
    assert.deepEqual(awaited.due(0), [1, 3]);
    assert.deepEqual(awaited.due(LONG_MS), []);
    const next = awaited.nextDueMs(LONG_MS);
    assert.ok(next > LONG_MS - 1_000 && next <= LONG_MS);
  });

  it("waits twice as long after each further try, at most 16 times", () => {
    const awaited = new AwaitedDecisions();
    for (const times of [1, 2, 4, 8, 16, 16]) {
      awaited.add(mails(1));
      const next = awaited.nextDueMs(LONG_MS);
      assert.ok(Math.abs(next - times * LONG_MS) < 1_000, `${times} times: ${next}`);
    }
    assert.equal(awaited.tries([1, 2]), 6);
  });

  it("keeps what is known of those that stay, forgets the others", () => {
    const awaited = new AwaitedDecisions();
    awaited.add(mails(1, 2));
    awaited.add(mails(1));
    awaited.reset([1, 3], false);
    assert.deepEqual([awaited.size, awaited.tries([1]), awaited.tries([2]), awaited.tries([3])], [2, 2, 0, 1]);
    assert.deepEqual(awaited.due(LONG_MS), []);
    awaited.reset([1, 3], true);
    assert.deepEqual(awaited.due(LONG_MS), [1, 3]);
    assert.equal(awaited.nextDueMs(LONG_MS), 0);
  });

  it("postpones: waits again, without counting a try", () => {
    const awaited = new AwaitedDecisions();
    awaited.reset([1, 2], true);
    awaited.postpone([1, 9]);
    assert.deepEqual([awaited.due(LONG_MS), awaited.size, awaited.tries([1])], [[2], 2, 1]);
  });
});
