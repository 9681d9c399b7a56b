import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { firstTime, nextTime, readSaidRecurrence, recurrenceText } from "./index.ts";

/** Thursday, 26 November 2026, 14:00 in Paris. */
const now = new Date("2026-11-26T13:00:00Z");
const zone = "Europe/Paris";

describe("recurrences as they are said", () => {
  for (const [text, rule, hour, wall] of [
    ["first Monday 8:00", "monthly 1 1", 8, "2026-12-07 08:00"],
    ["le premier lundi du mois à 8h", "monthly 1 1", 8, "2026-12-07 08:00"],
    ["every 3rd Friday at 9am", "monthly 5 3", 9, "2026-12-18 09:00"],
    ["every Monday 8:00", "daily on 1", 8, "2026-11-30 08:00"],
    ["tous les lundis à 8h", "daily on 1", 8, "2026-11-30 08:00"],
    ["lundi et jeudi 15h", "daily on 1 4", 15, "2026-11-26 15:00"],
    ["Monday, Thursday 8:00", "daily on 1 4", 8, "2026-11-30 08:00"],
    ["every day 8:00", "daily", 8, "2026-11-27 08:00"],
    ["chaque jour à 18h", "daily", 18, "2026-11-26 18:00"],
    ["weekdays 8:00", "daily on 1 2 3 4 5", 8, "2026-11-27 08:00"],
    ["jours ouvrés 8h", "daily on 1 2 3 4 5", 8, "2026-11-27 08:00"],
    ["le 15 du mois à 8h", "monthly 15", 8, "2026-12-15 08:00"],
    ["the 31st at 8:00", "monthly 31", 8, "2026-11-30 08:00"],
  ] as const)
    it(text, () => {
      const said = readSaidRecurrence(text);
      assert.ok(said.ok, JSON.stringify(said));
      assert.deepEqual([recurrenceText(said.recurrence), said.time], [rule, hour * 3_600_000]);
      assert.equal(firstTime(said.recurrence, { time: said.time ?? 0, zone }, now)?.wall, wall);
    });

  it("are also what Send Later writes, whose time of day is that of the first", () => {
    const said = readSaidRecurrence("weekly / 2 on 1 until 2027-06-30");
    assert.ok(said.ok && said.time === null && said.recurrence.every === 2);
    assert.equal(firstTime(said.recurrence, { time: 0, zone }, now), null);
  });

  it("come again after the first", () => {
    const said = readSaidRecurrence("Monday and Thursday 8:00");
    assert.ok(said.ok);
    const walls: string[] = [];
    for (let wall = "2026-11-26 08:00"; walls.length < 3; ) {
      const next = nextTime(said.recurrence, { wall, zone }, now);
      assert.ok(next);
      walls.push(next.wall);
      wall = next.wall;
    }
    assert.deepEqual(walls, ["2026-11-30 08:00", "2026-12-03 08:00", "2026-12-07 08:00"]);
  });

  for (const [text, fault] of [
    ["", "not-understood"],
    ["none", "not-understood"],
    ["whenever 8:00", "not-understood"],
    ["last Monday 8:00", "not-understood"],
    ["32 8:00", "not-understood"],
    ["Monday 25:00", "bad-hours"],
    ["minutely", "unsupported"],
    ["monthly 32", "bad-day"],
  ] as const)
    it(`refuses "${text}"`, () => {
      const said = readSaidRecurrence(text);
      assert.equal(said.ok ? recurrenceText(said.recurrence) : said.fault, fault);
    });

  it("never throw on garbage, and are read again as they are written", () => {
    const words = fc.constantFrom(
      "first",
      "monday",
      "lundi",
      "et",
      "8h",
      "day",
      "15",
      "31st",
      "du mois",
      "weekly",
      "/",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 6 }).map((some) => some.join(" ")),
        ),
        (text) => {
          const said = readSaidRecurrence(text);
          if (!said.ok) return;
          const again = readSaidRecurrence(recurrenceText(said.recurrence));
          assert.deepEqual(again.ok && again.recurrence, said.recurrence);
        },
      ),
    );
  });
});
