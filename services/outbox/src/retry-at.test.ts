import assert from "node:assert/strict";
import { it } from "node:test";
import { retryAt } from "./retry-at.ts";

it("pauses double up to the longest, and scatter by a fifth", () => {
  const after = (attempts: number, random: number): number =>
    retryAt(attempts, { firstMs: 100, maxMs: 1000 }, new Date(0), () => random).getTime();
  assert.deepEqual(
    [1, 2, 3, 4, 5, 1000].map((attempts) => after(attempts, 0.5)),
    [100, 200, 400, 800, 1000, 1000],
  );
  assert.deepEqual([after(1, 0), after(1, 1), after(0, 0.5)], [80, 120, 100]);
});
