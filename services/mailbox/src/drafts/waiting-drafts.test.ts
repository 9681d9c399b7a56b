import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WaitingDrafts } from "./waiting-drafts.ts";

const told = (uidNext: number, uidValidity = 7) => ({ uidValidity, uidNext });

describe("drafts that wait until nobody touches them", () => {
  it("are quiet a while after they were first seen, however often they are seen", () => {
    const waiting = new WaitingDrafts();
    waiting.note("Scheduled", told(5), [3, 4], 1_000);
    waiting.note("Scheduled", told(6), [3, 5], 31_000);
    assert.deepEqual(waiting.quiet("Scheduled", 60_999, 60_000), []);
    assert.deepEqual(waiting.quiet("Scheduled", 61_000, 60_000), [[3, 1_000]]);
    assert.deepEqual(waiting.quiet("Scheduled", 91_000, 60_000), [
      [3, 1_000],
      [5, 31_000],
    ]);
    assert.equal(waiting.nextAt(60_000), 61_000);
  });

  it("begin anew when they are saved: another UID, or the same one of another folder", () => {
    const waiting = new WaitingDrafts();
    waiting.note("Drafts", told(5), [4], 1_000);
    waiting.note("Drafts", told(6), [5], 50_000);
    assert.deepEqual(waiting.quiet("Drafts", 61_000, 60_000), []);
    waiting.note("Drafts", told(6, 8), [5], 90_000);
    assert.deepEqual(waiting.quiet("Drafts", 110_000, 60_000), []);
  });

  it("may have to wait as long again, which is no other time for their words to count from", () => {
    const waiting = new WaitingDrafts();
    waiting.note("Scheduled", told(5), [4], 1_000);
    waiting.postpone("Scheduled", 4, 61_000);
    assert.deepEqual(waiting.quiet("Scheduled", 120_999, 60_000), []);
    assert.deepEqual(waiting.quiet("Scheduled", 121_000, 60_000), [[4, 1_000]]);
    assert.equal(waiting.nextAt(60_000), 121_000);
  });

  it("are looked for only where something may have come", () => {
    const waiting = new WaitingDrafts();
    assert.ok(waiting.isNews("Drafts", told(1)));
    waiting.note("Drafts", told(5), [], 0);
    assert.ok(!waiting.isNews("Drafts", told(5)));
    assert.ok(waiting.isNews("Drafts", told(6)));
    assert.ok(waiting.isNews("Drafts", told(5, 8)));
    waiting.forget("Drafts");
    assert.ok(waiting.isNews("Drafts", told(5)));
  });

  it("wait for nothing where there are none", () => {
    const waiting = new WaitingDrafts();
    assert.equal(waiting.nextAt(1), Number.POSITIVE_INFINITY);
    waiting.note("Drafts", told(5), [4], 0);
    waiting.drop("Drafts", 4);
    assert.equal(waiting.nextAt(1), Number.POSITIVE_INFINITY);
  });
});
