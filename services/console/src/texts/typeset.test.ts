import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { printedFrench, typeset } from "./typeset.ts";

describe("texts as they are printed", () => {
  for (const [text, want] of [
    ["Destinataires : {count}", "Destinataires\u00a0: {count}"],
    ["vide ; sinon quoi ?", "vide\u202f; sinon quoi\u202f?"],
    ["le « tamis » d'été", "le «\u00a0tamis\u00a0» d’été"],
    ["https://a.fr:8443/ 8:00", "https://a.fr:8443/ 8:00"],
    ["'cité' {{prenom|\"collègue\"}}", "'cité' {{prenom|\"collègue\"}}"],
  ] as const)
    it(text, () => assert.equal(printedFrench(text), want));

  it("keep what is no text, and English has its apostrophes too", () => {
    const { x } = typeset({ x: { status: 404, en: "the reader's", fr: "l'un" } });
    assert.deepEqual(x, { status: 404, en: "the reader’s", fr: "l’un" });
  });
});
