import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { rfcsCited } from "@tamis/testkit";

it("every RFC that the sources cite has a row in RFCS.md", () => {
  const { cited, missing } = rfcsCited(join(import.meta.dirname, ".."));
  assert.deepEqual(missing, []);
  assert.ok(cited.length > 0);
});
