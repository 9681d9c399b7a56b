import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { noExtensions, remarks, unsyncedText } from "./doctor-texts.ts";
import { remarks as receipts } from "./tracking/doctor-texts.ts";

it("all that the doctor finds, and each mend, is told in both languages", () => {
  assert.deepEqual(textFaults({ ...remarks, noExtensions, unsyncedText, receipts }), []);
});
