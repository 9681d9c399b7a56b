import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { remarks } from "./doctor-texts.ts";

it("all that the doctor finds, and each mend, is told in both languages", () => {
  assert.deepEqual(textFaults(remarks), []);
});
