import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TraceStep } from "@tamis/sieve";
import { compactTrace } from "./trace.ts";

describe("compactTrace", () => {
  it("tells each match and action on one line", () => {
    const trace: readonly TraceStep[] = [
      {
        kind: "branch",
        rule: "Lists",
        line: 3,
        matches: [{ test: "header", line: 3, field: "Subject", key: "[info]", value: "Re: [info] x" }],
      },
      { kind: "action", rule: "Lists", line: 4, action: "fileinto", target: "Lists" },
      { kind: "stop", rule: "Lists", line: 5 },
    ];
    assert.deepEqual(compactTrace(trace), [
      { line: 3, text: 'header Subject "[info]": Re: [info] x' },
      { line: 4, text: 'fileinto "Lists"' },
      { line: 5, text: "stop" },
    ]);
  });

  it("does not repeat a value that is the key", () => {
    const trace: readonly TraceStep[] = [
      { kind: "branch", rule: "r", line: 1, matches: [{ test: "not size", line: 1, key: "a", value: "a" }] },
    ];
    assert.deepEqual(compactTrace(trace), [{ line: 1, text: 'not size "a"' }]);
  });

  it("is bounded in number and length", () => {
    const match = { test: "header", line: 1, field: "Subject", key: "k".repeat(500), value: "v" };
    const trace: readonly TraceStep[] = Array.from({ length: 50 }, () => ({
      kind: "branch",
      rule: "r",
      line: 1,
      matches: [match, match],
    }));
    const steps = compactTrace(trace);
    assert.equal(steps.length, 24);
    assert.ok(steps.every((step) => step.text.length <= 200));
  });
});
