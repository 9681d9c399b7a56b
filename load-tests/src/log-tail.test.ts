import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { tailLog } from "./log-tail.ts";

it("gives each whole line once", () => {
  const dir = tempDir("tamis-log-tail");
  const file = join(dir.path, "x.log");
  writeFileSync(file, "old\n");
  const [tail, whole] = [tailLog(file), tailLog(file, { fromStart: true })];
  assert.deepEqual(tail.lines(), []);
  appendFileSync(file, "one\ntw");
  assert.deepEqual(tail.lines(), ["one"]);
  appendFileSync(file, "o\n");
  assert.deepEqual(tail.lines(), ["two"]);
  assert.deepEqual(whole.lines(), ["old", "one", "two"]);
  tail.close();
  whole.close();
  dir.remove();
});
