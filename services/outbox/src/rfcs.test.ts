import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";

it("every RFC that the sources cite has a row in RFCS.md", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const cited = sources.flatMap((name) => readFileSync(join(folder, name), "utf8").match(/\bRFC \d+/g) ?? []);
  const table = readFileSync(join(folder, "../RFCS.md"), "utf8");
  const missing = [...new Set(cited)].filter((rfc) => !table.includes(`| ${rfc} `));
  assert.deepEqual(missing, []);
  assert.ok(cited.length > 0);
});
