import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeScriptMemory,
  encodeScriptMemory,
  isMarked,
  MAX_MARKS,
  type ScriptMark,
  withMarks,
  withoutMarksOf,
} from "./script-memory.ts";

const NOW = Date.UTC(2026, 10, 22);
const SECOND = NOW / 1000;
const salt = "00112233445566778899aabbccddeeff";
const hex = (number: number): string => number.toString(16).padStart(16, "0");
const mark = (hash: number, mail: number, seconds: number): ScriptMark => ({
  hash: hex(hash),
  mail: hex(mail),
  endsAt: SECOND + seconds,
});

describe("the memory of scripts", () => {
  it("comes back as it was written, without what has ended", () => {
    const marks = [mark(1, 2, 60), mark(3, 4, -1), mark(5, 6, 3600)];
    const read = decodeScriptMemory(encodeScriptMemory({ salt, marks }, NOW));
    assert.deepEqual(read, { salt, marks: [marks[0], marks[2]] });
  });

  it("comes back as it was written, whatever it holds", () => {
    const number = fc.nat();
    const any = fc.tuple(number, number, fc.integer({ min: 1, max: 60 * 86_400 })).map((given) => mark(...given));
    fc.assert(
      fc.property(fc.array(any), (marks) => {
        const sorted = marks.toSorted((a, b) => a.endsAt - b.endsAt);
        assert.deepEqual(decodeScriptMemory(encodeScriptMemory({ salt, marks }, NOW)).marks, sorted);
      }),
    );
  });

  it("stays below 64 KB: of too many marks those go that end first", () => {
    const marks = Array.from({ length: MAX_MARKS + 10 }, (_, at) => mark(at, at, 1000 + at));
    const octets = encodeScriptMemory({ salt, marks }, NOW);
    assert.ok(octets.length < 64 * 1024);
    const kept = decodeScriptMemory(octets).marks;
    assert.deepEqual([kept.length, kept[0]?.hash], [MAX_MARKS, hex(10)]);
  });

  it("refuses what is no record, and any octets are one or none", () => {
    for (const text of ["", "{}", "null", '{"v":2,"salt":"","marks":""}', `{"v":1,"salt":"short","marks":""}`])
      assert.throws(() => decodeScriptMemory(Buffer.from(text)));
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        try {
          decodeScriptMemory(octets);
        } catch (error) {
          assert.ok(error instanceof SyntaxError || error instanceof TypeError);
        }
      }),
    );
  });

  it("speaks against other mails, within its time", () => {
    const memory = { salt, marks: [mark(1, 2, 60)] };
    assert.equal(isMarked(memory, hex(1), { mail: hex(9), now: NOW }), true);
    assert.equal(isMarked(memory, hex(1), { mail: hex(2), now: NOW }), false);
    assert.equal(isMarked(memory, hex(7), { mail: hex(9), now: NOW }), false);
    assert.equal(isMarked(memory, hex(1), { mail: hex(9), now: NOW + 60_000 }), false);
  });

  it("lets a mark end at the later of both, and forgets a mail whole", () => {
    const before = { salt, marks: [mark(1, 2, 60), mark(3, 2, 60), mark(1, 4, 60)] };
    const after = withMarks(before, [mark(1, 2, 90), mark(3, 2, 30)]);
    assert.deepEqual(after.marks, [mark(1, 2, 90), mark(3, 2, 60), mark(1, 4, 60)]);
    assert.deepEqual(withoutMarksOf(after, hex(2)).marks, [mark(1, 4, 60)]);
  });
});
