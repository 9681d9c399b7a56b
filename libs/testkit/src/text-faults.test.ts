import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textFaults } from "./text-faults.ts";

const good = { en: "{a} in {b}", fr: "{a} dans {b}" };

describe("textFaults", () => {
  const cases: readonly { name: string; text: object; want: readonly string[] }[] = [
    { name: "all is well", text: { ...good, mend: good }, want: [] },
    { name: "no French", text: { en: "in" }, want: ["x: no French"] },
    { name: "an empty French", text: { en: "in", fr: "" }, want: ["x: no French"] },
    { name: "no English", text: { fr: "dans" }, want: ["x: no English"] },
    { name: "no French mend", text: { ...good, mend: { en: "do it" } }, want: ["x.mend: no French"] },
    { name: "not translated", text: { en: "do it", fr: "do it" }, want: ["x: the same in both languages"] },
    { name: "other parameters", text: { en: "{a}", fr: "{b}" }, want: ["x: other parameters in French"] },
    { name: "one word is the same in many languages", text: { en: "date", fr: "date" }, want: [] },
    { name: "nothing but parameters", text: { en: "{a}: {b}", fr: "{a} : {b}" }, want: [] },
  ];
  for (const { name, text, want } of cases) it(name, () => assert.deepEqual(textFaults({ x: text }), want));

  it("lets be the same what may be", () => {
    assert.deepEqual(textFaults({ x: { en: "chmod o-w f", fr: "chmod o-w f" } }, ["x"]), []);
  });
});
