import assert from "node:assert/strict";
import { it } from "node:test";
import { alternate, medianOf, medianRun } from "./alternate.ts";

it("begins each round with another contender", async () => {
  const order: string[] = [];
  const run = (name: string) => async (round: number) => {
    order.push(`${name}${round}`);
    return round;
  };
  const results = await alternate({ a: run("a"), b: run("b") }, 3);
  assert.deepEqual(order, ["a0", "b0", "b1", "a1", "a2", "b2"]);
  assert.deepEqual(results, { a: [0, 1, 2], b: [0, 1, 2] });
});

it("takes the median run", () => {
  assert.equal(
    medianRun([9, 1, 5], (run) => run),
    5,
  );
  assert.equal(
    medianOf([9, 1, 5], (run) => run),
    5,
  );
  assert.throws(() => medianRun([], () => 0), /no run/);
});
