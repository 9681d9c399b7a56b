import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseContentType, parseParameterized } from "./parameters.ts";

const cases: readonly { readonly name: string; readonly text: string; readonly want: readonly [string, object] }[] = [
  { name: "nothing", text: "", want: ["", {}] },
  { name: "a value", text: " Text/HTML ", want: ["text/html", {}] },
  { name: "a token", text: "text/plain; Charset=UTF-8", want: ["text/plain", { charset: "UTF-8" }] },
  { name: "a quoted-string", text: 'a/b; name="x;\\"y\\".z"', want: ["a/b", { name: 'x;"y".z' }] },
  {
    name: "a Windows path",
    text: 'attachment; filename="C:\\tmp\\a.txt"',
    want: ["attachment", { filename: "C:\\tmp\\a.txt" }],
  },
  { name: "comments", text: "text/plain (x); charset=us-ascii (y; z)", want: ["text/plain", { charset: "us-ascii" }] },
  { name: "a comment around the name", text: "a/b; (c) boundary = (d) x", want: ["a/b", { boundary: "x" }] },
  {
    name: "an unquoted file name",
    text: "attachment; filename=my file.pdf; size=3",
    want: ["attachment", { filename: "my file.pdf", size: "3" }],
  },
  { name: "a missing semicolon", text: "text/plain charset=utf-8", want: ["text/plain", { charset: "utf-8" }] },
  { name: "an unclosed quote", text: 'a/b; boundary="x', want: ["a/b", { boundary: "x" }] },
  { name: "empty parameters", text: "a/b;;; x=1;", want: ["a/b", { x: "1" }] },
  { name: "a parameter without value", text: "a/b; x; y=2", want: ["a/b", { y: "2" }] },
  { name: "the first of two", text: "a/b; x=1; X=2", want: ["a/b", { x: "1" }] },
  {
    name: "RFC 2231 §3",
    text: 'message/external-body; URL*0="ftp://"; URL*1="cs.example/a.txt"',
    want: ["message/external-body", { url: "ftp://cs.example/a.txt" }],
  },
  {
    name: "RFC 2231 §4",
    text: "a/b; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
    want: ["a/b", { title: "This is ***fun***" }],
  },
  {
    name: "RFC 2231 §4.1",
    text: "a/b; t*0*=us-ascii'en'This%20is; t*1*=%20even; t*2=\" more%20\"",
    want: ["a/b", { t: "This is even more%20" }],
  },
  { name: "sections out of order", text: "a/b; n*1=b; n*0=a; n*10=d; n*2=c", want: ["a/b", { n: "abcd" }] },
  {
    name: "the extended form wins",
    text: "attachment; filename=\"a.txt\"; filename*=utf-8''%C3%A9.txt",
    want: ["attachment", { filename: "é.txt" }],
  },
  { name: "a character split between sections", text: "a/b; n*0*=utf-8''%C3; n*1*=%A9", want: ["a/b", { n: "é" }] },
  { name: "an encoded word", text: 'a/b; name="=?utf-8?B?w6kucGRm?="', want: ["a/b", { name: "é.pdf" }] },
  { name: "an extended form without charset", text: "a/b; n*=%C3%A9", want: ["a/b", { n: "é" }] },
  {
    name: "names that JavaScript knows",
    text: "a/b; __proto__=x; constructor=y",
    want: ["a/b", { ["__proto__"]: "x", constructor: "y" }],
  },
];

describe("parseParameterized", () => {
  for (const { name, text, want } of cases) {
    it(name, () => {
      const { value, parameters } = parseParameterized(text);
      assert.deepEqual([value, [...parameters]], [want[0], Object.entries(want[1])]);
    });
  }

  it("takes what is no media type for text/plain, as RFC 2045 §5.2 says", () => {
    for (const text of ["", "text", "; charset=x", "text/", "a b/c"])
      assert.equal(parseContentType(text).value, "text/plain");
    assert.equal(parseContentType("text; charset=koi8-r").parameters.get("charset"), "koi8-r");
  });

  it("reads back what it is printed from", () => {
    const value = fc.string({ unit: "grapheme", maxLength: 30 });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value), (parameters) => {
        const printed = Object.entries(parameters).map(([name, text]) => {
          const encoded = Buffer.from(text).toString("hex").replace(/../g, "%$&");
          return `; ${name}*=utf-8''${encoded}`;
        });
        const read = parseParameterized(`a/b${printed.join("")}`).parameters;
        assert.deepEqual([...read], Object.entries(parameters));
      }),
    );
  });

  it("never throws and always ends", () => {
    const garbage = fc.array(fc.constantFrom(..."a/;=\"\\*'%()0 1é", "*0*=", "utf-8''", "=?utf-8?Q?"), {
      maxLength: 60,
    });
    fc.assert(fc.property(garbage, (pieces) => parseParameterized(pieces.join("")).parameters instanceof Map));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => parseContentType(text).value !== ""));
  });

  it("takes time in proportion to hostile input", { timeout: 20_000 }, () => {
    for (const piece of [";", "=", ";a=", '"', ';a="', "(", "()", ";a*0=b", ";a*=''", "%", " ", "\\", "a=b "]) {
      parseParameterized(`a/b;${piece.repeat(200_000 / piece.length)}`);
    }
    parseParameterized(`a/b${Array.from({ length: 50_000 }, (_, index) => `;n${index}=x`).join("")}`);
  });
});
