import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatUidSet, parseUidSet, splitUidSets } from "./sequence-set.ts";

const uids = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 0xffff_ffff })), { maxLength: 200 })
  .map((list) => list.sort((a, b) => a - b));

describe("sequence sets", () => {
  it("parse(format(x)) = x", () => {
    fc.assert(fc.property(uids, (list) => assert.deepEqual(parseUidSet(formatUidSet(list)), list)));
  });

  it("are split without loss, each part below the limit", () => {
    fc.assert(
      fc.property(uids, fc.integer({ min: 30, max: 200 }), (list, limit) => {
        const parts = splitUidSets(list, limit);
        assert.deepEqual(
          parts.flatMap((part) => part.uids),
          list,
        );
        for (const part of parts) {
          assert.ok(part.set.length <= limit);
          assert.deepEqual(parseUidSet(part.set), part.uids);
        }
      }),
    );
  });

  for (const [text, want] of [
    ["4:2,9", [4, 3, 2, 9]],
    ["7:7", [7]],
    ["", []],
    ["0", []],
    ["*", []],
    ["1:*", []],
    ["-3", []],
    ["1.5", []],
    ["4294967296", []],
    ["x,3,:,2:", [3]],
  ] as const)
    it(`parses ${JSON.stringify(text)}`, () => assert.deepEqual(parseUidSet(text), want));

  it("parse garbage into UIDs, or nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789:,*.- e") }), (text) => {
        for (const uid of parseUidSet(text, 100)) assert.ok(Number.isInteger(uid) && uid > 0);
      }),
    );
  });

  it("gives no more than the limit", () => assert.equal(parseUidSet("1:4294967295,1:4294967295", 1_000).length, 1_000));
});
