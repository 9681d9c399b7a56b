import assert from "node:assert/strict";
import { it } from "node:test";
import { readAccountsCsv } from "./accounts-csv.ts";
import { ConfigFault } from "./fault.ts";

const source = { file: "accounts.csv", folder: "/" };

it("the other addresses that an account writes as stand in one cell, with blanks between them", () => {
  const text = "address,identities\nanna@example.org,office@example.org  a.b@example.org\nbob@example.org,\n";
  const { entries } = readAccountsCsv(text, source);
  assert.deepEqual(
    entries.map(({ entry }) => entry.identities),
    [["office@example.org", "a.b@example.org"], undefined],
  );
});

it("who answers receipts, and by which policy", () => {
  const header = "address,answers_receipts,receipt_policy";
  const { entries } = readAccountsCsv(`${header}\nanna@example.org,tamis,inside\nbob@example.org,,\n`, source);
  assert.deepEqual(
    entries.map(({ entry }) => [entry.answers_receipts, entry.receipt_policy]),
    [
      ["tamis", "inside"],
      [undefined, undefined],
    ],
  );
  const { faults } = readAccountsCsv(`${header}\nanna@example.org,tamis,sometimes\n`, source);
  assert.match(new ConfigFault(faults).message, /^accounts\.csv:2: receipt_policy/);
});

it("one that is no address is a fault of its line", () => {
  const { faults } = readAccountsCsv("address,identities\nanna@example.org,office\n", source);
  assert.match(new ConfigFault(faults).message, /^accounts\.csv:2: identities.*not a mail address/);
});
