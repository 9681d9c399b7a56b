import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type TestLine, tally } from "./test-line.ts";

const line = (nesting: number, name: string, more: Partial<TestLine> = {}): TestLine => ({
  kind: "pass",
  name,
  nesting,
  file: "a.test.ts",
  isSuite: false,
  durationMs: 1,
  left: false,
  ...more,
});
const fail = (type: string): Partial<TestLine> => ({ kind: "fail", failure: { type, text: `${type}!` } });

describe("tally", () => {
  const cases = [
    { name: "nothing", lines: [], want: [0, 0, 0] },
    {
      name: "two tests of a suite",
      lines: [line(1, "a"), line(1, "b"), line(0, "s", { isSuite: true })],
      want: [2, 0, 0],
    },
    { name: "an empty suite", lines: [line(0, "s", { isSuite: true })], want: [0, 0, 0] },
    { name: "a test with tests inside", lines: [line(1, "a"), line(0, "t")], want: [1, 0, 0] },
    {
      name: "a sibling after a test with tests inside",
      lines: [line(1, "a"), line(0, "t"), line(0, "u")],
      want: [2, 0, 0],
    },
    {
      name: "a failure, repeated by its parent",
      lines: [line(1, "a", fail("testCodeFailure")), line(0, "t", fail("subtestsFailed"))],
      want: [0, 1, 0],
    },
    {
      name: "a hook that fails beside a test that passes",
      lines: [line(1, "a"), line(0, "s", { isSuite: true, ...fail("hookFailed") })],
      want: [1, 1, 0],
    },
    { name: "a skipped test", lines: [line(0, "a", { left: true })], want: [0, 0, 1] },
    { name: "a todo that fails", lines: [line(0, "a", { left: true, ...fail("testCodeFailure") })], want: [0, 0, 1] },
  ];
  for (const { name, lines, want } of cases) {
    it(name, () => {
      const { passed, failed, left } = tally(lines);
      assert.deepEqual([passed, failed, left], want);
    });
  }

  it("names a failure by its suites", () => {
    const suite = { isSuite: true, ...fail("subtestsFailed") };
    const lines = [line(2, "t", fail("testCodeFailure")), line(1, "inner", suite), line(0, "outer", suite)];
    const { failures } = tally(lines);
    assert.deepEqual(failures, [{ file: "a.test.ts", path: ["outer", "inner", "t"], text: "testCodeFailure!" }]);
  });
});
