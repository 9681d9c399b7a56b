import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runSuite } from "./run-suite.ts";

const folder = new URL("../../test/suite/", import.meta.url);

function readText(path: string): string | null {
  try {
    return readFileSync(new URL(path, folder), "utf8");
  } catch {
    return null;
  }
}

const environment = { folder: folder.pathname, now: Date.UTC(2026, 10, 22, 12), timeZone: "Europe/Paris", readText };

describe("our own suite", () => {
  let passed = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".svtest"))) {
    it(file, () => {
      const report = runSuite(readFileSync(new URL(file, folder), "utf8"), environment);
      assert.deepEqual(
        report.diagnostics
          .filter(({ severity }) => severity === "error")
          .map(({ message, span }) => [span.line, message]),
        [],
      );
      assert.deepEqual(report.failures, []);
      assert.ok(report.passed > 0 || report.skipped !== null);
      passed += report.passed;
    });
  }

  it("has more than 500 tests", () => assert.ok(passed > 500, `${passed} passed`));
});
