import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OfficeHours } from "@tamis/when";
import { leavingOf } from "./leaving-of.ts";

/** Thursday, 26 November 2026, 19:00 in Paris. */
const now = new Date("2026-11-26T18:00:00Z");
const zone = "Europe/Paris";
const office: OfficeHours = { days: [1, 2, 3, 4, 5], from: "08:00", to: "18:00", zone };

const leaving = (ask: Parameters<typeof leavingOf>[0], officeHours: OfficeHours | null = null): string => {
  const found = leavingOf(ask, { now, undoMs: 30_000, language: "en", officeHours });
  if ("kind" in found) return `${found.code}`;
  const { due, recurring, saidAt } = found;
  const every = recurring.every === null ? "" : ` every ${recurring.every.rule}, ${recurring.every.left ?? "no"} more`;
  return `${due.at.toISOString().slice(0, 16)}${saidAt === null ? "" : ` not ${saidAt.toISOString().slice(0, 16)}`}${every}`;
};

const at = (wall: string) => ({ kind: "wall", wall, zone }) as const;
const first = { kind: "first", zone } as const;

describe("when a circular leaves", () => {
  for (const { name, ask, hours, want } of [
    { name: "at once, without office hours", ask: { when: { kind: "now" } }, want: "2026-11-26T18:00" },
    {
      name: "at once, in the evening",
      ask: { when: { kind: "now" } },
      hours: office,
      want: "2026-11-27T07:00 not 2026-11-26T18:00",
    },
    {
      name: "on a Saturday",
      ask: { when: at("2026-11-28T10:00") },
      hours: office,
      want: "2026-11-30T07:00 not 2026-11-28T09:00",
    },
    { name: "within", ask: { when: at("2026-11-30T10:00") }, hours: office, want: "2026-11-30T09:00" },
    {
      name: "at any hour, if so wished",
      ask: { when: { kind: "now" }, hours: { kind: "any" } },
      hours: office,
      want: "2026-11-26T18:00",
    },
    {
      name: "in hours of its own",
      ask: { when: { kind: "now" }, hours: { kind: "own", text: "sat 9:00-12:00", zone } },
      hours: office,
      want: "2026-11-28T08:00 not 2026-11-26T18:00",
    },
    {
      name: "in hours that are none",
      ask: { when: { kind: "now" }, hours: { kind: "own", text: "late", zone } },
      want: "bad-hours",
    },
    {
      name: "the first Monday",
      ask: { when: first, every: { rule: "first Monday 8:00" } },
      want: "2026-12-07T07:00 every monthly 1 1, no more",
    },
    {
      name: "every Saturday, in office hours",
      ask: { when: first, every: { rule: "samedi 8h", times: 3 } },
      hours: office,
      want: "2026-11-30T07:00 not 2026-11-28T07:00 every daily on 6, 2 more",
    },
    {
      name: "as Send Later says it, from a first time on",
      ask: { when: at("2026-12-01T08:00"), every: { rule: "weekly / 2", until: "2027-06-30" } },
      want: "2026-12-01T07:00 every weekly / 2 until 2027-06-30T21:59:59.000Z, no more",
    },
    { name: "by a rule that needs a first time", ask: { when: first, every: { rule: "weekly" } }, want: "bad-rule" },
    {
      name: "by a rule without a time of day",
      ask: { when: first, every: { rule: "first Monday" } },
      want: "bad-rule",
    },
    { name: "by no rule, the first time", ask: { when: first }, want: "bad-rule" },
    { name: "by a rule, at once", ask: { when: { kind: "now" }, every: { rule: "daily" } }, want: "bad-rule" },
    {
      name: "by a rule and at a time that both say when",
      ask: { when: at("2026-12-01T08:00"), every: { rule: "Monday 9:00" } },
      want: "bad-rule",
    },
    { name: "by a rule that is none", ask: { when: first, every: { rule: "whenever" } }, want: "bad-rule" },
    {
      name: "until a day that is none",
      ask: { when: first, every: { rule: "Monday 8:00", until: "2026-02-30" } },
      want: "bad-rule",
    },
    {
      name: "in a zone that is none",
      ask: { when: { kind: "first", zone: "Mars" }, every: { rule: "Monday 8:00" } },
      want: "bad-time",
    },
    { name: "in the past", ask: { when: at("2026-11-26T08:00") }, want: "bad-time" },
  ] satisfies readonly { name: string; ask: Parameters<typeof leavingOf>[0]; hours?: OfficeHours; want: string }[])
    it(name, () => assert.equal(leaving(ask, hours), want));
});
