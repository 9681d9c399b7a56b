import assert from "node:assert/strict";
import { it } from "node:test";
import { problemTable, programOf, testTable } from "../../test/decide.ts";

const numeric = ["relational", "comparator-i;ascii-numeric"];
const compared = (test: string, value: string): string =>
  `${test} :value "eq" :comparator "i;ascii-numeric" "${value}"`;

testTable(
  "spamtest",
  ["spamtest", ...numeric],
  [
    { test: compared("spamtest", "0"), want: true },
    { test: compared("spamtest", "1"), facts: { spam: 0 }, want: true },
    { test: compared("spamtest", "5"), facts: { spam: 0.5 }, want: true },
    { test: compared("spamtest", "10"), facts: { spam: 1 }, want: true },
    { test: compared("spamtest", "10"), facts: { spam: 7 }, want: true },
    { test: 'spamtest :value "ge" :comparator "i;ascii-numeric" "3"', facts: { spam: 0.3 }, want: true },
    { test: 'spamtest :count "eq" :comparator "i;ascii-numeric" "0"', want: true },
    { test: 'spamtest :count "eq" :comparator "i;ascii-numeric" "1"', facts: { spam: 0 }, want: true },
  ],
);

testTable(
  "spamtestplus brings spamtest with it",
  ["spamtestplus", ...numeric],
  [
    { test: compared("spamtest :percent", "0"), want: true },
    { test: compared("spamtest :percent", "29"), facts: { spam: 0.29 }, want: true },
    { test: compared("spamtest :percent", "100"), facts: { spam: 1 }, want: true },
    { test: compared("spamtest", "10"), facts: { spam: 1 }, want: true },
  ],
);

testTable(
  "virustest",
  ["virustest", ...numeric],
  [
    { test: compared("virustest", "0"), want: true },
    { test: compared("virustest", "4"), facts: { virus: 4 }, want: true },
    { test: 'virustest :value "lt" :comparator "i;ascii-numeric" "3"', facts: { virus: 1 }, want: true },
  ],
);

problemTable("what is wrong with spamtest", [
  { script: 'require "spamtest"; if spamtest :percent "1" { keep; }', want: ["1:33 error tag-needs-require"] },
  { script: 'require "spamtestplus"; if spamtest ["1"] { keep; }', want: ["1:37 error wrong-kind"] },
  { script: 'require "virustest"; if spamtest "1" { keep; }', want: ["1:25 error needs-require"] },
]);

it("a program says that it looks at verdicts", () => {
  assert.equal(programOf('require "spamtest"; if spamtest "1" { keep; }').uses.verdicts, true);
  assert.equal(programOf("keep;").uses.verdicts, false);
});
