import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dueAgain, dueOf } from "./due-of.ts";

const OPTIONS = { now: new Date("2026-01-01T00:00:00Z"), undoMs: 30_000, language: "en" } as const;
const paris = (wall: string, which?: "earlier" | "later") =>
  dueOf({ kind: "wall", wall, zone: "Europe/Paris", ...(which === undefined ? {} : { which }) }, OPTIONS);

describe("when a circular leaves", () => {
  for (const { name, due, want } of [
    { name: "a winter morning", due: paris("2026-11-30T08:00"), want: "2026-11-30T07:00:00.000Z" },
    { name: "a summer morning", due: paris("2026-07-01T08:00"), want: "2026-07-01T06:00:00.000Z" },
    { name: "the first of two", due: paris("2026-10-25T02:30", "earlier"), want: "2026-10-25T00:30:00.000Z" },
    { name: "the second of two", due: paris("2026-10-25T02:30", "later"), want: "2026-10-25T01:30:00.000Z" },
    { name: "at once, after the undo window", due: dueOf({ kind: "now" }, OPTIONS), want: "2026-01-01T00:00:30.000Z" },
  ])
    it(`${name}: ${want}`, () => assert.equal("at" in due ? due.at.toISOString() : due.reason, want));

  for (const { name, due, want } of [
    { name: "a time that clocks go over", due: paris("2026-03-29T02:30"), want: /does not exist/ },
    { name: "a time that comes twice", due: paris("2026-10-25T02:30"), want: /comes twice/ },
    { name: "what is no time", due: paris("tomorrow"), want: /no time of day/ },
    { name: "what is over", due: paris("2025-01-01T08:00"), want: /is over/ },
    {
      name: "a zone that nobody knows",
      due: dueOf({ kind: "wall", wall: "2026-11-30T08:00", zone: "Europe/Grenoble" }, OPTIONS),
      want: /known zone/,
    },
  ])
    it(`refuses ${name}`, () => assert.match("reason" in due ? due.reason : "none", want));

  it("names both instants of a time that comes twice", () => {
    const due = paris("2026-10-25T02:30");
    assert.deepEqual("times" in due ? due.times : null, {
      earlier: Date.parse("2026-10-25T00:30:00Z"),
      later: Date.parse("2026-10-25T01:30:00Z"),
    });
  });

  it("is computed again from what was said", () => {
    assert.equal(
      dueAgain({ wall: "2026-10-25T02:30", zone: "Europe/Paris", which: "later" })?.toISOString(),
      "2026-10-25T01:30:00.000Z",
    );
    assert.equal(dueAgain({ wall: null, zone: null, which: null }), null);
  });
});
