import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { languageOf } from "./language.ts";

describe("the language of whoever asks", () => {
  for (const { header, want } of [
    { header: undefined, want: "fr" },
    { header: "", want: "fr" },
    { header: "de-CH, it;q=0.5", want: "fr" },
    { header: "*", want: "fr" },
    { header: "en", want: "en" },
    { header: "EN-gb", want: "en" },
    { header: "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", want: "fr" },
    { header: "de, en;q=0.3, fr;q=0.2", want: "en" },
    { header: "fr;q=0, en;q=0.1", want: "en" },
    { header: "en, fr", want: "en" },
    { header: "fr ; q=0.5, en ;q=0.5", want: "fr" },
    { header: "en;q=2", want: "fr" },
    { header: "english", want: "fr" },
  ])
    it(`is ${want} for ${header}`, () => assert.equal(languageOf(header, "fr"), want));
  it("is one of the two for whatever comes", () => {
    fc.assert(fc.property(fc.string(), (header) => ["en", "fr"].includes(languageOf(header, "en"))));
  });
});
