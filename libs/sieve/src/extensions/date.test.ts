// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, problemTable, testTable } from "../../test/decide.ts";

const mail = mailOf(
  "Received: from a by b; Sun, 31 Dec 2023 23:30:05 +0000",
  "Date: Mon, 1 Jan 2024 05:06:07 +0530",
  "X-Bad: not a date",
  "",
  "",
);
const part = (name: string, want: string, tags = ":originalzone"): string => `date ${tags} "date" "${name}" "${want}"`;

testTable(
  "date parts at the mail's own zone",
  ["date"],
  [
    { test: part("year", "2024"), want: true, mail },
    { test: part("month", "01"), want: true, mail },
    { test: part("day", "01"), want: true, mail },
    { test: part("date", "2024-01-01"), want: true, mail },
    { test: part("julian", "60310"), want: true, mail },
    { test: part("hour", "05"), want: true, mail },
    { test: part("minute", "06"), want: true, mail },
    { test: part("second", "07"), want: true, mail },
    { test: part("time", "05:06:07"), want: true, mail },
    { test: part("iso8601", "2024-01-01T05:06:07+05:30"), want: true, mail },
    { test: part("std11", "Mon, 01 Jan 2024 05:06:07 +0530"), want: true, mail },
    { test: part("zone", "+0530"), want: true, mail },
    { test: part("weekday", "1"), want: true, mail },
    { test: part("YEAR", "2024"), want: true, mail },
  ],
);

testTable(
  "several fields (RFC 5260 §4)",
  ["date", "index", "relational", "comparator-i;ascii-numeric"],
  ["Received: a; Sun, 31 Dec 2023 23:30:05 +0000\r\nReceived: b; Sat, 30 Dec 2023 01:02:03 +0000\r\n\r\n"].flatMap(
    (mail) => [
      { test: 'date :originalzone "received" "hour" "23"', want: true, mail },
      { test: 'date :originalzone "received" "hour" "01"', want: false, mail },
      { test: 'date :originalzone :index 2 "received" "hour" "01"', want: true, mail },
      { test: 'date :count "eq" :comparator "i;ascii-numeric" "received" "hour" "1"', want: true, mail },
    ],
  ),
);

testTable(
  "dates with comments",
  ["date", "index"],
  [
    {
      test: part("hour", "05"),
      want: true,
      mail: mailOf("Date: Mon, 1 Jan 2024 05:06:07 +0530 (IST; winter)", "", ""),
    },
    {
      test: 'date :originalzone :index 1 "received" "hour" "23"',
      want: true,
      mail: mailOf("Received: from a (b; c) by d (e;", " f); Sun, 31 Dec 2023 23:30:05 +0000 (UTC; g)", "", ""),
    },
  ],
);

testTable(
  "zones",
  ["date", "variables"],
  [
    { test: part("time", "23:36:07", ':zone "+0000"'), want: true, mail },
    { test: part("date", "2023-12-31", ':zone "-0000"'), want: true, mail },
    { test: part("hour", "15", ':zone "-0830"'), want: true, mail },
    { test: part("hour", "00", ""), want: true, mail },
    { test: part("zone", "+0100", ""), want: true, mail },
    { test: part("hour", "18", ""), want: true, mail, facts: { timeZone: "America/New_York" } },
    { test: part("hour", "23", ""), want: true, mail, facts: { timeZone: "No/Such" } },
    { test: part("time", "23:36:07", ':zone "${z}"'), before: 'set "z" "+0000";', want: true, mail },
    { test: part("time", "00:36:07", ':zone "${z}"'), before: 'set "z" "nonsense";', want: true, mail },
    { test: 'date :zone "+0000" "received" "time" "23:30:05"', want: true, mail },
    { test: 'date "x-bad" "year" "2024"', want: false, mail },
    { test: 'date :contains "x-bad" "year" ""', want: false, mail },
    { test: 'date "x-none" "year" "2024"', want: false, mail },
  ],
);

testTable(
  "relations and wildcards",
  ["date", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'date :value "ge" :originalzone "date" "hour" "05"', want: true, mail },
    { test: 'date :value "lt" :originalzone "date" "date" "2023-12-31"', want: false, mail },
    { test: 'date :matches :originalzone "date" "iso8601" "2024-*"', want: true, mail },
    { test: 'date :count "eq" :comparator "i;ascii-numeric" "x-bad" "year" "0"', want: true, mail },
  ],
);

testTable(
  "currentdate (2024-02-29 23:30:15 UTC)",
  ["date", "variables", "relational"],
  [
    { test: 'currentdate "date" "2024-03-01"', want: true },
    { test: 'currentdate :zone "+0000" "date" "2024-02-29"', want: true },
    { test: 'currentdate :zone "-0500" "iso8601" "2024-02-29T18:30:15-05:00"', want: true },
    { test: 'currentdate "weekday" ["4", "5"]', want: true },
    { test: 'currentdate :value "ge" "time" "08:00:00"', want: false },
    { test: 'currentdate "zone" "+0200"', want: true, facts: { now: Date.UTC(2024, 6, 1) } },
    { test: 'currentdate :matches "month" "??"', want: true },
    { test: 'currentdate "${p}" "2024"', before: 'set "p" "year";', want: true },
    { test: 'currentdate "${p}" ""', before: 'set "p" "century";', want: false },
    { test: 'currentdate "year" "2024"', want: false, facts: { now: Number.NaN } },
  ],
);

problemTable("what is wrong with date", [
  { script: 'require "date"; if date "date" "century" "20" { keep; }', want: ["1:32 error unknown-date-part"] },
  { script: 'require "date"; if date "date" "constructor" "20" { keep; }', want: ["1:32 error unknown-date-part"] },
  { script: 'require "date"; if date :zone "CET" "date" "hour" "20" { keep; }', want: ["1:31 error bad-zone"] },
  {
    script: 'require "date"; if date :zone "+0100" :originalzone "date" "hour" "20" { keep; }',
    want: ["1:20 error tags-exclusive"],
  },
  { script: 'require "date"; if currentdate :originalzone "hour" "20" { keep; }', want: ["1:32 error unknown-tag"] },
  { script: 'require "date"; if date ["date"] "hour" "20" { keep; }', want: ["1:25 error wrong-kind"] },
]);
