import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  instantOf,
  nextTime,
  type Recurrence,
  readRecurrence,
  recurrenceText,
  renderRecurrenceFault,
  wallTimeOf,
} from "./index.ts";

function ruleOf(text: string): Recurrence {
  const read = readRecurrence(text);
  assert.ok(read.ok && read.recurrence !== null, text);
  return read.recurrence;
}

/** The wall times that follow one, each found from the last. */
function following(rule: string, wall: string, count: number, zone = "Europe/Paris"): readonly string[] {
  const found: string[] = [];
  let last = wall;
  let now = new Date(0);
  while (found.length < count) {
    const next = nextTime(ruleOf(rule), { wall: last, zone }, now);
    if (next === null) break;
    found.push(next.wall);
    last = next.wall;
    now = next.at;
  }
  return found;
}

describe("nextTime", () => {
  const cases: readonly { readonly rule: string; readonly wall: string; readonly want: readonly string[] }[] = [
    { rule: "daily", wall: "2026-12-30 08:00", want: ["2026-12-31 08:00", "2027-01-01 08:00"] },
    { rule: "daily / 3", wall: "2026-12-30 08:00", want: ["2027-01-02 08:00", "2027-01-05 08:00"] },
    {
      rule: "daily on 1 4",
      wall: "2026-11-26 08:00",
      want: ["2026-11-30 08:00", "2026-12-03 08:00", "2026-12-07 08:00"],
    },
    { rule: "weekly", wall: "2027-03-24 08:00", want: ["2027-03-31 08:00", "2027-04-07 08:00"] },
    { rule: "weekly / 2", wall: "2026-11-30 08:00", want: ["2026-12-14 08:00", "2026-12-28 08:00"] },
    { rule: "monthly 30", wall: "2027-01-30 08:00", want: ["2027-02-28 08:00", "2027-03-30 08:00"] },
    { rule: "monthly 31 / 3", wall: "2026-12-31 08:00", want: ["2027-03-31 08:00", "2027-06-30 08:00"] },
    { rule: "monthly 5 3", wall: "2026-11-20 08:00", want: ["2026-12-18 08:00", "2027-01-15 08:00"] },
    { rule: "monthly 0 5", wall: "2026-11-29 08:00", want: ["2027-01-31 08:00", "2027-05-30 08:00"] },
    { rule: "yearly 10 30", wall: "2026-11-30 08:00", want: ["2027-11-30 08:00", "2028-11-30 08:00"] },
    { rule: "yearly 11 30", wall: "2026-11-30 08:00", want: ["2027-11-30 08:00"] },
    {
      rule: "yearly 1 29",
      wall: "2024-02-29 08:00",
      want: ["2025-02-28 08:00", "2026-02-28 08:00", "2027-02-28 08:00", "2028-02-29 08:00"],
    },
    { rule: "daily between 0900 1700", wall: "2026-11-30 08:00", want: ["2026-12-01 09:00", "2026-12-02 09:00"] },
    {
      rule: "daily between 9:00 17:00 on 1 2 3 4 5",
      wall: "2026-11-27 18:00",
      want: ["2026-11-30 09:00", "2026-12-01 09:00"],
    },
    {
      rule: "daily until 2026-12-02T12:00:00Z",
      wall: "2026-11-30 08:00",
      want: ["2026-12-01 08:00", "2026-12-02 08:00"],
    },
  ];
  for (const { rule, wall, want } of cases) {
    const count = rule.includes("until") ? want.length + 1 : want.length;
    it(`${rule}, after ${wall}`, () => assert.deepEqual(following(rule, wall, count), want));
  }

  it("keeps the wall time over changes of clocks, and comes back to it after one that is missing", () => {
    const at = (wall: string): string | undefined =>
      nextTime(ruleOf("daily"), { wall, zone: "Europe/Paris" }, new Date(0))?.at.toISOString();
    assert.equal(at("2027-03-27 02:30"), "2027-03-28T01:30:00.000Z");
    assert.equal(at("2027-03-28 02:30"), "2027-03-29T00:30:00.000Z");
    assert.equal(at("2027-10-30 02:30"), "2027-10-31T00:30:00.000Z");
    assert.equal(at("2027-10-31 02:30"), "2027-11-01T01:30:00.000Z");
  });

  it("passes over what an outage let go by, and sends none of it late", () => {
    const next = nextTime(
      ruleOf("weekly"),
      { wall: "2026-11-02 08:00", zone: "Europe/Paris" },
      new Date("2026-12-24T12:00:00Z"),
    );
    assert.equal(next?.wall, "2026-12-28 08:00");
  });

  it("has no next time of a wall time or a zone that is none", () => {
    assert.equal(nextTime(ruleOf("daily"), { wall: "2026-02-30 08:00", zone: "UTC" }, new Date(0)), null);
    assert.equal(nextTime(ruleOf("daily"), { wall: "2026-02-20 08:00", zone: "Mars/Olympus" }, new Date(0)), null);
  });
});

const clock = fc.integer({ min: 0, max: 1439 }).map((minutes) => minutes * 60_000);
/** Records with the prototype of what is parsed, since they are compared. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });

const recurrence: fc.Arbitrary<Recurrence> = plain({
  step: fc.oneof(
    fc.constant({ kind: "daily" as const }),
    fc.constant({ kind: "weekly" as const }),
    plain({ kind: fc.constant("monthly" as const), day: fc.integer({ min: 1, max: 31 }) }),
    plain({
      kind: fc.constant("monthly-weekday" as const),
      weekday: fc.integer({ min: 0, max: 6 }),
      week: fc.integer({ min: 1, max: 5 }),
    }),
    plain({
      kind: fc.constant("yearly" as const),
      month: fc.integer({ min: 0, max: 11 }),
      day: fc.integer({ min: 1, max: 31 }),
    }),
  ),
  every: fc.integer({ min: 1, max: 30 }),
  between: fc.option(fc.tuple(clock, clock).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))),
  on: fc.option(
    fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map((days) => days.sort((a, b) => a - b)),
  ),
  until: fc.option(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) })),
});

describe("any recurrence", () => {
  it("is read as it is written", () => {
    fc.assert(
      fc.property(recurrence, (rule) =>
        assert.deepEqual(readRecurrence(recurrenceText(rule)), { ok: true, recurrence: rule }),
      ),
    );
    assert.deepEqual(readRecurrence(recurrenceText(null)), { ok: true, recurrence: null });
  });

  it("comes after now and after the last time, within its hours, on its days, and not after its end", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const minutes = fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2029, 0, 1) / 60_000 });
    fc.assert(
      fc.property(recurrence, fc.constantFrom(...zones), minutes, minutes, (rule, zone, last, passed) => {
        const wall = wallTimeOf(new Date(last * 60_000), zone);
        const now = new Date(passed * 60_000);
        const next = nextTime(rule, { wall, zone }, now);
        if (next === null) return assert.ok(rule.until !== null || rule.step.kind !== "daily");
        assert.ok(next.at > now);
        assert.ok(next.wall > wall);
        const found = instantOf(next.wall, zone);
        const times =
          found.kind === "instant" ? [found.at] : found.kind === "fault" ? [] : [found.earlier, found.later];
        assert.ok(times.some((at) => at.getTime() === next.at.getTime()));
        const date = new Date(`${next.wall.replace(" ", "T")}Z`);
        const time = date.getTime() % 86_400_000;
        if (rule.on !== null) assert.ok(rule.on.includes(date.getUTCDay()));
        if (rule.between !== null) assert.ok(time >= rule.between.from && time <= rule.between.to);
        if (rule.until !== null) assert.ok(next.at.getTime() <= rule.until);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("readRecurrence", () => {
  const faults = [
    ["", "not-understood"],
    ["hourly", "not-understood"],
    ["daily weekly", "not-understood"],
    ["none / 2", "not-understood"],
    ["minutely / 5", "unsupported"],
    ["function ReadMeFirst", "unsupported"],
    ["monthly", "bad-day"],
    ["monthly 0", "bad-day"],
    ["monthly 32", "bad-day"],
    ["monthly 7 1", "bad-day"],
    ["monthly 5 6", "bad-day"],
    ["yearly 10", "bad-day"],
    ["daily / 0", "bad-interval"],
    ["daily / x", "bad-interval"],
    ["daily between 1700 0900", "bad-hours"],
    ["daily between 0900", "bad-hours"],
    ["daily between 2500 2600", "bad-hours"],
    ["daily on", "bad-day"],
    ["daily on 1 7", "bad-day"],
    ["daily until tomorrow", "bad-until"],
  ] as const;
  for (const [text, want] of faults) {
    it(`refuses “${text}”`, () => {
      const read = readRecurrence(text);
      assert.ok(!read.ok);
      assert.equal(read.fault, want);
      for (const language of ["en", "fr"] as const)
        assert.match(renderRecurrenceFault(read.fault, read.word, language), /^[^{]+$/);
    });
  }

  it("gives a value for any text", () => {
    const word = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.constantFrom("daily", "monthly", "/", "between", "on", "until", "1", "0900"),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => assert.equal(typeof readRecurrence(words.join(" ")).ok, "boolean")),
    );
  });
});
