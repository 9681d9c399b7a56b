import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mailOf, problemTable, testTable } from "../../test/decide.ts";
import { asciiUpper, baseComparison } from "./base-comparison.ts";

testTable(
  "match types on Subject: The budget of 2024",
  [],
  [
    { test: 'header :is "subject" "The budget of 2024"', want: true },
    { test: 'header "Subject" "the BUDGET of 2024"', want: true },
    { test: 'header :is "subject" "budget"', want: false },
    { test: 'header :contains "subject" "BUDGET"', want: true },
    { test: 'header :contains "subject" ["x", "of"]', want: true },
    { test: 'header :contains "subject" ""', want: true },
    { test: 'header :contains "absent" ""', want: false },
    { test: 'header :matches "subject" "the*20??"', want: true },
    { test: 'header :matches "subject" "*budget"', want: false },
    { test: 'header :matches "subject" "*Budget*"', want: true },
    { test: 'header :matches "subject" "?he *"', want: true },
    { test: 'header :matches "x-star" "a\\\\*b"', want: true, mail: mailOf("X-Star: a*b", "", "") },
    { test: 'header :matches "x-star" "a\\\\*b"', want: false, mail: mailOf("X-Star: aab", "", "") },
    { test: 'header :matches "x-star" "a\\\\?b"', want: true, mail: mailOf("X-Star: a?b", "", "") },
  ],
);

testTable(
  "comparators",
  [],
  [
    { test: 'header :comparator "i;octet" :is "subject" "The budget of 2024"', want: true },
    { test: 'header :comparator "i;octet" :is "subject" "the budget of 2024"', want: false },
    { test: 'header :contains :comparator "i;octet" "subject" "Budget"', want: false },
    { test: 'header :comparator "i;ascii-casemap" :is "subject" "THE BUDGET OF 2024"', want: true },
    { test: 'header :contains "subject" "É"', want: false, mail: mailOf("Subject: été", "", "") },
    { test: 'header :contains "subject" "éTé"', want: true, mail: mailOf("Subject: été", "", "") },
    { test: 'header :is "subject" "straße"', want: false, mail: mailOf("Subject: STRASSE", "", "") },
  ],
);

problemTable("what is wrong with comparators", [
  { script: 'if header :comparator "i;nope" "a" "b" { keep; }', want: ["1:23 error unknown-comparator"] },
  {
    script: 'if header :comparator "a" "b" { keep; }',
    want: ["1:4 error missing-argument", "1:23 error unknown-comparator"],
  },
  {
    script: 'if header :comparator ["i;octet"] "a" "b" { keep; }',
    want: ["1:11 error tag-needs-value", "1:39 error extra-argument"],
  },
  { script: 'if header :is :contains "a" "b" { keep; }', want: ["1:15 error tags-exclusive"] },
  { script: 'if header :is :is "a" "b" { keep; }', want: ["1:15 error duplicate-tag"] },
  { script: 'require ["comparator-i;octet", "comparator-i;ascii-casemap"]; keep;', want: [] },
]);

describe("i;ascii-casemap", () => {
  it("folds ASCII letters only, whatever the length and width of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const want = [...text].map((one) => (one >= "a" && one <= "z" ? one.toUpperCase() : one)).join("");
        assert.equal(asciiUpper(text), want);
      }),
    );
  });

  it("orders like the octets of UTF-8", () => {
    const comparator = baseComparison.comparators?.[0];
    assert.ok(comparator !== undefined);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (left, right) => {
        assert.equal(
          Math.sign(comparator.compare(left, right)),
          Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right))),
        );
      }),
    );
  });
});
