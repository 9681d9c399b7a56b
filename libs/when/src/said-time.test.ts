import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isTimeZone, readSaidTime, renderSaidTimeFault, type SaidTime } from "./index.ts";

/** Thursday, 26 November 2026, 14:00:20 in Paris. */
const now = new Date("2026-11-26T13:00:20Z");
const zone = "Europe/Paris";
const read = (text: string, at = now): SaidTime => readSaidTime(text, { now: at, zone });
const short = (said: SaidTime): string =>
  said.kind === "time" ? `${said.wall} ${said.instant.kind}` : `${said.fault} ${said.word}`.trim();

describe("readSaidTime", () => {
  const times: readonly (readonly [text: string, wall: string])[] = [
    ["2026-11-30 08:00", "2026-11-30 08:00"],
    ["2026-11-30T08:00:30", "2026-11-30 08:00:30"],
    ["08:00 2026-11-30", "2026-11-30 08:00"],
    ["30/11/2026 8h", "2026-11-30 08:00"],
    ["le 30/11 à 8h05", "2026-11-30 08:05"],
    ["1.12.2026 8:00", "2026-12-01 08:00"],
    ["lundi 8:00", "2026-11-30 08:00"],
    ["Lundi à 8 heures", "2026-11-30 08:00"],
    ["lundi 30 novembre 2026 à 8 h 30", "2026-11-30 08:30"],
    ["Monday 8:00", "2026-11-30 08:00"],
    ["Monday at 8am", "2026-11-30 08:00"],
    ["Mon 8:30 p.m.", "2026-11-30 20:30"],
    ["12am Monday", "2026-11-30 00:00"],
    ["12:15 pm Monday", "2026-11-30 12:15"],
    ["jeudi 15h", "2026-11-26 15:00"],
    ["jeudi 13h", "2026-12-03 13:00"],
    ["jeudi prochain 15h", "2026-12-03 15:00"],
    ["next Thursday 15:00", "2026-12-03 15:00"],
    ["demain 8h", "2026-11-27 08:00"],
    ["tomorrow 8am", "2026-11-27 08:00"],
    ["après-demain midi", "2026-11-28 12:00"],
    ["day after tomorrow at noon", "2026-11-28 12:00"],
    ["aujourd’hui 18h", "2026-11-26 18:00"],
    ["today 18:00", "2026-11-26 18:00"],
    ["18h", "2026-11-26 18:00"],
    ["8:00", "2026-11-27 08:00"],
    ["minuit", "2026-11-27 00:00"],
    ["1er décembre 8h", "2026-12-01 08:00"],
    ["December 1st, 2026 at 8:00", "2026-12-01 08:00"],
    ["1 Dec 8:00", "2026-12-01 08:00"],
    ["mar. 8h", "2026-12-01 08:00"],
    ["1er mars 8h", "2027-03-01 08:00"],
    ["25 novembre 8h", "2027-11-25 08:00"],
    ["29 février 2028 8h", "2028-02-29 08:00"],
    ["dans 2 heures", "2026-11-26 16:00:20"],
    ["in 30 minutes", "2026-11-26 14:30:20"],
    ["dans une semaine", "2026-12-03 14:00"],
    ["in 3 days at 8:00", "2026-11-29 08:00"],
    ["now", "2026-11-26 14:00:20"],
    ["maintenant", "2026-11-26 14:00:20"],
  ];
  for (const [text, wall] of times) it(`reads “${text}”`, () => assert.equal(short(read(text)), `${wall} instant`));

  it("takes the zone that is named, the one that it is read in else", () => {
    const zones: readonly (readonly [text: string, zone: string, at: string])[] = [
      ["Monday 8:00", "Europe/Paris", "2026-11-30T07:00:00.000Z"],
      ["Monday 8:00, Paris", "Europe/Paris", "2026-11-30T07:00:00.000Z"],
      ["lundi 8h (heure de Paris)", "Europe/Paris", "2026-11-30T07:00:00.000Z"],
      ["Monday 8:00 America/New_York", "America/New_York", "2026-11-30T13:00:00.000Z"],
      ["Monday 8:00 New York time", "America/New_York", "2026-11-30T13:00:00.000Z"],
      ["Monday 8:00 UTC", "UTC", "2026-11-30T08:00:00.000Z"],
      ["lundi 8h à La Réunion", "Indian/Reunion", "2026-11-30T04:00:00.000Z"],
      ["2026-11-30T08:00:00+04:00", "Europe/Paris", "2026-11-30T04:00:00.000Z"],
      ["2026-11-30T08:00Z", "Europe/Paris", "2026-11-30T08:00:00.000Z"],
    ];
    for (const [text, where, at] of zones) {
      const said = read(text);
      assert.ok(said.kind === "time" && said.instant.kind === "instant", `${text}: ${short(said)}`);
      assert.deepEqual([said.zone, said.instant.at.toISOString()], [where, at], text);
    }
  });

  it("tells times that clocks show twice or never, and not those that are counted", () => {
    assert.equal(short(read("2027-03-28 2:30")), "2027-03-28 02:30 missing");
    assert.equal(short(read("31 octobre 2027 2h30")), "2027-10-31 02:30 twice");
    assert.equal(short(read("in 1 hour", new Date("2027-03-28T00:30:00Z"))), "2027-03-28 03:30 instant");
    assert.equal(short(read("in 1 hour", new Date("2027-10-31T00:30:00Z"))), "2027-10-31 02:30 instant");
  });

  const faults: readonly (readonly [text: string, want: string])[] = [
    ["", "no-time"],
    ["lundi", "no-time"],
    ["le 30 novembre", "no-time"],
    ["bientôt", "not-understood bientot"],
    ["lundi 8h environ", "not-understood environ"],
    ["lundi mardi 8h", "not-understood mardi"],
    ["30 février 8h", "no-such-day 30 fevrier"],
    ["29/02/2027 8h", "no-such-day 29/02/2027"],
    ["2026-13-01 8:00", "no-such-day 2026-13-01"],
    ["lundi 25h", "no-such-time 25h"],
    ["lundi 8:75", "no-such-time 8:75"],
    ["lundi 13pm", "no-such-time 13pm"],
    ["2026-11-25 8:00", "past 2026-11-25 08:00"],
    ["today 8:00", "past 2026-11-26 08:00"],
    ["2062-11-25 8:00", "too-far 2062-11-25 08:00"],
    ["mardi 30 novembre 2026 8h", "other-weekday mardi 30 novembre 2026"],
    ["Monday 8:00 Europe/Grenoble", "not-understood europe/grenoble"],
  ];
  for (const [text, want] of faults) it(`refuses “${text}”`, () => assert.equal(short(read(text)), want));

  it("says every fault in both languages", () => {
    for (const [text] of faults) {
      const said = read(text);
      assert.ok(said.kind === "fault");
      for (const language of ["en", "fr"] as const) {
        assert.doesNotMatch(renderSaidTimeFault(said.fault, said.word, language), /\{|^$/);
      }
    }
  });

  it("reads its own wall times, in every zone, and never one that is over", () => {
    const zones = Intl.supportedValuesOf("timeZone");
    const minutes = fc.integer({ min: -10_000, max: 700 * 1440 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minutes, (where, ahead) => {
        const wall = `${new Date(now.getTime() + ahead * 60_000).toISOString().slice(0, 16).replace("T", " ")}`;
        const said = readSaidTime(wall, { now, zone: where });
        if (said.kind === "time") {
          assert.equal(said.wall, wall);
          if (said.instant.kind === "instant") assert.ok(said.instant.at >= now);
        } else assert.equal(said.fault, "past");
      }),
    );
  });

  it("gives a value for any text, and ends", () => {
    const word = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 8 }),
      fc.constantFrom("lundi", "8h", "2026-11-30", "à", "in 3 days", "next", "1er", "mars", "Paris", "12:00", "pm"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const said = read(words.join(" "));
        assert.ok(said.kind === "fault" || isTimeZone(said.zone));
      }),
      { numRuns: 1000 },
    );
  });
});
