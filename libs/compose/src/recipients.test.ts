import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  compileDraft,
  fieldsUsed,
  missingFields,
  needsSmtpUtf8,
  recipientFaults,
  renderRecipientFault,
} from "./index.ts";

describe("recipients", () => {
  const made = compileDraft({
    from: { address: "a@b.example" },
    subject: "{{annee}}",
    text: '{{prenom}} {{nom|"-"}} {{prenom}}',
    attachments: [],
  });
  assert.ok(made.ok);
  const { compiled } = made;
  const recipient = (fields: Readonly<Record<string, string>>, address = "c@d.example") => ({ address, fields });

  it("have to have the fields that are used", () => {
    assert.deepEqual(fieldsUsed(compiled), ["annee", "prenom", "nom"]);
    assert.deepEqual(missingFields(compiled, recipient({ prenom: "Zoé", annee: " " })), ["annee"]);
    assert.deepEqual(missingFields(compiled, recipient({ prenom: "Zoé", annee: "2026" })), []);
    assert.deepEqual(missingFields(compiled, recipient(JSON.parse('{"__proto__": {"annee": "1"}, "prenom": "Zoé"}'))), [
      "annee",
    ]);
  });

  it("have to have an address, and values that are not too long", () => {
    const faults = recipientFaults(compiled, recipient({ prenom: "a".repeat(10_001), annee: "" }, "nobody"));
    assert.deepEqual(faults, [
      { code: "bad-address" },
      { code: "missing-field", field: "annee" },
      { code: "field-too-long", field: "prenom" },
    ]);
    for (const fault of faults) assert.match(renderRecipientFault(fault, "fr"), /^[^{]*(?:\{\{\w+\|"…"\}\}\))?$/);
  });

  it("need SMTPUTF8 only where a local part does", () => {
    const needs = (address: string): boolean => needsSmtpUtf8(compiled, recipient({}, address));
    assert.deepEqual([needs("a@b.example"), needs("a@académie.example"), needs("zoé@b.example")], [false, false, true]);
  });
});
