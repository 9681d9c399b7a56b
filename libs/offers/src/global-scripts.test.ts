import assert from "node:assert/strict";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { openGlobalScripts } from "./global-scripts.ts";

describe("openGlobalScripts", () => {
  const dir = tempDir("tamis-global");
  after(() => dir.remove());

  /** A folder with these files, with a clock of its own. */
  function opened(name: string, files: Readonly<Record<string, string>>) {
    const folder = join(dir.path, name);
    mkdirSync(folder, { mode: 0o755 });
    const write = (file: string, text: string): void => writeFileSync(join(folder, file), text, { mode: 0o644 });
    for (const [file, text] of Object.entries(files)) write(file, text);
    let now = 0;
    const told: string[] = [];
    const scripts = openGlobalScripts({
      folder,
      clock: () => now,
      onUnusable: ({ file, code }) => told.push(`${file.slice(dir.path.length + 1)} ${code}`),
    });
    return {
      scripts,
      folder,
      write,
      told,
      later: () => {
        now += 2_000;
      },
    };
  }

  it("reads the scripts of the folder, and nothing else", () => {
    const { scripts } = opened("plain", { "b.sieve": "keep;", "a b.sieve": "stop;", "c.txt": "no", ".sieve": "no" });
    assert.deepEqual(scripts.names(), ["a b", "b"]);
    assert.equal(scripts.read("b"), "keep;");
    for (const name of ["c", "", "../plain/b", "B", "b.sieve"]) assert.equal(scripts.read(name), null);
  });

  it("sees what changed, came and went, and has another version then", () => {
    const { scripts, write, folder, later } = opened("changing", { "a.sieve": "keep;" });
    const versions = [scripts.version()];
    const next = (act: () => void): void => {
      act();
      later();
      assert.ok(!versions.includes(scripts.version()));
      versions.push(scripts.version());
    };
    next(() => write("a.sieve", "discard;"));
    assert.equal(scripts.read("a"), "discard;");
    next(() => write("b.sieve", "stop;"));
    assert.deepEqual(scripts.names(), ["a", "b"]);
    next(() => rmSync(join(folder, "a.sieve")));
    assert.equal(scripts.read("a"), null);
    later();
    assert.equal(scripts.version(), versions.at(-1));
  });

  it("leaves out what others may write, and tells of it once", () => {
    const { scripts, folder, told, later } = opened("unsafe", { "a.sieve": "keep;", "b.sieve": "keep;" });
    chmodSync(join(folder, "a.sieve"), 0o664);
    assert.deepEqual(scripts.names(), ["b"]);
    later();
    assert.equal(scripts.read("a"), null);
    assert.deepEqual(told, ["unsafe/a.sieve writable-by-others"]);
    chmodSync(folder, 0o777);
    later();
    assert.deepEqual(scripts.names(), []);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, "a.sieve"), 0o644);
    later();
    assert.deepEqual(scripts.names(), ["a", "b"]);
  });

  it("stays as it was while the folder is away", () => {
    const { scripts, folder, told, later } = opened("away", { "a.sieve": "keep;" });
    const before = scripts.version();
    renameSync(folder, `${folder}.bak`);
    later();
    assert.equal(scripts.read("a"), "keep;");
    assert.equal(scripts.version(), before);
    assert.deepEqual(told, ["away ENOENT"]);
  });

  it("has none where no folder is set", () => {
    const scripts = openGlobalScripts({ folder: null, clock: () => 0, onUnusable: () => assert.fail() });
    assert.deepEqual([scripts.names(), scripts.read("a"), scripts.version()], [[], null, ""]);
  });
});
