import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Pace } from "./pace.ts";

describe("the pace", () => {
  it("lets a second's worth go at once, then as many as the minute allows", () => {
    const pace = new Pace(600, 0);
    assert.equal(pace.take(100, 0), 10);
    assert.equal(pace.take(1, 50), 0);
    assert.equal(pace.waitMs, 50);
    assert.equal(pace.take(5, 100), 1);
    let sent = 0;
    for (let now = 100; now <= 60_100; now += 7) sent += pace.take(3, now);
    assert.ok(sent >= 598 && sent <= 600, String(sent));
  });
  it("takes back what was not used, never more than fits", () => {
    const pace = new Pace(60, 0);
    assert.equal(pace.take(5, 0), 1);
    pace.giveBack(1);
    pace.giveBack(7);
    assert.equal(pace.take(5, 0), 1);
  });
});
