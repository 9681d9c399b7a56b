import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { type Ability, abilities } from "@tamis/sieve";
import { tempDir } from "@tamis/testkit";
import { examineFiles } from "./doctor-files.ts";

describe("examineFiles", () => {
  const dir = tempDir("tamis-doctor-files");
  after(() => dir.remove());
  const folder = join(dir.path, "global");
  mkdirSync(folder, { mode: 0o755 });
  const file = join(dir.path, "team.txt");
  const settings = {
    lists: [
      { name: "tag:x,2026:team", source: { kind: "file", path: file } },
      { name: ":addrbook:default", source: { kind: "folder", path: dir.path } },
    ],
    organisation: { before: [], after: "none", global_scripts: folder },
  } as const;
  const examined = (there: ReadonlySet<Ability> = new Set(abilities)) =>
    examineFiles({
      settings: { ...settings, lists: [...settings.lists], organisation: { ...settings.organisation, before: [] } },
      abilities: there,
    });

  it("finds lists and global scripts in order", async () => {
    writeFileSync(file, "a@x.org");
    writeFileSync(join(folder, "a.sieve"), 'require "include"; include :global "b"; include "own";', { mode: 0o644 });
    writeFileSync(join(folder, "b.sieve"), "keep;", { mode: 0o644 });
    assert.deepEqual(
      (await examined()).map(({ ok, text }) => [ok, text.en]),
      [
        [true, "2 lists for scripts, all can be read"],
        [true, "2 global scripts, all compile"],
      ],
    );
  });

  it("names what cannot be used, and why", async () => {
    writeFileSync(file, Buffer.from("é", "latin1"));
    writeFileSync(join(folder, "c.sieve"), 'require "snooze";', { mode: 0o644 });
    writeFileSync(join(folder, "d.sieve"), "keep;");
    chmodSync(join(folder, "d.sieve"), 0o666);
    const [lists, globals] = await examined(new Set<Ability>(["other-scripts"]));
    assert.match(lists?.text.en ?? "", /tag:x,2026:team \(not-utf8\)/);
    assert.match(globals?.text.en ?? "", /d\.sieve \(writable-by-others\); c\.sieve:1:9: “snooze” is not offered/);
  });

  it("says nothing where nothing is set", async () => {
    assert.deepEqual(
      await examineFiles({
        settings: { lists: [], organisation: { before: [], after: "none" } },
        abilities: new Set(),
      }),
      [],
    );
  });
});
