import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  isInside,
  nextInside,
  type OfficeHours,
  type Opening,
  readOfficeHours,
  renderOfficeHoursFault,
} from "./index.ts";

const week: OfficeHours = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00", zone: "Europe/Paris" };

function openingOf(hours: Partial<OfficeHours>): Opening {
  const read = readOfficeHours({ ...week, ...hours });
  assert.ok(read.ok);
  return read.opening;
}

describe("nextInside", () => {
  const cases: readonly {
    readonly name: string;
    readonly from: string;
    readonly want: string | null;
    readonly hours?: Partial<OfficeHours>;
  }[] = [
    { name: "inside already", from: "2026-11-26T10:00:30.500Z", want: "2026-11-26T10:00:30.500Z" },
    { name: "before opening", from: "2026-11-26T05:00:00Z", want: "2026-11-26T07:00:00Z" },
    { name: "at opening", from: "2026-11-26T07:00:00Z", want: "2026-11-26T07:00:00Z" },
    { name: "at closing", from: "2026-11-26T17:00:00Z", want: "2026-11-27T07:00:00Z" },
    { name: "on Friday evening", from: "2026-11-27T20:00:00Z", want: "2026-11-30T07:00:00Z" },
    { name: "before a change of clocks", from: "2027-03-26T20:00:00Z", want: "2027-03-29T06:00:00Z" },
    {
      name: "on closed days",
      from: "2026-12-24T20:00:00Z",
      want: "2026-12-28T07:00:00Z",
      hours: { closed: ["2026-12-25"] },
    },
    {
      name: "all day",
      from: "2026-11-28T22:59:59Z",
      want: "2026-11-29T23:00:00Z",
      hours: { from: "00:00", to: "24:00", days: [1] },
    },
    {
      name: "opening at an hour that is missing",
      from: "2027-03-28T00:00:00Z",
      want: "2027-03-28T01:00:00Z",
      hours: { from: "02:30", to: "04:00", days: [0] },
    },
    {
      name: "hours that are all missing",
      from: "2027-03-28T00:00:00Z",
      want: "2027-04-04T00:15:00Z",
      hours: { from: "02:15", to: "02:45", days: [0] },
    },
    {
      name: "hours that come twice",
      from: "2027-10-31T00:50:00Z",
      want: "2027-10-31T01:15:00Z",
      hours: { from: "02:15", to: "02:45", days: [0] },
    },
    {
      name: "hours that clocks go back into",
      from: "2027-10-31T00:50:00Z",
      want: "2027-10-31T01:00:00Z",
      hours: { from: "01:00", to: "02:30", days: [0] },
    },
    {
      name: "never",
      from: "2026-11-26T10:00:00Z",
      want: null,
      hours: {
        days: [5],
        closed: Array.from({ length: 60 }, (_, week) =>
          new Date(Date.UTC(2026, 10, 27 + 7 * week)).toISOString().slice(0, 10),
        ),
      },
    },
  ];
  for (const { name, from, want, hours = {} } of cases) {
    it(name, () =>
      assert.deepEqual(nextInside(openingOf(hours), new Date(from)), want === null ? null : new Date(want)),
    );
  }

  it("is never early, is inside, and nothing before it is", () => {
    const zones = fc.constantFrom(
      "Europe/Paris",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
      "Africa/Cairo",
    );
    const hour = fc
      .integer({ min: 0, max: 47 })
      .map((half) => `${String(half >> 1).padStart(2, "0")}:${half % 2 === 0 ? "00" : "30"}`);
    const changes = [
      "2026-03-08",
      "2026-03-29",
      "2026-04-05",
      "2026-04-24",
      "2026-10-04",
      "2026-10-25",
      "2026-10-30",
      "2026-11-01",
      "2026-07-01",
    ];
    const around = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -1440, max: 2880 }));
    fc.assert(
      fc.property(
        zones,
        fc.uniqueArray(hour, { minLength: 2, maxLength: 2 }),
        around,
        (zone, hours, [day, minutes]) => {
          const [from = "", to = ""] = [...hours].sort();
          const opening = openingOf({ zone, from, to, days: [0, 1, 2, 3, 4, 5, 6] });
          const start = new Date(Date.parse(`${day}T00:00Z`) + minutes * 60_000);
          const next = nextInside(opening, start);
          assert.ok(next !== null && next >= start && isInside(opening, next));
          for (let at = start.getTime(); at < next.getTime(); at += 15 * 60_000)
            assert.ok(!isInside(opening, new Date(at)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("readOfficeHours", () => {
  const cases = [
    [{ days: [] }, "no-days"],
    [{ days: [7] }, "no-days"],
    [{ from: "18:00", to: "08:00" }, "bad-hours"],
    [{ from: "8h" }, "bad-hours"],
    [{ to: "24:30" }, "bad-hours"],
    [{ zone: "Europe/Grenoble" }, "unknown-zone"],
    [{ closed: ["2026-02-30"] }, "bad-closed-day"],
  ] as const;
  for (const [hours, want] of cases) {
    it(`refuses ${JSON.stringify(hours)}`, () => {
      const read = readOfficeHours({ ...week, ...hours });
      assert.equal(read.ok ? "ok" : read.fault, want);
      assert.match(renderOfficeHoursFault(want, "fr"), /\w/);
    });
  }
});
