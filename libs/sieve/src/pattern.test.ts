import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { patternOf } from "./pattern.ts";

const cases = [
  {
    name: "the first group",
    pattern: "score=([0-9.]+) required=([0-9.]+)",
    text: "x score=1.5 required=5",
    want: "1.5",
  },
  { name: "the whole without groups", pattern: "[0-9]+", text: "a 12 b", want: "12" },
  { name: "a group that took no part", pattern: "a(b)?", text: "a", want: "" },
  { name: "no match", pattern: "^x", text: "yx", want: null },
  { name: "case counts", pattern: "yes", text: "Yes", want: null },
];

describe("patternOf", () => {
  for (const { name, pattern, text, want } of cases) {
    it(name, () => assert.equal(patternOf(pattern)?.capture(text), want));
  }

  it("is none of what is no expression", () => assert.equal(patternOf("(a"), null));
});
