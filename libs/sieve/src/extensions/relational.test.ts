// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, testTable } from "../../test/decide.ts";

const numeric = ':comparator "i;ascii-numeric"';

testTable(
  "relational",
  ["relational", "comparator-i;ascii-numeric", "envelope"],
  [
    { test: `header :count "eq" ${numeric} "x-tag" "3"`, want: true },
    { test: `header :count "ge" ${numeric} ["x-tag", "subject"] "4"`, want: true },
    { test: `header :count "gt" ${numeric} ["x-tag", "x-none"] "3"`, want: false },
    { test: `header :count "lt" ${numeric} "x-none" "1"`, want: true },
    { test: `address :count "eq" ${numeric} ["to", "cc"] "4"`, want: true },
    { test: `header :count "GE" ${numeric} "x-tag" ["9", "2"]`, want: true },
    { test: `envelope :count "eq" ${numeric} ["from", "to", "auth"] "2"`, want: true },
    { test: 'header :value "gt" "x-tag" "thref"', want: true },
    { test: 'header :value "lt" "x-tag" "onf"', want: true },
    { test: 'header :value "ne" "subject" "the BUDGET of 2024"', want: false },
    { test: 'header :value "eq" "subject" "the BUDGET of 2024"', want: true },
    { test: 'header :value "le" :comparator "i;octet" "subject" "The budget of 2024"', want: true },
    { test: 'header :value "ge" :comparator "i;octet" "subject" "the budget of 2024"', want: false },
  ],
);

problemTable("what is wrong with relational", [
  {
    script: 'require "relational"; if header :value "above" "a" "b" { keep; }',
    want: ["1:40 error bad-match-argument"],
  },
  {
    script: 'require "relational"; if header :count :is "a" "b" { keep; }',
    want: ["1:33 error tag-needs-value", "1:40 error tags-exclusive"],
  },
  {
    script: 'if header :count "gt" "a" "1" { keep; }',
    want: ["1:4 warning count-as-text", "1:11 error tag-needs-require"],
  },
  {
    script: 'require "relational"; if header :value "gt" :comparator "i;ascii-numeric" "a" "1" { keep; }',
    want: ["1:57 error comparator-needs-require"],
  },
]);
