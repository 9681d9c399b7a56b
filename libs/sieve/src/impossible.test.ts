// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problems, problemTable } from "../test/decide.ts";

const all = 'require ["variables", "fileinto", "date", "mailbox", "relational", "comparator-i;ascii-numeric"]; ';

problemTable("contradictions", [
  { script: 'if allof (exists "a", not exists "a") { keep; }', want: ["1:4 warning never-all"] },
  { script: 'if allof (not exists "a", exists "b") { keep; }', want: [] },
  { script: 'if allof (true, anyof (exists "a", not exists "a")) { keep; }', want: ["1:17 warning always-one"] },
  { script: "if allof (size :over 10, size :under 12) { keep; }", want: [] },
  { script: "if allof (size :over 10, size :under 11) { keep; }", want: ["1:4 warning never-all"] },
  { script: 'if allof (not exists "a", header "a" "x") { keep; }', want: ["1:4 warning never-all"] },
  { script: 'if allof (not exists "a", header ["a", "b"] "x") { keep; }', want: [] },
  { script: 'if allof (not exists ["a", "b"], header "a" "x") { keep; }', want: [] },
  { script: 'if allof (not exists "TO", address :is "to" "x") { keep; }', want: ["1:4 warning never-all"] },
  { script: 'if exists "a" { stop; } elsif exists "a" { keep; }', want: ["1:31 warning tested-before"] },
  { script: 'if exists "a" { stop; } elsif not exists "a" { keep; }', want: [] },
  { script: "if true { keep; } elsif true { stop; }", want: ["1:19 warning unreachable"] },
  { script: "if false { keep; } else { stop; }", want: [] },
]);

describe("tests that variables take part in", () => {
  for (const script of [
    'if header :matches "subject" "${a}" { stop; } elsif header :matches "subject" "${a}" { keep; }',
    'if allof (string "${a}" "x", not string "${a}" "x") { keep; }',
  ]) {
    it(`are left alone: ${script}`, () => assert.deepEqual(problems(all + script), []));
  }
});

describe("keys that nothing meets", () => {
  const rows: readonly (readonly [test: string, codes: readonly string[]])[] = [
    ['date "date" "hour" "7"', ["key-not-in-date-form"]],
    ['date "date" "hour" ["07", "24"]', ["key-not-in-date-form"]],
    ['date :matches "date" "hour" "7*"', []],
    ['date :comparator "i;ascii-numeric" "date" "hour" "7"', []],
    ['currentdate "weekday" "mon"', ["key-not-in-date-form"]],
    ['currentdate "zone" "+01:00"', ["key-not-in-date-form"]],
    ['currentdate "iso8601" "whatever"', []],
    ['header :value "lt" :comparator "i;ascii-numeric" "x" "-1"', ["key-not-a-number"]],
    ['header :value "lt" "x" "b"', []],
    ['header :count "lt" "x" "3"', ["count-as-text"]],
    ['header :count "eq" "x" "3"', []],
  ];
  for (const [test, codes] of rows) {
    it(test, () =>
      assert.deepEqual(
        problems(`${all}if ${test} { keep; }`).map((one) => one.split(" ").at(-1)),
        codes,
      ),
    );
  }
});

describe("folders that are not there", () => {
  const options = { mailboxes: ["Lists", "Work.Old"] };
  const rows: readonly (readonly [command: string, want: readonly string[]])[] = [
    ['fileinto "Lists";', []],
    ['fileinto "inbox";', []],
    ['fileinto "Lits";', ["1:105 warning mailbox-missing"]],
    ['fileinto :create "Lits";', []],
    ['fileinto "L${a}";', []],
  ];
  for (const [command, want] of rows) {
    it(command, () =>
      assert.deepEqual(
        problems(all + command, options).map((one) => one.replace(/^\d+:\d+/, "1:105")),
        want,
      ),
    );
  }

  it("are nobody's business where the mailboxes are not known", () =>
    assert.deepEqual(problems(`${all}fileinto "Lits";`), []));
});
