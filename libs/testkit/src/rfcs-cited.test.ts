import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "./guard.ts";
import { rfcsCited } from "./rfcs-cited.ts";

describe("rfcsCited", () => {
  const dir = tempDir("tamis-rfcs-test");
  after(() => dir.remove());

  it("reads all folders of the sources, and only whole rows of the table", () => {
    mkdirSync(join(dir.path, "src/deep"), { recursive: true });
    writeFileSync(join(dir.path, "src/a.ts"), "// RFC 5228 §2.4, RFC 522 and RFC 5228\n");
    writeFileSync(join(dir.path, "src/deep/b.ts"), "/** RFC 5804 §1.2 */\n");
    writeFileSync(join(dir.path, "RFCS.md"), "| RFC | part |\n|---|---|\n| RFC 5228 | all, with RFC 5804 |\n");
    assert.deepEqual(rfcsCited(dir.path), {
      cited: ["RFC 5228", "RFC 522", "RFC 5804"],
      missing: ["RFC 522", "RFC 5804"],
    });
  });
});
