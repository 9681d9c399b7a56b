import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Doorbell } from "./doorbell.ts";

describe("Doorbell", () => {
  it("wakes who waits", async () => {
    const bell = new Doorbell();
    const waiting = bell.wait(Number.POSITIVE_INFINITY);
    bell.ring();
    assert.equal(await waiting, true);
  });

  it("keeps one ring for who comes later, and only one", async () => {
    const bell = new Doorbell();
    bell.ring();
    bell.ring();
    assert.equal(await bell.wait(60_000), true);
    assert.equal(await bell.wait(1), false);
  });

  it("does not wait for a time that is over", async () => {
    const bell = new Doorbell();
    assert.deepEqual([await bell.wait(0), await bell.wait(-5)], [false, false]);
  });

  it("forgets a ring that was seen to", async () => {
    const bell = new Doorbell();
    bell.ring();
    bell.clear();
    assert.equal(await bell.wait(1), false);
  });
});
