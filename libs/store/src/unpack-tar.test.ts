import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { dataDir } from "@electric-sql/pglite-prepopulatedfs";
import { tempDir } from "@tamis/testkit";
import { unpackTar } from "./unpack-tar.ts";

describe("unpackTar", () => {
  const dir = tempDir("tamis-tar");
  after(() => dir.remove());
  /** Every file below a folder with the digest of its octets. */
  const below = (folder: string): ReadonlyMap<string, string> => {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return new Map(
      names.map((name) => {
        const path = join(folder, name);
        return [name, statSync(path).isDirectory() ? "folder" : hash("sha256", readFileSync(path))];
      }),
    );
  };

  it("gives what tar gives of an empty database, octet by octet", async () => {
    const archive = new Uint8Array(await (await dataDir()).arrayBuffer());
    const [ours, theirs, file] = ["ours", "theirs", "db.tgz"].map((name) => join(dir.path, name));
    assert.ok(ours && theirs && file);
    writeFileSync(file, archive);
    mkdirSync(theirs);
    assert.equal(spawnSync("tar", ["-xzf", file, "-C", theirs]).status, 0);
    unpackTar(archive, ours);
    const found = below(ours);
    assert.ok(found.size > 900, `${found.size}`);
    assert.deepEqual(found, below(theirs));
  });

  for (const [name, archive] of [
    ["what is no archive", Buffer.from("x")],
    ["nothing", Buffer.alloc(0)],
  ] as const)
    it(`refuses ${name}`, () => {
      assert.throws(() => unpackTar(archive, join(dir.path, "bad")));
    });
});
