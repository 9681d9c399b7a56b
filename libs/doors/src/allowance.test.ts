import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Allowance } from "./allowance.ts";

describe("Allowance", () => {
  let now = 0;
  const open = () => new Allowance({ count: 3, windowMs: 3_000, capacity: 2, clock: () => now });

  it("lets so many through at once, then one by one as time passes", () => {
    const allowance = open();
    for (let i = 0; i < 3; i++) assert.ok(allowance.take("a"));
    assert.equal(allowance.take("a"), null);
    assert.equal(allowance.waitMs("a"), 1_000);
    now += 1_000;
    assert.ok(allowance.take("a"));
    assert.equal(allowance.take("a"), null);
  });

  it("gives back what was taken for nothing", () => {
    const allowance = open();
    const taken = [allowance.take("a"), allowance.take("a"), allowance.take("a")];
    taken[0]?.giveBack();
    assert.ok(allowance.take("a"));
    assert.equal(allowance.take("a"), null);
  });

  it("counts each key by itself and forgets the oldest beyond its capacity", () => {
    const allowance = open();
    for (let i = 0; i < 3; i++) allowance.take("a");
    assert.ok(allowance.take("b"));
    assert.ok(allowance.take("c"));
    assert.ok(allowance.take("a"), "forgotten");
  });
});
