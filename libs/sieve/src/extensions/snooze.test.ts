// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { problemTable, scriptTable } from "../../test/decide.ts";
import { actionOf } from "../../test/records.ts";
import { zoneOffset } from "../time-zone.ts";
import { nextWake, timeOfDay } from "./snooze.ts";

const everyDay = new Set([0, 1, 2, 3, 4, 5, 6]);
const at = (text: string): number => Date.parse(text);

describe("nextWake", () => {
  const cases = [
    { name: "later today", now: "2024-02-29T06:00:00Z", times: ["08:00"], want: "2024-02-29T07:00:00.000Z" },
    {
      name: "the first that is left",
      now: "2024-02-29T12:00:00Z",
      times: ["18:00", "08:00", "14:00"],
      want: "2024-02-29T13:00:00.000Z",
    },
    { name: "tomorrow", now: "2024-02-29T18:00:00Z", times: ["08:00"], want: "2024-03-01T07:00:00.000Z" },
    {
      name: "not now but the next time",
      now: "2024-02-29T07:00:00Z",
      times: ["08:00"],
      want: "2024-03-01T07:00:00.000Z",
    },
    {
      name: "another day of the week",
      now: "2024-02-29T18:00:00Z",
      times: ["08:00"],
      days: [1],
      want: "2024-03-04T07:00:00.000Z",
    },
    {
      name: "the same day next week",
      now: "2024-02-29T18:00:00Z",
      times: ["08:00"],
      days: [4],
      want: "2024-03-07T07:00:00.000Z",
    },
    {
      name: "another zone",
      now: "2024-02-29T06:00:00Z",
      times: ["08:00:30"],
      zone: "America/New_York",
      want: "2024-02-29T13:00:30.000Z",
    },
    {
      name: "its day, not that of UTC",
      now: "2024-02-29T23:30:00Z",
      times: ["08:00"],
      want: "2024-03-01T07:00:00.000Z",
    },
    {
      name: "after clocks went forward",
      now: "2024-03-30T20:00:00Z",
      times: ["08:00"],
      want: "2024-03-31T06:00:00.000Z",
    },
    { name: "after clocks went back", now: "2024-10-26T20:00:00Z", times: ["08:00"], want: "2024-10-27T07:00:00.000Z" },
    {
      name: "a time that clocks leave out: an hour after what they show before",
      now: "2024-03-30T20:00:00Z",
      times: ["02:30"],
      want: "2024-03-31T01:30:00.000Z",
    },
    {
      name: "03:00 comes before the 02:30 that is left out",
      now: "2024-03-31T00:30:00Z",
      times: ["02:30", "03:00"],
      want: "2024-03-31T01:00:00.000Z",
    },
    {
      name: "the same west of Greenwich",
      now: "2024-03-10T00:00:00Z",
      times: ["02:30"],
      zone: "America/New_York",
      want: "2024-03-10T07:30:00.000Z",
    },
    {
      name: "a time that clocks show twice: the first",
      now: "2024-10-26T20:00:00Z",
      times: ["02:30"],
      want: "2024-10-27T00:30:00.000Z",
    },
    {
      name: "the same west of Greenwich, twice",
      now: "2024-11-03T00:00:00Z",
      times: ["01:30"],
      zone: "America/New_York",
      want: "2024-11-03T05:30:00.000Z",
    },
    {
      name: "the second showing is no new time",
      now: "2024-10-27T00:45:00Z",
      times: ["02:30"],
      want: "2024-10-28T01:30:00.000Z",
    },
    {
      name: "a date that the zone left out is the next one",
      now: "2011-12-30T09:00:00Z",
      times: ["08:00"],
      zone: "Pacific/Apia",
      want: "2011-12-30T18:00:00.000Z",
    },
  ];
  for (const { name, now, times, days, zone, want } of cases) {
    it(name, () => {
      const ms = times.map((time) => timeOfDay(time) ?? -1);
      const weekdays = days === undefined ? everyDay : new Set(days);
      const woken = nextWake({ now: at(now), timeZone: zone ?? "Europe/Paris", weekdays, times: ms });
      assert.equal(new Date(woken).toISOString(), want);
    });
  }
});

describe("nextWake, any time in any zone", () => {
  const zones = [
    "UTC",
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
  ];
  it("is later than now, within eight days, and what clocks show then, or would had they not gone forward", () => {
    const input = fc.record({
      now: fc.integer({ min: at("2000-01-01T00:00:00Z"), max: at("2040-01-01T00:00:00Z") }),
      timeZone: fc.constantFrom(...zones),
      weekdays: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map((days) => new Set(days)),
      times: fc.array(
        fc.integer({ min: 0, max: 86_399 }).map((second) => second * 1_000),
        { minLength: 1, maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(input, (when) => {
        const woken = nextWake(when);
        assert.ok(woken > when.now && woken <= when.now + 8 * 86_400_000);
        const shown = woken + zoneOffset(when.timeZone, woken) * 60_000;
        const gap = zoneOffset(when.timeZone, woken) - zoneOffset(when.timeZone, woken - 3 * 3_600_000);
        const wanted = [shown, shown - Math.max(0, gap) * 60_000];
        assert.ok(
          wanted.some((local) => when.times.includes(local % 86_400_000)),
          new Date(woken).toISOString(),
        );
      }),
      { numRuns: 500 },
    );
  });
});

const head = 'require ["snooze", "imap4flags", "mailbox", "special-use", "variables", "reject", "fileinto"];\n';
const now = Date.parse("2024-02-29T06:00:00Z");

scriptTable("snooze", [
  { script: `${head}snooze "08:00";`, facts: { now }, want: ['snooze until 2024-02-29T07:00:00.000Z "INBOX"'] },
  {
    script: `${head}snooze :mailbox "A" :tzid "UTC" ["07:30", "20:00"];`,
    facts: { now },
    want: ['snooze until 2024-02-29T07:30:00.000Z "A"'],
  },
  {
    script: `${head}snooze "08:00"; fileinto "Copy";`,
    facts: { now },
    want: ['snooze until 2024-02-29T07:00:00.000Z "INBOX"', "fileinto Copy"],
  },
  { script: `${head}snooze "08:00"; snooze "09:00";`, want: ["error action-conflict line 2", "implicit keep"] },
  { script: `${head}snooze "08:00"; reject "x";`, want: ["error action-conflict line 2", "implicit keep"] },
  { script: `${head}set "t" "8"; snooze "\${t}";`, want: ["error bad-time-of-day line 2", "implicit keep"] },
  {
    script: `${head}set "t" "Mars"; snooze :tzid "\${t}" "08:00";`,
    want: ["error bad-time-zone line 2", "implicit keep"],
  },
]);

describe("what comes back", () => {
  it("has its flags and its place", () => {
    const script = `${head}snooze :specialuse "\\\\Archive" :create :mailbox "Later" :addflags ["\\\\Flagged", "$woken"] :removeflags "\\\\Seen" "08:00";`;
    const { addFlags, removeFlags, specialUse, create, mailbox } = actionOf("snooze", {
      script,
      facts: { now, specialUse: new Map() },
    });
    assert.deepEqual([addFlags, removeFlags], [["\\Flagged", "$woken"], ["\\Seen"]]);
    assert.deepEqual([mailbox, create, specialUse], ["Later", true, "\\Archive"]);
  });

  it("is the mailbox with that id, else the one that is named (RFC 9042 §4)", () => {
    const script = 'require ["snooze", "mailboxid"];\nsnooze :mailboxid "F1" :mailbox "Later" "08:00";';
    const placeOf = (id: string | null): string =>
      actionOf("snooze", { script, facts: { now, mailboxIds: new Map([["F1", id]]) } }).mailbox;
    assert.deepEqual([placeOf("Classes"), placeOf(null)], ["Classes", "Later"]);
  });

  it("sleeps with the flags and the changes that the script gave it", () => {
    const script =
      'require ["snooze", "imap4flags", "editheader"];\naddflag "$Label1"; addheader "X-Later" "yes"; snooze "08:00";';
    const { flags, edits } = actionOf("snooze", { script, facts: { now } });
    assert.deepEqual([flags, edits?.map(({ kind }) => kind)], [["$Label1"], ["add-header"]]);
  });
});

problemTable("what is wrong with snooze", [
  { script: 'snooze "08:00";', want: ["1:1 error needs-require"] },
  {
    script: 'require "snooze"; snooze ["08:00", "24:00", "8:00"];',
    want: ["1:36 error bad-time-of-day", "1:45 error bad-time-of-day"],
  },
  { script: 'require "snooze"; snooze :weekdays ["1", "7"] "08:00";', want: ["1:42 error bad-weekday"] },
  { script: 'require "snooze"; snooze :tzid "Mars/Base" "08:00";', want: ["1:32 error bad-time-zone"] },
  { script: 'require "snooze"; snooze :create "08:00";', want: ["1:26 error tag-needs-require"] },
  { script: 'require "snooze"; snooze :addflags "x" "08:00";', want: ["1:36 error tag-needs-require"] },
]);
