import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { LineBreaks, LineMap } from "./source.ts";

const texts = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "\r\n", "é"), maxLength: 40 });

/** Line and column by counting from the start. */
function counted(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r(?!\n)|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

describe("LineMap", () => {
  it("tells line and column of any offset, in any order", () =>
    fc.assert(
      fc.property(texts, fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), (text, offsets) => {
        const lines = new LineMap(text);
        // Nothing begins between the two halves of a line end.
        for (const start of offsets.filter((at) => at <= text.length && !text.startsWith("\r\n", at - 1))) {
          const want = { start, end: text.length, ...counted(text, start) };
          assert.deepEqual(lines.span({ start, end: text.length }), want);
          assert.equal(lines.line(start), want.line);
        }
      }),
    ));
});

describe("LineBreaks", () => {
  it("finds the next line end from any offset, in any order", () =>
    fc.assert(
      fc.property(texts, fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), (text, offsets) => {
        const breaks = new LineBreaks(text);
        for (const from of offsets.filter((at) => at <= text.length)) {
          const found = text.slice(from).search(/[\r\n]/);
          assert.equal(breaks.next(from), found < 0 ? text.length : from + found);
        }
      }),
    ));
});
