import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NoticeRhythm } from "./notice-rhythm.ts";

describe("NoticeRhythm", () => {
  it("is known from the second notice of one IDLE on, and said to be new once", () => {
    const rhythm = new NoticeRhythm();
    rhythm.begin();
    assert.equal(rhythm.note(10_000), false);
    assert.equal(rhythm.everyMs, Number.POSITIVE_INFINITY);
    assert.equal(rhythm.note(130_000), true);
    assert.equal(rhythm.note(251_000), false);
    assert.equal(rhythm.everyMs, 121_000);
  });

  it("is not told by two IDLEs, nor by lines that follow each other", () => {
    const rhythm = new NoticeRhythm();
    rhythm.note(10_000);
    rhythm.note(10_900);
    rhythm.begin();
    rhythm.note(300_000);
    assert.equal(rhythm.everyMs, Number.POSITIVE_INFINITY);
  });

  it("is slower than it seemed when the server was there all the same", () => {
    const rhythm = new NoticeRhythm();
    rhythm.note(0);
    rhythm.note(2_000);
    rhythm.slowDown();
    assert.equal(rhythm.everyMs, 4_000);
  });
});
