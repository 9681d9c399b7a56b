import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Outage } from "./outage.ts";

const REST = { hasRested: true, longestMs: 300_000 };
const WORK = { hasRested: false, longestMs: 300_000 };

describe("Outage", () => {
  let time = 0;
  beforeEach(() => {
    time = 10_000;
    mock.method(performance, "now", () => time);
    mock.method(Math, "random", () => 1);
  });
  afterEach(() => mock.restoreAll());

  /** The pauses after connections that lasted so long. */
  const pauses = (lasted: readonly number[], how: typeof REST, outage = new Outage()): readonly number[] =>
    lasted.map((ms) => {
      outage.opened();
      time += ms;
      const pause = outage.failed(how);
      time += pause;
      return pause;
    });

  it("waits twice as long after each failure, up to the longest wait", () => {
    const outage = new Outage();
    const waits = Array.from({ length: 12 }, () => outage.failed({ ...REST, longestMs: 60_000 }));
    assert.deepEqual(waits.slice(0, 4), [250, 500, 1_000, 2_000]);
    assert.deepEqual(waits.slice(-2), [60_000, 60_000]);
  });

  it("a connection that died in its first IDLE was none of the failures before it", () =>
    assert.deepEqual(pauses([540_000, 540_000, 20_000], REST), [250, 250, 250]));

  it("one that ends as soon as it rests is a failed one", () =>
    assert.deepEqual(pauses([100, 900, 900, 1_100], REST), [250, 500, 1_000, 250]));

  it("one that never came to rest has to last longer", () =>
    assert.deepEqual(pauses([3_000, 29_000, 31_000], WORK), [250, 500, 250]));

  it("lasts from its first failure on", () => {
    const outage = new Outage();
    assert.equal(outage.lastedMs, 0);
    pauses([100, 100], REST, outage);
    assert.equal(outage.lastedMs, 250 + 100 + 500);
    time += 5_000;
    pauses([60_000], REST, outage);
    assert.equal(outage.lastedMs, 250);
  });
});
