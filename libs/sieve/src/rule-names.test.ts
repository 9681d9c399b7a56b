// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { outcomeOf } from "../test/decide.ts";
import { ruleName } from "./rule-names.ts";

describe("ruleName", () => {
  const cases: readonly (readonly [string, string | null])[] = [
    [" rule:[My rule]", "My rule"],
    [" rule:[with ] bracket]", "with ] bracket"],
    ["# Filter: Work", "Work"],
    [" Filter: Private mail ", "Private mail"],
    ['RULE: $Name="Lists" $Order=1 $Type="MISC"', "Lists"],
    [" $Rule Info: Order=1 Template=x Name=Old mail", "Old mail"],
    [" rule:[]", null],
    [" a comment about rules: none", null],
    [" This filter: is prose", null],
    [`rule:[${"x".repeat(200)}]`, "x".repeat(100)],
  ];
  for (const [comment, want] of cases) it(JSON.stringify(comment), () => assert.equal(ruleName(comment), want));

  it("names actions and branches, inherited inside, else by line", () => {
    const script = `require "fileinto";
# rule:[Outer]
if true {
  if true { fileinto "A"; }
  # rule:[Inner]
  if true { fileinto "B"; }
}
if true { fileinto "C"; }
/* Filter: Bracketed */ fileinto "D";
`;
    const outcome = outcomeOf({ script });
    assert.equal(outcome.kind, "done");
    const rules = outcome.actions.map(({ origin }) => origin?.rule);
    assert.deepEqual(rules, ["Outer", "Inner", "line 8", "Bracketed"]);
    assert.deepEqual(
      outcome.trace.map(({ kind, rule, line }) => `${kind} ${rule} ${line}`),
      [
        "branch Outer 3",
        "branch Outer 4",
        "action Outer 4",
        "branch Inner 6",
        "action Inner 6",
        "branch line 8 8",
        "action line 8 8",
        "action Bracketed 9",
      ],
    );
  });
});
