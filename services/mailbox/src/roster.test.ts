import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { memoryBucket } from "../test/memory-bucket.ts";
import { Roster } from "./roster.ts";

const MINUTE = 60_000;

/** Runs with a folder for the file. */
async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const dir = tempDir("tamis-roster");
  try {
    await test(dir.path);
  } finally {
    dir.remove();
  }
}

describe("Roster", () => {
  it("tells first and last from bucket or file, whichever is left", () =>
    inFolder(async (folder) => {
      const bucket = memoryBucket("roster");
      const roster = new Roster(bucket, folder);
      assert.equal(await roster.isEmpty(), true);
      assert.equal(await roster.seen("ada"), null);
      await roster.touch("ada", 10 * MINUTE);
      await roster.touch("ada", 20 * MINUTE);
      roster.save();
      const want = { first: 10 * MINUTE, last: 20 * MINUTE };
      assert.deepEqual(await new Roster(memoryBucket("lost"), folder).seen("ada"), want);
      rmSync(join(folder, "roster.json"));
      const other = new Roster(bucket, folder);
      assert.deepEqual(await other.seen("ada"), want);
      assert.equal(await other.isEmpty(), false);
    }));

  it("writes at most every five minutes", () =>
    inFolder(async (folder) => {
      const bucket = memoryBucket("roster");
      const roster = new Roster(bucket, folder);
      await roster.touch("ada", 10 * MINUTE);
      await roster.touch("ada", 14 * MINUTE);
      assert.equal((await roster.seen("ada"))?.last, 10 * MINUTE);
      await roster.touch("ada", 15 * MINUTE);
      assert.equal((await roster.seen("ada"))?.last, 15 * MINUTE);
      roster.save();
    }));

  it("two instances on one machine write the union", () =>
    inFolder(async (folder) => {
      const bucket = memoryBucket("roster");
      const [one, other] = [new Roster(bucket, folder), new Roster(bucket, folder)];
      await one.touch("ada", 10 * MINUTE);
      await other.touch("ben", 11 * MINUTE);
      await other.touch("ada", 30 * MINUTE);
      one.save();
      other.save();
      one.save();
      const file = JSON.parse(readFileSync(join(folder, "roster.json"), "utf8"));
      assert.deepEqual(file, {
        ada: { first: 10 * MINUTE, last: 30 * MINUTE },
        ben: { first: 11 * MINUTE, last: 11 * MINUTE },
      });
    }));

  for (const damage of ["", "{", "[]", '{"ada":{"first":"x"}}', "\0"])
    it(`reads a damaged file as knowing nobody: ${JSON.stringify(damage)}`, () =>
      inFolder(async (folder) => {
        writeFileSync(join(folder, "roster.json"), damage);
        const roster = new Roster(memoryBucket("roster"), folder);
        assert.equal(await roster.isEmpty(), true);
        await roster.touch("ada", MINUTE * 10);
        roster.save();
        assert.equal((await new Roster(memoryBucket("lost"), folder).seen("ada"))?.first, MINUTE * 10);
      }));

  it("a file that cannot be written is told of and ends nothing", () =>
    inFolder(async (folder) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const below = join(folder, "below");
      const roster = new Roster(memoryBucket("roster"), below, resolve);
      rmSync(below, { recursive: true });
      await roster.touch("ada", 10 * MINUTE);
      assert.match(String(await promise), /ENOENT/);
      assert.equal((await roster.seen("ada"))?.last, 10 * MINUTE);
    }));
});
