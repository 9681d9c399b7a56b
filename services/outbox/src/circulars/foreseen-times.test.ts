import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { foreseenTimes } from "./foreseen-times.ts";
import { leavingOf } from "./leaving-of.ts";

const ZONE = "Europe/Paris";
const OFFICE = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00", zone: ZONE };
const options = { now: new Date("2026-11-23T10:00:00Z"), undoMs: 30_000, language: "en", officeHours: null } as const;
type Ask = Parameters<typeof leavingOf>[0];

/** The instants, and whether there are more; as Paris has them. */
function foresee(ask: Ask, more: Partial<Parameters<typeof leavingOf>[1]> = {}) {
  const leaving = leavingOf(ask, { ...options, ...more });
  assert.ok(!("kind" in leaving), JSON.stringify(leaving));
  const { times, isMore, hours } = foreseenTimes(leaving);
  const paris = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: ZONE });
  return { times: times.map((time) => paris.format(time)), isMore, hours };
}

const at = (wall: string): Ask["when"] => ({ kind: "wall", wall, zone: ZONE });

describe("the times that are foreseen", () => {
  it("are one, of what leaves once", () => {
    assert.deepEqual(foresee({ when: at("2026-11-30T08:00") }), {
      times: ["2026-11-30 08:00"],
      isMore: false,
      hours: undefined,
    });
    assert.equal(foresee({ when: { kind: "now" } }).times.length, 1);
  });

  for (const [name, every, first, want, isMore] of [
    [
      "the wall time, when clocks change",
      { rule: "monthly 29" },
      "2027-02-28T08:00",
      ["2027-02-28 08:00", "2027-03-29 08:00", "2027-04-29 08:00", "2027-05-29 08:00", "2027-06-29 08:00"],
      true,
    ],
    [
      "the second Monday",
      { rule: "monthly 1 2", times: 2 },
      "2026-12-14T08:00",
      ["2026-12-14 08:00", "2027-01-11 08:00"],
      false,
    ],
    [
      "to its last day",
      { rule: "weekly / 2", until: "2026-12-31" },
      "2026-12-01T08:00",
      ["2026-12-01 08:00", "2026-12-15 08:00", "2026-12-29 08:00"],
      false,
    ],
    [
      "as many as are told",
      { rule: "daily", times: 5 },
      "2026-12-01T08:00",
      ["2026-12-01 08:00", "2026-12-02 08:00", "2026-12-03 08:00", "2026-12-04 08:00", "2026-12-05 08:00"],
      false,
    ],
    ["one", { rule: "daily", times: 1 }, "2026-12-01T08:00", ["2026-12-01 08:00"], false],
  ] as const)
    it(`follow a rule: ${name}`, () => {
      const foreseen = foresee({ when: at(first), every });
      assert.deepEqual([foreseen.times, foreseen.isMore], [want, isMore]);
    });

  it("are those at which hours begin, and of several that wait for them there is one", () => {
    const { times, hours } = foresee(
      { when: at("2026-11-27T20:00"), every: { rule: "daily" } },
      { officeHours: OFFICE },
    );
    assert.deepEqual(times.slice(0, 3), ["2026-11-30 08:00", "2026-12-01 08:00", "2026-12-02 08:00"]);
    assert.deepEqual(hours, {
      opensAt: Date.parse("2026-11-30T07:00:00Z"),
      closesAt: Date.parse("2026-11-30T17:00:00Z"),
    });
  });
});
