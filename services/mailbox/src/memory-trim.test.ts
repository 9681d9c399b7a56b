import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { giveBack, MemoryTrim } from "./memory-trim.ts";

describe("MemoryTrim", () => {
  it("collects once, when many sign-ins are over", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      let collected = 0;
      const trim = new MemoryTrim(() => {
        collected += 1;
      });
      const signIn = (count: number): void => {
        for (let i = 0; i < count; i++) trim.note();
      };
      signIn(199);
      mock.timers.tick(10_000);
      assert.equal(collected, 0, "few");
      signIn(100);
      mock.timers.tick(1_500);
      signIn(1);
      mock.timers.tick(1_500);
      assert.equal(collected, 0, "still going on");
      mock.timers.tick(500);
      assert.equal(collected, 1);
      signIn(10);
      mock.timers.tick(10_000);
      assert.equal(collected, 1, "counted anew");
    } finally {
      mock.timers.reset();
    }
  });

  it("gives back what nobody holds", () => {
    let held: unknown[] = Array.from({ length: 300_000 }, (_, i) => ({ i, text: `mail ${i}` }));
    const before = process.memoryUsage().heapTotal;
    assert.equal(held.length, 300_000);
    held = [];
    giveBack();
    assert.ok(process.memoryUsage().heapTotal < before - 10_000_000);
  });
});
