import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSaidHours, readSaidRecurrence } from "@tamis/when";
import { circularOf } from "../../test/visit.ts";
import { leavingForm, leavingIn } from "./leaving-fields.ts";

const formOf = (fields: Readonly<Record<string, string | readonly string[]>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
  return form;
};
const AT = { at: "2026-12-14T08:00", zone: "Europe/Paris" };
const WALL = { kind: "wall", wall: AT.at, zone: AT.zone } as const;

describe("when a form says that a circular leaves", () => {
  for (const [name, fields, want] of [
    ["once", AT, { when: WALL }],
    ["with seconds", { ...AT, at: `${AT.at}:00`, repeat: "" }, { when: WALL }],
    ["now", { ...AT, now: "1", repeat: "daily", hours: "any" }, { when: { kind: "now" }, hours: { kind: "any" } }],
    ["every day", { ...AT, repeat: "daily", times: "3" }, { when: WALL, every: { rule: "daily", times: 3 } }],
    ["on working days", { ...AT, repeat: "workdays" }, { when: WALL, every: { rule: "daily on 1 2 3 4 5" } }],
    ["every two weeks", { ...AT, repeat: "fortnightly" }, { when: WALL, every: { rule: "weekly / 2" } }],
    [
      "on the date, to a last day",
      { ...AT, repeat: "monthly-day", until: "2027-06-30" },
      { when: WALL, every: { rule: "monthly 14", until: "2027-06-30" } },
    ],
    ["on the second Monday", { ...AT, repeat: "monthly-weekday" }, { when: WALL, every: { rule: "monthly 1 2" } }],
    ["every year", { ...AT, repeat: "yearly" }, { when: WALL, every: { rule: "yearly 12 14" } }],
    ["in words", { ...AT, repeat: "said", rule: "lundi et jeudi" }, { when: WALL, every: { rule: "lundi et jeudi" } }],
    [
      "at the first time of the words",
      { ...AT, at: "", repeat: "said", rule: "first Monday 8:00" },
      { when: { kind: "first", zone: AT.zone }, every: { rule: "first Monday 8:00" } },
    ],
    ["in no words", { ...AT, repeat: "said" }, { when: WALL, every: { rule: "?" } }],
    ["not in words that do not count", { ...AT, rule: "first Monday", times: "0" }, { when: WALL }],
    [
      "in its own hours",
      { ...AT, hours: "own", day: ["1", "0"], from: "09:30:00", to: "12:00" },
      { when: WALL, hours: { kind: "own", text: "Mon,Sun 09:30-12:00", zone: AT.zone } },
    ],
    ["by odd values", { ...AT, repeat: "hourly", hours: "never", times: "-1", which: "both" }, { when: WALL }],
  ] as const)
    it(name, () => assert.deepEqual(leavingIn(formOf(fields)), want));

  it("are rules and hours that are understood", () => {
    for (const repeat of ["daily", "workdays", "weekly", "fortnightly", "monthly-day", "monthly-weekday", "yearly"]) {
      const { every } = leavingIn(formOf({ ...AT, repeat }));
      assert.ok(readSaidRecurrence(every?.rule ?? "").ok, repeat);
    }
    const { hours } = leavingIn(formOf({ ...AT, hours: "own", day: ["1", "2", "0"], from: "08:00", to: "18:30" }));
    assert.ok(hours?.kind === "own");
    const read = readSaidHours(hours.text, hours.zone);
    assert.deepEqual(read.ok && read.hours, { days: [0, 1, 2], from: "08:00", to: "18:30", zone: AT.zone });
  });

  it("are shown again as they were said", () => {
    const scheduled = circularOf({ state: "scheduled", wall: AT.at, zone: AT.zone });
    for (const [repeat, rule] of [
      ["monthly-weekday", "monthly 1 2"],
      ["workdays", "daily on 1 2 3 4 5"],
      ["said", "daily on 1 4"],
    ] as const) {
      const every = { rule, left: 4, first: "7" };
      const only = { days: [1, 3], from: "09:00", to: "12:00", zone: AT.zone };
      const form = leavingForm({ ...scheduled, every, hours: { opensAt: 0, closesAt: 1, only } });
      assert.equal(form.get("repeat"), repeat);
      assert.deepEqual(leavingIn(form), {
        when: WALL,
        every: { rule, times: 5 },
        hours: { kind: "own", text: "Mon,Wed 09:00-12:00", zone: AT.zone },
      });
    }
    const every = { rule: "weekly / 2 until 2027-06-30T21:59:59.000Z", left: null, first: "7" };
    const ending = leavingIn(leavingForm({ ...scheduled, every }));
    assert.deepEqual(ending.every, { rule: "weekly / 2", until: "2027-06-30" });
    const usual = leavingForm({ ...scheduled, hours: { opensAt: 0, closesAt: 1 } });
    assert.deepEqual(leavingIn(usual), { when: WALL });
    assert.deepEqual(leavingIn(leavingForm(scheduled)), { when: WALL, hours: { kind: "any" } });
  });
});
