import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeWords } from "./encoded-words.ts";

const cases: readonly { readonly name: string; readonly text: string; readonly want: string }[] = [
  { name: "plain text", text: "a =? b", want: "a =? b" },
  { name: "Q", text: "=?iso-8859-1?q?caf=E9_noir?=", want: "café noir" },
  { name: "B", text: "=?UTF-8?B?w6l0w6k=?=", want: "été" },
  { name: "B without padding", text: "=?UTF-8?B?w6l0w6k?=", want: "été" },
  { name: "a language", text: "=?utf-8*fr-FR?Q?=C3=A9?=", want: "é" },
  { name: "RFC 2047 §8: blanks between words vanish", text: "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", want: "(ab)" },
  { name: "RFC 2047 §8: a blank before text stays", text: "=?ISO-8859-1?Q?a?= b", want: "a b" },
  { name: "RFC 2047 §8: a blank inside", text: "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", want: "a b" },
  { name: "a character split between words", text: "=?utf-8?B?w6nDqcM=?= =?utf-8?B?qQ==?=", want: "ééé" },
  { name: "a word next to text", text: "x=?utf-8?Q?=C3=A9?=y", want: "xéy" },
  { name: "blanks inside a word", text: "=?utf-8?Q?a b=C3=A9?=", want: "a bé" },
  { name: "a cut word before a whole one", text: "=?utf-8?Q?cut =?utf-8?Q?whole?=", want: "=?utf-8?Q?cut whole" },
  { name: "a word that never ends", text: "=?utf-8?Q?endless", want: "=?utf-8?Q?endless" },
  { name: "another encoding letter", text: "=?utf-8?X?a?=", want: "=?utf-8?X?a?=" },
  { name: "an unknown charset with UTF-8 in it", text: "=?x-unknown?Q?=C3=A9?=", want: "é" },
  { name: "an unknown charset without", text: "=?klingon?Q?=E9?=", want: "é" },
  { name: "utf-8 that is none", text: "=?utf-8?Q?caf=E9?=", want: "café" },
  { name: "raw letters in a word", text: "=?iso-8859-1?Q?Réseau_=E9?=", want: "Réseau é" },
  { name: "ISO-2022-JP", text: "=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", want: "こん" },
  { name: "UTF-7", text: "=?unicode-1-1-utf-7?Q?caf+AOk-?=", want: "café" },
  { name: "an empty word", text: "=?utf-8?Q??=", want: "" },
];

describe("decodeWords", () => {
  for (const { name, text, want } of cases) it(name, () => assert.equal(decodeWords(text), want));

  it("reads back what it is printed from", () => {
    const form = fc.constantFrom("B", "Q");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), form, (text, letter) => {
        const octets = Buffer.from(text);
        const q = octets.toString("hex").replace(/../g, "=$&");
        assert.equal(decodeWords(`=?utf-8?${letter}?${letter === "B" ? octets.toString("base64") : q}?=`), text);
      }),
    );
  });

  it("never throws and always ends", () => {
    const garbage = fc.array(fc.constantFrom("=?", "?=", "?", "=", "utf-8", "q", "B", "?q?", " ", "E9", "é", "*"), {
      maxLength: 60,
    });
    fc.assert(fc.property(garbage, (pieces) => typeof decodeWords(pieces.join("")) === "string"));
  });

  it("takes time in proportion to hostile input", { timeout: 20_000 }, () => {
    for (const piece of ["=?", "=?a?q?", "=?a?q? ", "=?a?b?=", "=?utf-8?Q?a?=", "?=", "=?utf-8?Q?a?= =?koi8-r?Q?b?="]) {
      decodeWords(piece.repeat(500_000 / piece.length));
    }
  });
});
