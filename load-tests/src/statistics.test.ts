import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { median, percentile, significant, spread } from "./statistics.ts";

describe("percentile", () => {
  const cases = [
    { name: "nothing", values: [], share: 0.5, want: Number.NaN },
    { name: "one value", values: [7], share: 0.99, want: 7 },
    { name: "nearest rank, not interpolated", values: [1, 2, 3, 4], share: 0.5, want: 2 },
    { name: "the last", values: [4, 1, 3, 2], share: 1, want: 4 },
    { name: "p99 of 100 is the 99th", values: Array.from({ length: 100 }, (_, i) => i + 1), share: 0.99, want: 99 },
  ];
  for (const { name, values, share, want } of cases) it(name, () => assert.equal(percentile(values, share), want));

  it("is one of the values, and grows with the share", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          assert.ok(values.includes(percentile(values, share)));
          assert.ok(percentile(values, share) <= percentile(values, 1));
        },
      ),
    );
  });
});

describe("median", () => {
  it("of three runs is the middle one", () => assert.equal(median([900, 100, 300]), 300));
  it("of two is their mean", () => assert.equal(median([1, 2]), 1.5));
  it("of nothing is no number", () => assert.ok(Number.isNaN(median([]))));
});

it("significant keeps four digits", () => {
  assert.equal(significant(1234.567), 1235);
  assert.equal(significant(0.0123456), 0.01235);
  assert.ok(Number.isNaN(significant(Number.NaN)));
});

it("spread names its unit", () => {
  assert.deepEqual(spread([3, 1, 2]), { count: 3, p50_ms: 2, p95_ms: 3, p99_ms: 3, max_ms: 3 });
});
