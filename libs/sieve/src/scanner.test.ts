// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { scan } from "./scanner.ts";

const shown = (text: string): readonly string[] =>
  scan(text)
    .tokens.slice(0, -1)
    .map(({ kind, value, number }) => (kind === "number" ? `number ${number}` : `${kind} ${value}`));

describe("scan", () => {
  const cases: readonly { readonly name: string; readonly text: string; readonly want: readonly string[] }[] = [
    { name: "nothing", text: " \t\r\n", want: [] },
    { name: "identifiers in lower case", text: "KEEP _a1", want: ["identifier keep", "identifier _a1"] },
    { name: "tags", text: ":Is:contains", want: ["tag is", "tag contains"] },
    {
      name: "numbers",
      text: "0 12 1K 2m 3G",
      want: ["number 0", "number 12", "number 1024", "number 2097152", "number 3221225472"],
    },
    { name: "a number with letters", text: "12abc 3KB", want: ["error bad-number", "error bad-number"] },
    { name: "a number too big", text: "99999999999G", want: ["error number-too-big"] },
    {
      name: "marks",
      text: "{}();,[]",
      want: ["{", "}", "(", ")", ";", ",", "[", "]"].map((mark) => `punctuation ${mark}`),
    },
    { name: "a quoted string with escapes", text: '"a\\"b\\\\c\\d"', want: ['string a"b\\cd'] },
    { name: "a quoted string over lines", text: '"a\nb\r\nc"', want: ["string a\r\nb\r\nc"] },
    {
      name: "text with dot-stuffing",
      text: "text:\n..a\n.b\nc\n.\n;",
      want: ["string .a\r\n.b\r\nc\r\n", "punctuation ;"],
    },
    { name: "text with a comment", text: "TEXT: \t# why\r\nx\r\n.\r\n", want: ["string x\r\n"] },
    { name: "empty text", text: "text:\n.\n", want: ["string "] },
    { name: "text ended at the end of the script", text: "text:\na\n.", want: ["string a\r\n"] },
    {
      name: "a name that begins like text",
      text: "texts text :x",
      want: ["identifier texts", "identifier text", "tag x"],
    },
    { name: "comments", text: "# one\nkeep /* two\n*/ ; #three", want: ["identifier keep", "punctuation ;"] },
    { name: "a comment full of stars", text: "/***/a/* * / **/b", want: ["identifier a", "identifier b"] },
    {
      name: "a string without end",
      text: '"abc\nkeep;',
      want: ["error unterminated-string", "identifier keep", "punctuation ;"],
    },
    { name: "a string that ends in a backslash", text: '"abc\\', want: ["error unterminated-string"] },
    { name: "text without end", text: "text:\nabc\n", want: ["error unterminated-multi-line"] },
    {
      name: "a comment without end",
      text: "keep; /* abc",
      want: ["identifier keep", "punctuation ;", "error unterminated-comment"],
    },
    { name: "a colon alone", text: ": x", want: ["error lone-colon", "identifier x"] },
    {
      name: "foreign characters, joined",
      text: "§€keep@;",
      want: ["error unexpected-character", "identifier keep", "error unexpected-character", "punctuation ;"],
    },
    {
      name: "typographic quotes",
      text: "“keep” «a b» ”c",
      want: ["error typographic-quotes", "error typographic-quotes", "error typographic-quotes"],
    },
    { name: "a byte order mark", text: "\ufeffkeep", want: ["identifier keep"] },
  ];
  for (const { name, text, want } of cases) it(name, () => assert.deepEqual(shown(text), want));

  it("keeps comments with their places", () => {
    assert.deepEqual(scan("# a\nx /*b*/").comments, [
      { text: " a", start: 0, end: 3 },
      { text: "b", start: 6, end: 11 },
    ]);
  });

  it("never throws, always ends, and covers the text in order", () => {
    const alphabet = fc.constantFrom(
      '"',
      "\\",
      "text:",
      "\n",
      "\r",
      ".",
      "#",
      "/*",
      "*/",
      ":",
      "1",
      "K",
      "a",
      ";",
      "{",
      "é",
      "😀",
      "\ud800",
      "\0",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(alphabet).map((parts) => parts.join("")),
        ),
        (text) => {
          let end = 0;
          for (const token of scan(text).tokens) {
            assert.ok(token.start >= end && token.end >= token.start && token.end <= text.length);
            end = token.end;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
