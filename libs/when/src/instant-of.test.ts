import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Instant, instantOf, isTimeZone, wallTimeOf, zoneOffset } from "./index.ts";

/** The last Sundays of March and October, from the calendar. */
const PARIS: readonly (readonly [forward: string, back: string])[] = [
  ["2026-03-29", "2026-10-25"],
  ["2027-03-28", "2027-10-31"],
  ["2028-03-26", "2028-10-29"],
  ["2029-03-25", "2029-10-28"],
  ["2030-03-31", "2030-10-27"],
];

const said = (found: Instant): unknown =>
  JSON.parse(
    JSON.stringify(found, (_, value: unknown) => (typeof value === "string" ? value.replace(":00.000Z", "Z") : value)),
  );

describe("instantOf", () => {
  for (const [forward, back] of PARIS) {
    it(`knows that clocks in Paris go forward on ${forward} and back on ${back}`, () => {
      assert.deepEqual(said(instantOf(`${forward} 01:59`, "Europe/Paris")), {
        kind: "instant",
        at: `${forward}T00:59Z`,
      });
      for (const minute of ["00", "30", "59"]) {
        assert.deepEqual(said(instantOf(`${forward} 02:${minute}`, "Europe/Paris")), {
          kind: "missing",
          jump: `${forward}T01:00Z`,
          next: `${forward} 03:00`,
          earlier: `${forward}T00:${minute}Z`,
          later: `${forward}T01:${minute}Z`,
        });
        assert.deepEqual(said(instantOf(`${back} 02:${minute}`, "Europe/Paris")), {
          kind: "twice",
          earlier: `${back}T00:${minute}Z`,
          later: `${back}T01:${minute}Z`,
        });
      }
      assert.deepEqual(said(instantOf(`${forward} 03:00`, "Europe/Paris")), {
        kind: "instant",
        at: `${forward}T01:00Z`,
      });
      assert.deepEqual(said(instantOf(`${back} 01:59`, "Europe/Paris")), {
        kind: "instant",
        at: `${back}T23:59Z`.replace(back, dayBefore(back)),
      });
      assert.deepEqual(said(instantOf(`${back} 03:00`, "Europe/Paris")), { kind: "instant", at: `${back}T02:00Z` });
    });
  }

  const cases: readonly {
    readonly name: string;
    readonly wall: string;
    readonly zone: string;
    readonly want: unknown;
  }[] = [
    {
      name: "winter said in summer",
      wall: "2026-11-30T17:00",
      zone: "Europe/Paris",
      want: { kind: "instant", at: "2026-11-30T16:00Z" },
    },
    {
      name: "seconds",
      wall: "2026-11-30 08:00:30",
      zone: "UTC",
      want: { kind: "instant", at: "2026-11-30T08:00:30.000Z" },
    },
    {
      name: "half an hour forward",
      wall: "2026-10-04 02:15",
      zone: "Australia/Lord_Howe",
      want: {
        kind: "missing",
        jump: "2026-10-03T15:30Z",
        next: "2026-10-04 02:30",
        earlier: "2026-10-03T15:15Z",
        later: "2026-10-03T15:45Z",
      },
    },
    {
      name: "a day that was left out",
      wall: "2011-12-30 12:00",
      zone: "Pacific/Apia",
      want: {
        kind: "missing",
        jump: "2011-12-30T10:00Z",
        next: "2011-12-31 00:00",
        earlier: "2011-12-29T22:00Z",
        later: "2011-12-30T22:00Z",
      },
    },
    {
      name: "midnight that is missing",
      wall: "2026-04-24 00:00",
      zone: "Africa/Cairo",
      want: {
        kind: "missing",
        jump: "2026-04-23T22:00Z",
        next: "2026-04-24 01:00",
        earlier: "2026-04-23T21:00Z",
        later: "2026-04-23T22:00Z",
      },
    },
    {
      name: "a day that there is not",
      wall: "2026-02-29 08:00",
      zone: "UTC",
      want: { kind: "fault", fault: "bad-wall-time" },
    },
    { name: "24 hours", wall: "2026-02-28 24:00", zone: "UTC", want: { kind: "fault", fault: "bad-wall-time" } },
    {
      name: "no zone",
      wall: "2026-02-28 08:00",
      zone: "Europe/Grenoble",
      want: { kind: "fault", fault: "unknown-zone" },
    },
    { name: "no time", wall: "demain", zone: "UTC", want: { kind: "fault", fault: "bad-wall-time" } },
  ];
  for (const { name, wall, zone, want } of cases) it(name, () => assert.deepEqual(said(instantOf(wall, zone)), want));

  const zones = Intl.supportedValuesOf("timeZone");
  const anyTime = fc
    .integer({ min: Date.UTC(1990, 0, 1) / 60_000, max: Date.UTC(2060, 0, 1) / 60_000 })
    .map((minutes) => new Date(minutes * 60_000));

  it("finds in every zone the instant of what its clocks show", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyTime, (zone, at) => {
        const found = instantOf(wallTimeOf(at, zone), zone);
        assert.ok(found.kind === "instant" || found.kind === "twice");
        const times = found.kind === "instant" ? [found.at] : [found.earlier, found.later];
        assert.ok(times.some((one) => one.getTime() === at.getTime()));
        for (const one of times) assert.equal(wallTimeOf(one, zone), wallTimeOf(at, zone));
      }),
      { numRuns: 2000 },
    );
  });

  it("agrees around each change of clocks, of every zone, to the minute", () => {
    for (const zone of zones) {
      for (const change of changesOf(zone)) {
        for (let minutes = -130; minutes <= 130; minutes += 10) {
          const at = new Date(change + minutes * 60_000);
          const found = instantOf(wallTimeOf(at, zone), zone);
          const times =
            found.kind === "instant" ? [found.at] : found.kind === "twice" ? [found.earlier, found.later] : [];
          assert.ok(
            times.some((one) => one.getTime() === at.getTime()),
            `${zone} ${at.toISOString()} ${JSON.stringify(found)}`,
          );
        }
      }
    }
  });

  it("says nothing about any text but a value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (wall, zone) => {
        assert.ok(["fault", "instant"].includes(instantOf(wall, zone).kind));
        assert.equal(typeof isTimeZone(zone), "boolean");
      }),
    );
  });
});

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** Days of 2026 and 2027 after which a zone's clocks are changed, to the minute. */
function changesOf(zone: string): readonly number[] {
  const day = 86_400_000;
  const changes: number[] = [];
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2028, 0, 1); at += 7 * day) {
    if (zoneOffset(zone, at) === zoneOffset(zone, at + 7 * day)) continue;
    let [low, high] = [at / 60_000, (at + 7 * day) / 60_000];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zoneOffset(zone, middle * 60_000) === zoneOffset(zone, low * 60_000)) low = middle;
      else high = middle;
    }
    changes.push(high * 60_000);
  }
  return changes;
}
