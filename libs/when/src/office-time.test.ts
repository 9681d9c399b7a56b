import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  afterOpenTime,
  isInside,
  nextOutside,
  type OfficeHours,
  type Opening,
  openTimeBetween,
  readOfficeHours,
} from "./index.ts";

const HOUR = 3_600_000;
const week: OfficeHours = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00", zone: "Europe/Paris" };

function openingOf(hours: Partial<OfficeHours> = {}): Opening {
  const read = readOfficeHours({ ...week, ...hours });
  assert.ok(read.ok);
  return read.opening;
}

describe("nextOutside", () => {
  const cases: readonly {
    readonly name: string;
    readonly from: string;
    readonly want: string | null;
    readonly hours?: Partial<OfficeHours>;
  }[] = [
    { name: "outside already", from: "2026-11-26T20:00:00Z", want: "2026-11-26T20:00:00Z" },
    { name: "at closing", from: "2026-11-26T17:00:00Z", want: "2026-11-26T17:00:00Z" },
    { name: "inside", from: "2026-11-26T10:00:00.500Z", want: "2026-11-26T17:00:00Z" },
    {
      name: "over midnight, into a day that is open",
      from: "2026-11-23T10:00:00Z",
      want: "2026-11-24T23:00:00Z",
      hours: { from: "00:00", to: "24:00", days: [1, 2] },
    },
    {
      name: "never closed",
      from: "2026-11-23T10:00:00Z",
      want: null,
      hours: { from: "00:00", to: "24:00", days: [0, 1, 2, 3, 4, 5, 6] },
    },
    {
      name: "on the eve of a closed day",
      from: "2026-12-24T10:00:00Z",
      want: "2026-12-24T23:00:00Z",
      hours: { from: "00:00", to: "24:00", closed: ["2026-12-25"] },
    },
    {
      name: "closing at an hour that is missing",
      from: "2027-03-28T00:30:00Z",
      want: "2027-03-28T01:00:00Z",
      hours: { from: "01:00", to: "02:30", days: [0] },
    },
    {
      name: "clocks that go back before the opening",
      from: "2027-10-31T00:50:00Z",
      want: "2027-10-31T01:00:00Z",
      hours: { from: "02:30", to: "04:00", days: [0] },
    },
  ];
  for (const { name, from, want, hours } of cases)
    it(name, () =>
      assert.equal(
        nextOutside(openingOf(hours), new Date(from))?.toISOString() ?? null,
        want && new Date(want).toISOString(),
      ),
    );

  it("ends what is inside, to the millisecond", () => {
    const opening = openingOf({ days: [0, 1, 4], closed: ["2027-03-29"] });
    const first = Date.UTC(2027, 2, 1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * 24 * HOUR }), (ms) => {
        const from = new Date(first + ms);
        const at = nextOutside(opening, from);
        assert.ok(at !== null && at >= from && !isInside(opening, at));
        if (at > from) assert.ok(isInside(opening, new Date(at.getTime() - 1)));
      }),
    );
  });
});

describe("open time", () => {
  const opening = openingOf();
  for (const { name, from, to, hours } of [
    { name: "within a day", from: "2026-11-26T10:00:00Z", to: "2026-11-26T12:30:00Z", hours: 2.5 },
    { name: "over a night", from: "2026-11-26T16:00:00Z", to: "2026-11-27T08:00:00Z", hours: 2 },
    { name: "over a week-end", from: "2026-11-27T16:00:00Z", to: "2026-11-30T08:00:00Z", hours: 2 },
    { name: "of a week whose clocks change", from: "2027-03-22T00:00:00Z", to: "2027-04-05T00:00:00Z", hours: 100 },
    { name: "of a night", from: "2026-11-26T18:00:00Z", to: "2026-11-27T06:00:00Z", hours: 0 },
    { name: "backwards", from: "2026-11-27T12:00:00Z", to: "2026-11-27T10:00:00Z", hours: 0 },
  ])
    it(name, () => assert.equal(openTimeBetween(opening, new Date(from), new Date(to)), hours * HOUR));

  it("passes, and then has passed", () => {
    const from = new Date("2026-11-26T16:00:00Z");
    assert.equal(afterOpenTime(opening, from, 2 * HOUR)?.toISOString(), "2026-11-27T08:00:00.000Z");
    assert.equal(afterOpenTime(opening, from, HOUR)?.toISOString(), "2026-11-26T17:00:00.000Z");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 * HOUR }), (ms) => {
        const after = afterOpenTime(opening, from, ms);
        assert.ok(after !== null);
        assert.equal(openTimeBetween(opening, from, after), ms);
      }),
    );
  });
  it("never comes where nothing opens", () => {
    const never = openingOf({ days: [1], closed: Array.from({ length: 60 }, (_, week) => mondayOf(week)) });
    assert.equal(afterOpenTime(never, new Date("2026-11-26T16:00:00Z"), HOUR), null);
  });
});

const mondayOf = (weeks: number): string =>
  new Date(Date.UTC(2026, 10, 30) + weeks * 7 * 24 * HOUR).toISOString().slice(0, 10);
