import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type UidRange, UidRanges } from "./uid-ranges.ts";

const LIMIT = 60;
const uid = fc.integer({ min: 1, max: LIMIT });
const step = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), from: uid, to: uid }),
  fc.record({ kind: fc.constant("remove" as const), from: uid, to: uid }),
);

/** Ascending, apart from each other, none empty: what makes a stored record small and its search right. */
function assertNormal(ranges: readonly UidRange[]): void {
  for (const [i, [from, to]] of ranges.entries()) {
    assert.ok(from <= to);
    const next = ranges[i + 1];
    if (next !== undefined) assert.ok(next[0] > to + 1, `${to} and ${next[0]} should be one range`);
  }
}

describe("UidRanges", () => {
  it("is a set, whatever is added and removed in whatever order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ranges = new UidRanges();
        const set = new Set<number>();
        for (const { kind, from, to } of steps) {
          if (kind === "add") {
            ranges.add(from, to);
            for (let i = from; i <= to; i++) set.add(i);
          } else {
            ranges.remove(from);
            set.delete(from);
          }
          assertNormal(ranges.toJSON());
        }
        for (let i = 0; i <= LIMIT + 1; i++) assert.equal(ranges.has(i), set.has(i), `has(${i})`);
        const missing = ranges.missing(LIMIT).flatMap(([from, to]) => span(from, to));
        assert.deepEqual(
          missing,
          span(1, LIMIT).filter((i) => !set.has(i)),
        );
        assert.deepEqual(new UidRanges(ranges.toJSON()).toJSON(), ranges.toJSON());
      }),
    );
  });

  it("makes one of ranges that touch", () => {
    const ranges = new UidRanges([
      [1, 3],
      [7, 9],
    ]);
    ranges.add(4, 6);
    assert.deepEqual(ranges.toJSON(), [[1, 9]]);
  });

  it("ignores a range that ends before it begins", () => {
    const ranges = new UidRanges([[5, 4]]);
    ranges.add(9, 8);
    assert.deepEqual(ranges.toJSON(), []);
  });

  it("tells where the range of a UID ends", () => {
    const ranges = new UidRanges([
      [3, 4],
      [8, 20],
    ]);
    assert.deepEqual(
      [2, 3, 4, 5, 9, 20, 21].map((uid) => ranges.endOf(uid)),
      [null, 4, 4, null, 20, 20, null],
    );
  });

  it("names what is missing up to the limit only", () => {
    const ranges = new UidRanges([
      [3, 4],
      [8, 20],
    ]);
    assert.deepEqual(ranges.missing(10), [
      [1, 2],
      [5, 7],
    ]);
    assert.deepEqual(ranges.missing(6), [
      [1, 2],
      [5, 6],
    ]);
    assert.deepEqual(ranges.missing(0), []);
  });
});

const span = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
