import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Line, LineReader, type ReaderLimits } from "./line-reader.ts";
import { stringOf } from "./response.ts";

const LIMITS: ReaderLimits = { line: 200, literal: 50, dropped: 100 };

function read(
  given: string | Buffer,
  { limits = LIMITS, cut = given.length }: { limits?: ReaderLimits; cut?: number } = {},
) {
  const reader = new LineReader();
  const bytes = Buffer.from(given);
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length; at += Math.max(1, cut)) {
    reader.push(bytes.subarray(at, at + Math.max(1, cut)));
    for (let line = reader.next(limits); line !== null; line = reader.next(limits)) {
      lines.push(line);
      if (line.kind === "fault" && line.fatal) return { lines, unread: reader.unread };
    }
  }
  return { lines, unread: reader.unread };
}

/** A line in short: atoms and numbers bare, strings as <text>, what was dropped as <!octets>. */
function short(line: Line): string {
  if (line.kind === "fault") return `fault ${line.fault}${line.fatal ? "!" : ""}`;
  return line.tokens
    .map((token) => {
      if (token.kind === "string") return `<${Buffer.from(token.bytes).toString()}>`;
      if (token.kind === "oversized") return `<!${token.octets}>`;
      return token.kind === "atom" ? token.text : String(token.value);
    })
    .join(" ");
}

describe("LineReader", () => {
  const cases = [
    { name: "a bare command", given: "Noop\r\n", want: ["Noop"] },
    { name: "a quoted string", given: 'GETSCRIPT "a b"\r\n', want: ["GETSCRIPT <a b>"] },
    { name: "quotes and backslashes in it", given: 'X "a\\"b\\\\c"\r\n', want: ['X <a"b\\c>'] },
    { name: "UTF-8 in it", given: 'X "été €"\r\n', want: ["X <été €>"] },
    { name: "a number", given: 'HAVESPACE "a" 4294967295\r\n', want: ["HAVESPACE <a> 4294967295"] },
    { name: "a literal", given: "PUTSCRIPT {1+}\r\na {5+}\r\nk\r\nep\r\n", want: ["PUTSCRIPT <a> <k\r\nep>"] },
    { name: "a literal of the drafts", given: "X {3}\r\nabc\r\n", want: ["X <abc>"] },
    { name: "an empty literal", given: "X {0+}\r\n\r\n", want: ["X <>"] },
    { name: "a literal with anything in it", given: 'X {9+}\r\n"{3+}\r\n\0\0\r\n', want: ['X <"{3+}\r\n\0\0>'] },
    { name: "several commands at once", given: "A\r\nB\r\nC", want: ["A", "B"] },
    { name: "a string alone", given: '"AGE="\r\n', want: ["<AGE=>"] },
    { name: "an empty line", given: "\r\n", want: [""] },
    { name: "spaces too many", given: 'X  "a"  \r\n', want: ["X <a>"] },
    { name: "a literal too long to keep", given: `X {60+}\r\n${"a".repeat(60)}\r\nY\r\n`, want: ["X <!60>", "Y"] },
    { name: "a literal too long to read", given: "X {101+}\r\n", want: ["fault literal-too-long!"] },
    { name: "a literal of 4 GB", given: "X {4294967296+}\r\n", want: ["fault literal-too-long!"] },
    { name: "a line too long", given: `X ${"a".repeat(300)}`, want: ["fault line-too-long!"] },
    {
      name: "a line too long over several segments",
      given: `X ${'{1+}\r\na "bbbbbbbbbb" '.repeat(20)}`,
      want: ["fault line-too-long!"],
    },
    { name: "a bare line feed", given: 'X "a"\nY\r\n', want: ["fault bare-lf", "Y"] },
    { name: "a carriage return alone", given: "X \r a\r\n", want: ["fault syntax"] },
    { name: "an unfinished quoted string", given: 'X "a\r\nY\r\n', want: ["fault syntax", "Y"] },
    {
      name: "an unfinished quoted string with a literal's look",
      given: 'X "a {3+}\r\nY\r\n',
      want: ["fault syntax", "Y"],
    },
    { name: "a backslash at the end", given: 'X "a\\\r\nY\r\n', want: ["fault syntax", "Y"] },
    { name: "a literal after a fault, read over", given: "X (y {4+}\r\nQUIT\r\nY\r\n", want: ["fault syntax", "Y"] },
    { name: "a number too big", given: "X 4294967296\r\n", want: ["fault syntax"] },
    { name: "a number with a leading zero", given: "X 007\r\n", want: ["fault syntax"] },
    { name: "no space between", given: 'X "a""b"\r\n', want: ["fault syntax"] },
    { name: "a literal in brackets that is none", given: "X {-1+}\r\n", want: ["fault syntax"] },
    { name: "too many arguments", given: `X ${"a ".repeat(9)}\r\n`, want: ["fault too-many-tokens"] },
    { name: "a TLS handshake", given: Buffer.from("16030100c8010000c4030a", "hex"), want: ["fault bare-lf"] },
  ];
  for (const { name, given, want } of cases) {
    it(name, () => assert.deepEqual(read(given).lines.map(short), want));
    it(`${name}, byte by byte`, () => assert.deepEqual(read(given, { cut: 1 }).lines.map(short), want));
  }

  it("knows what it has not given out", () => {
    assert.equal(read("A\r\n").unread, 0);
    assert.equal(read("A\r\nB").unread, 1);
    assert.ok(read('A "x" {3+}\r\na').unread > 0);
  });

  it("reads back what servers write, however the network cuts it", () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (strings, cut) => {
        const sent = `VERB ${strings.map((one) => stringOf(one)).join(" ")}\r\n`;
        const { lines } = read(sent, { cut, limits: { line: 100_000, literal: 100_000, dropped: 100_000 } });
        assert.deepEqual(lines.map(short), [["VERB", ...strings.map((one) => `<${Buffer.from(one)}>`)].join(" ")]);
      }),
    );
  });

  it("never throws on garbage, always ends, and does not care how it is cut", () => {
    const unit = fc.constantFrom(
      "A",
      " ",
      '"',
      "\\",
      "\r\n",
      "\n",
      "\r",
      "{3+}",
      "{3}",
      "{60+}",
      "{9",
      "}",
      "(",
      "é",
      "\0",
      "7",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (garbage, cut) => {
        const whole = read(garbage).lines.map(short);
        assert.deepEqual(read(garbage, { cut }).lines.map(short), whole);
        assert.ok(whole.length <= garbage.length + 1);
      }),
      { numRuns: 500 },
    );
  });
});
