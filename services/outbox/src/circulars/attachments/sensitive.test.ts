import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { processorMs } from "@tamis/testkit";
import type { SensitiveRule } from "./config.ts";
import { isSecret } from "./sensitive.ts";

const file = (filename: string, type = "application/pdf", secret?: boolean) => ({
  filename,
  type,
  ...(secret === undefined ? {} : { secret }),
});
const SENDERS = ["rh@academie.example", "anna@academie.example"];

describe("an attachment is secret", () => {
  const cases: readonly [string, boolean, ReturnType<typeof file>, readonly SensitiveRule[]][] = [
    ["by its sender's wish", true, file("a.pdf", "application/pdf", true), []],
    ["not by itself", false, file("a.pdf"), []],
    [
      "by its name, in any case and form",
      true,
      file("Fiche_de_PAIE_e\u0301te\u0301.PDF"),
      [{ filename: "*paie*été.pdf" }],
    ],
    ["whatever its sender wishes", true, file("paie.pdf", "application/pdf", false), [{ filename: "paie*" }]],
    ["not where the name begins otherwise", false, file("la paie.pdf"), [{ filename: "paie*" }]],
    ["by one character", true, file("3eB.csv"), [{ filename: "3e?.csv" }]],
    ["not by none", false, file("3e.csv"), [{ filename: "3e?.csv" }]],
    ["with marks that mean nothing", true, file("a[1](2).pdf"), [{ filename: "a[1](2).*" }]],
    ["by its type, parameters aside", true, file("a", "text/csv; charset=utf-8"), [{ type: "text/csv" }]],
    ["by who writes", true, file("a"), [{ sender: "rh@academie.example" }]],
    ["by whose account it is", true, file("a"), [{ sender: "ANNA@*" }]],
    ["not by another", false, file("a"), [{ sender: "*@rectorat.example" }]],
    ["where all of a rule fits", false, file("a.csv", "text/csv"), [{ type: "text/csv", filename: "*.pdf" }]],
    ["by any of several rules", true, file("a.csv", "text/csv"), [{ filename: "*.pdf" }, { type: "text/*" }]],
  ];
  for (const [name, want, attachment, rules] of cases)
    it(name, () => assert.equal(isSecret(attachment, SENDERS, rules), want));

  it("soon, whatever the pattern", () => {
    const tookMs = processorMs(() =>
      assert.equal(isSecret(file("a".repeat(255)), [], [{ filename: `${"*a".repeat(99)}*b` }]), false),
    );
    assert.ok(tookMs < 500, `${tookMs} ms`);
  });
});
