import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type RawResponse, ResponseSplitter } from "./response-splitter.ts";

const LIMITS = { maxLine: 10_000, maxLiteral: 10_000 };

function split(chunks: readonly Buffer[], limits = LIMITS): { text: string; literals: string[] }[] {
  const responses: RawResponse[] = [];
  const splitter = new ResponseSplitter(limits, (response) => responses.push(response));
  for (const chunk of chunks) splitter.write(chunk);
  return responses.map(({ text, literals }) => ({ text, literals: literals.map((bytes) => bytes.toString("latin1")) }));
}

const splitText = (text: string): ReturnType<typeof split> => split([Buffer.from(text, "latin1")]);

/** Cuts bytes at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const word = fc.stringMatching(/^[A-Za-z0-9()<>"\\[\] ]{0,20}$/);
const part = fc.oneof(
  word.map((text) => ({ wire: text, text, literals: [] as string[] })),
  fc
    .tuple(fc.string({ unit: "binary-ascii", maxLength: 30 }), fc.constantFrom("", "+"), fc.constantFrom("", "~"))
    .map(([bytes, plus, tilde]) => ({
      wire: `${tilde}{${bytes.length}${plus}}\r\n${bytes}`,
      text: "\0",
      literals: [bytes],
    })),
);
const response = fc.array(part, { maxLength: 6 }).map((parts) => ({
  wire: `* 1 FETCH ${parts.map(({ wire }) => wire).join(" ")} .\r\n`,
  text: `* 1 FETCH ${parts.map(({ text }) => text).join(" ")} .`,
  literals: parts.flatMap(({ literals }) => literals),
}));

describe("ResponseSplitter", () => {
  it("gives the same responses however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(response, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 30 }), (responses, places) => {
        const bytes = Buffer.from(responses.map(({ wire }) => wire).join(""), "latin1");
        const want = responses.map(({ text, literals }) => ({ text, literals }));
        assert.deepEqual(split(cut(bytes, places)), want);
        assert.deepEqual(split([...bytes].map((byte) => Buffer.of(byte))), want);
      }),
      { numRuns: 60 },
    );
  });

  it("throws nothing but RangeError on garbage, however it is cut", () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(
          fc.constantFrom(
            "{",
            "}",
            "~{3}",
            "{0}",
            "{99999999999999999999}",
            "\r\n",
            "\n",
            "* 1 FETCH (",
            '"',
            "\0",
            "{5+}",
          ),
          {
            maxLength: 40,
          },
        )
        .map((words) => Buffer.from(words.join(""), "latin1")),
    );
    fc.assert(
      fc.property(garbage, fc.array(fc.nat(), { maxLength: 10 }), (bytes, places) => {
        try {
          split(cut(Buffer.from(bytes), places));
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
        }
      }),
    );
  });

  const cases = [
    { name: "an empty literal", wire: "* 1 FETCH (BODY[] {0}\r\n)\r\n", text: "* 1 FETCH (BODY[] \0)", literals: [""] },
    {
      name: "a literal8 (RFC 3516)",
      wire: "* 1 FETCH (BINARY[] ~{3}\r\na\0b)\r\n",
      text: "* 1 FETCH (BINARY[] \0)",
      literals: ["a\0b"],
    },
    { name: "a non-synchronising literal", wire: "* LIST () {3+}\r\nabc\r\n", text: "* LIST () \0", literals: ["abc"] },
    {
      name: "a literal that holds a line end",
      wire: "* X {4}\r\n\r\n\r\n y\r\n",
      text: "* X \0 y",
      literals: ["\r\n\r\n"],
    },
    { name: "two literals in a row", wire: "* X {1}\r\na{1}\r\nb\r\n", text: "* X \0\0", literals: ["a", "b"] },
    { name: "a bare LF", wire: "* OK hello\n", text: "* OK hello", literals: [] },
    { name: "a NUL that is no literal", wire: "* X a\0b\r\n", text: "* X ab", literals: [] },
    {
      name: "a NO that ends like a literal",
      wire: "T5 NO no folder x{20}\r\n",
      text: "T5 NO no folder x{20}",
      literals: [],
    },
    { name: "a continuation that ends like a literal", wire: "+ go {3}\r\n", text: "+ go {3}", literals: [] },
    { name: "braces within a line", wire: "* X {3} y\r\n", text: "* X {3} y", literals: [] },
  ];
  for (const { name, wire, text, literals } of cases)
    it(`reads ${name}`, () => assert.deepEqual(splitText(wire), [{ text, literals }]));

  it("copies no literal that lies in one chunk, and keeps no chunk for one that begins in another", () => {
    const literals: Buffer[] = [];
    const splitter = new ResponseSplitter(LIMITS, (raw) => literals.push(...raw.literals));
    const chunks = ["* X {3}\r\nabc {4}\r\nde", "fg\r\n"].map((text) => Buffer.from(text));
    for (const chunk of chunks) splitter.write(chunk);
    assert.deepEqual(literals.map(String), ["abc", "defg"]);
    assert.equal(literals[0]?.buffer, chunks[0]?.buffer);
    assert.equal(literals[1]?.buffer.byteLength, 4);
  });

  for (const [name, wire] of [
    ["a line", "x".repeat(10_001)],
    ["a line made of many literals", `* ${"{1}\r\na".padStart(60, "y").repeat(200)}`],
    ["a literal", "* X {10001}\r\n"],
    ["a literal whose size no number holds", `* X {${"9".repeat(400)}}\r\n`],
    ["the literals of one response together", `* X {6000}\r\n${"a".repeat(6_000)}{6000}\r\n`],
  ] as const)
    it(`refuses ${name} beyond the limit`, () => assert.throws(() => splitText(wire), RangeError));

  it("counts literals per response, not per connection", () => {
    const one = `* X {6000}\r\n${"a".repeat(6_000)}\r\n`;
    assert.equal(splitText(one.repeat(5)).length, 5);
  });
});
