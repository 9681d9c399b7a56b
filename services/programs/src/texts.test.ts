import assert from "node:assert/strict";
import { it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { remarks, unsafeTexts } from "./texts.ts";

it("all that the doctor finds, each mend, and why a program is not run, is told in both languages", () => {
  assert.deepEqual(textFaults({ ...remarks, ...unsafeTexts }), []);
});
