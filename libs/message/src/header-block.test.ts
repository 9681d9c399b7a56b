import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readHeaderBlock } from "./header-block.ts";
import { MAX_HEADER_BYTES, MAX_HEADER_FIELDS } from "./limits.ts";

const read = (text: string) => readHeaderBlock(Buffer.from(text, "latin1"), 0, text.length);
const shown = (text: string): string[] => read(text).fields.map((field) => `${field.name}=${field.raw()}`);

const cases: readonly {
  readonly name: string;
  readonly text: string;
  readonly want: readonly string[];
  readonly rest: string;
}[] = [
  { name: "nothing", text: "", want: [], rest: "" },
  { name: "an empty header", text: "\r\nbody", want: [], rest: "body" },
  { name: "two fields", text: "A: 1\r\nB:2\r\n\r\nbody", want: ["A=1", "B=2"], rest: "body" },
  { name: "bare line feeds", text: "A: 1\nB: 2\n\nbody", want: ["A=1", "B=2"], rest: "body" },
  { name: "doubled carriage returns", text: "A: 1\r\r\n\r\r\nbody", want: ["A=1"], rest: "body" },
  { name: "folding", text: "A: 1\r\n 2\r\n\t3\r\n\r\n", want: ["A=1 2\t3"], rest: "" },
  { name: "a fold of blanks only", text: "A: 1\r\n \r\nB: 2\r\n\r\nx", want: ["A=1", "B=2"], rest: "x" },
  { name: "an mbox line", text: "From a Mon Jan 1\r\nA: 1\r\n\r\nx", want: ["A=1"], rest: "x" },
  { name: "stray text", text: "A: 1\r\nno field here\r\n folded\r\nB: 2\r\n\r\nx", want: ["A=1", "B=2"], rest: "x" },
  { name: "a blank before the colon", text: "A \t: 1\r\n\r\n", want: ["A=1"], rest: "" },
  { name: "a colon alone", text: ": 1\r\nB: 2\r\n\r\n", want: ["B=2"], rest: "" },
  { name: "no end", text: "A: 1\r\nB: 2", want: ["A=1", "B=2"], rest: "" },
  { name: "cut in a line end", text: "A: 1\r\n\r", want: ["A=1"], rest: "" },
  { name: "8-bit octets", text: "A: caf\xe9\r\nB: caf\xc3\xa9\r\n\r\n", want: ["A=café", "B=café"], rest: "" },
];

describe("readHeaderBlock", () => {
  for (const { name, text, want, rest } of cases) {
    it(name, () => {
      assert.deepEqual(shown(text), want);
      assert.equal(text.slice(read(text).bodyStart), rest);
    });
  }

  it("finds fields by any case of their name, in their order", () => {
    const block = read("Received: 1\r\nX: 0\r\nRECEIVED: 2\r\nDeceived: 3\r\n\r\n");
    assert.deepEqual(
      block.named("rEceived").map((field) => field.raw()),
      ["1", "2"],
    );
    assert.deepEqual(block.named("missing"), []);
    assert.deepEqual(block.named(""), []);
  });

  it("tells where each field lies", () => {
    const text = "A: 1\r\n 2\r\nB: 3\r\n\r\n";
    assert.deepEqual(
      read(text).fields.map(({ start, end }) => text.slice(start, end)),
      ["A: 1\r\n 2\r\n", "B: 3\r\n"],
    );
  });

  it("stops at its limits and goes on behind them", () => {
    const many = read(`${"a:\n".repeat(MAX_HEADER_FIELDS + 5)}\nbody`);
    assert.equal(many.fields.length, MAX_HEADER_FIELDS);
    const long = read(`A: ${"x".repeat(MAX_HEADER_BYTES)}\r\n\r\nbody`);
    assert.equal(long.bodyStart, MAX_HEADER_BYTES);
  });

  it("reads back what it is printed from", () => {
    const field = fc.tuple(fc.stringMatching(/^[!-9;-~]{1,12}$/), fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/));
    fc.assert(
      fc.property(fc.array(field), (fields) => {
        const text = `${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\nbody`;
        assert.deepEqual(
          shown(text),
          fields.map(([name, value]) => `${name}=${value}`),
        );
      }),
    );
  });

  it("never throws and always ends within the octets", () => {
    const garbage = fc.array(fc.constantFrom("A", ":", " ", "\t", "\r", "\n", "\r\n", "=?utf-8?Q?", "\xe9", "@", "<"), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(garbage, (pieces) => {
        const text = pieces.join("");
        const block = read(text);
        for (const one of block.fields) assert.ok(one.text().length + one.addresses().length >= 0);
        return block.bodyStart <= text.length;
      }),
    );
  });
});
