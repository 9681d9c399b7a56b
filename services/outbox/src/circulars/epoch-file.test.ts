import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { judgeTables, readWitness, writeWitness } from "./epoch-file.ts";

const NOW = 1_700_000_000_000;
const tables = (number: number, at = NOW, installation = "a") => ({ installation, number, at });

describe("whether the tables are those that sent last", () => {
  for (const { name, file, found, want } of [
    { name: "a first start", file: null, found: null, want: "ours" },
    { name: "new tables beside an old file", file: { installation: "a", number: 9 }, found: null, want: "ours" },
    { name: "as they were left", file: { installation: "a", number: 9 }, found: tables(9), want: "ours" },
    {
      name: "another instance was there since",
      file: { installation: "a", number: 9 },
      found: tables(12),
      want: "ours",
    },
    { name: "a backup", file: { installation: "a", number: 9 }, found: tables(8), want: "restored" },
    {
      name: "a backup of another installation",
      file: { installation: "b", number: 9 },
      found: tables(20),
      want: "restored",
    },
    {
      name: "one that was away for hours, while another works",
      file: { installation: "a", number: 9, at: NOW - 7_200_000 },
      found: tables(12, NOW - 5_000),
      want: "ours",
    },
    {
      name: "one that was away for hours, and nobody works",
      file: { installation: "a", number: 9, at: NOW - 7_200_000 },
      found: tables(12, NOW - 300_000),
      want: "unknown",
    },
    {
      name: "all ended, one a little before the other",
      file: { installation: "a", number: 9, at: NOW - 86_460_000 },
      found: tables(12, NOW - 86_400_000),
      want: "ours",
    },
    { name: "a second instance joins", file: null, found: tables(9, NOW - 5_000), want: "ours" },
    { name: "a backup on a new machine", file: null, found: tables(9, NOW - 61_000), want: "unknown" },
    { name: "a clock that was wrong", file: null, found: tables(9, NOW + 61_000), want: "unknown" },
  ])
    it(`${name}: ${want}`, () => assert.equal(judgeTables(file, found, NOW), want));
});

describe("the file beside the tables", () => {
  const dir = tempDir("tamis-epoch");
  after(() => dir.remove());
  it("is read as it was written, and garbage as none", () => {
    const stateDir = join(dir.path, "state");
    assert.equal(readWitness(stateDir), null);
    writeWitness(stateDir, tables(3));
    assert.deepEqual(readWitness(stateDir), { installation: "a", number: 3, at: NOW });
    writeFileSync(join(stateDir, "outbox-epoch.json"), "{");
    assert.equal(readWitness(stateDir), null);
  });
});
