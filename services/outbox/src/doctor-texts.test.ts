import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { clockFindings } from "./doctor.ts";
import { noExtensions, remarks, unsyncedText } from "./doctor-texts.ts";
import { listRemarks } from "./lists/doctor-lists.ts";
import { listTexts } from "./lists/list-texts.ts";
import { lookupRemarks } from "./lookup/doctor-lookup.ts";
import { remarks as receipts } from "./tracking/doctor-texts.ts";

it("all that the doctor finds, and each mend, is told in both languages", () => {
  assert.deepEqual(textFaults({ ...remarks, noExtensions, unsyncedText }), []);
  for (const texts of [listRemarks, listTexts, lookupRemarks, receipts]) assert.deepEqual(textFaults(texts), []);
});

it("clocks that differ are told of, whichever is ahead, from a second on", () => {
  assert.deepEqual([clockFindings(999), clockFindings(-999)], [[], []]);
  assert.deepEqual(
    [1_000, -90_000].map((aheadMs) => clockFindings(aheadMs).map(({ id }) => id)),
    [["outbox.clock"], ["outbox.clock"]],
  );
});
