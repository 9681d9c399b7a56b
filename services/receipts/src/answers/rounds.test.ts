import assert from "node:assert/strict";
import { it } from "node:test";
import { Rounds } from "./rounds.ts";

it("one round at a time, another where there was reason to meanwhile, and none after the stop", async () => {
  const begun: (() => void)[] = [];
  const failures: unknown[] = [];
  let rounds = 0;
  const made = new Rounds({
    work: () =>
      new Promise((resolve, reject) => {
        rounds++;
        begun.push(rounds === 2 ? () => reject(new Error("away")) : resolve);
      }),
    everyMs: 1_000_000,
    onFailed: (error) => failures.push(error),
  });
  const end = async (): Promise<void> => {
    begun.shift()?.();
    await new Promise(setImmediate);
  };
  made.begin();
  assert.equal(rounds, 0);
  made.start();
  made.begin();
  made.begin();
  assert.equal(rounds, 1);
  await end();
  assert.equal(rounds, 2);
  await end();
  assert.deepEqual([rounds, failures.length], [2, 1]);
  made.begin();
  const stopped = made.stop();
  made.begin();
  await end();
  await stopped;
  assert.deepEqual([rounds, begun], [3, []]);
});
