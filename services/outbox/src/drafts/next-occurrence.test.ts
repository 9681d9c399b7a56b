import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nextOccurrence } from "./next-occurrence.ts";

const ended = (more: Partial<Parameters<typeof nextOccurrence>[0]> = {}) => ({
  recurrence: "weekly",
  wall: "2026-10-19 08:00",
  zone: "Europe/Paris",
  isReplied: false,
  isCancelled: false,
  ...more,
});
const AT = new Date("2026-10-19T06:00:05Z");

describe("the next occurrence of a draft", () => {
  it("keeps its time of day over a change of clocks", () => {
    const next = nextOccurrence(ended(), AT);
    assert.deepEqual([next?.wall, next?.at.toISOString()], ["2026-10-26 08:00", "2026-10-26T07:00:00.000Z"]);
  });

  it("keeps that of its author, where the zone is known by its offset alone", () => {
    const next = nextOccurrence(ended({ zone: "+04:00" }), AT);
    assert.deepEqual([next?.wall, next?.at.toISOString()], ["2026-10-26 08:00", "2026-10-26T04:00:00.000Z"]);
  });

  it("does not make up for what an outage let go by", () => {
    assert.equal(nextOccurrence(ended(), new Date("2026-11-11T00:00:00Z"))?.wall, "2026-11-16 08:00");
  });

  const over = [
    ["was sent once", { recurrence: null }],
    ["was answered", { isReplied: true }],
    ["was stopped by its owner", { isCancelled: true }],
    ["has come to its end", { recurrence: "weekly until 2026-10-25T00:00:00.000Z" }],
  ] as const;
  for (const [name, more] of over)
    it(`is none where it ${name}`, () => assert.equal(nextOccurrence(ended(more), AT), null));
});
