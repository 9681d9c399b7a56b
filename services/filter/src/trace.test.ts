import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TraceStep } from "@tamis/sieve";
import { traceSteps } from "./trace.ts";

describe("traceSteps", () => {
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
    assert.deepEqual(traceSteps(trace, "user"), [
      { line: 3, text: 'header Subject "[info]": Re: [info] x' },
      { line: 4, text: 'fileinto "Lists"' },
      { line: 5, text: "stop" },
    ]);
  });

  it("does not repeat a value that is the key", () => {
    const trace: readonly TraceStep[] = [
      { kind: "branch", rule: "r", line: 1, matches: [{ test: "not size", line: 1, key: "a", value: "a" }] },
    ];
    assert.deepEqual(traceSteps(trace, "user"), [{ line: 1, text: 'not size "a"' }]);
  });

  it("is bounded in number and length", () => {
    const match = { test: "header", line: 1, field: "Subject", key: "k".repeat(500), value: "v" };
    const trace: readonly TraceStep[] = Array.from({ length: 50 }, () => ({
      kind: "branch",
      rule: "r",
      line: 1,
      matches: [match, match],
    }));
    const steps = traceSteps(trace, "user");
    assert.equal(steps.length, 24);
    assert.ok(steps.every((step) => step.text.length <= 200));
  });

  it("says whose script it was, where it was not the owner's", () => {
    const trace: readonly TraceStep[] = [{ kind: "stop", rule: "r", line: 2 }];
    assert.deepEqual(traceSteps(trace, "before"), [{ layer: "before", line: 2, text: "stop" }]);
  });
});
