import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { tempDir } from "@tamis/testkit";
import { programFile } from "./program-file.ts";

const dir = tempDir("tamis-programs");
after(() => dir.remove());
const self = process.getuid?.() ?? 0;

function folderWith(name: string, mode = 0o755, folderMode = 0o755): string {
  const folder = join(dir.path, `${Math.random()}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), "#!/bin/sh\n");
  chmodSync(join(folder, name), mode);
  chmodSync(folder, folderMode);
  return folder;
}

describe("which programs may be run", () => {
  it("one that belongs to its owner alone", async () => {
    const folder = folderWith("good");
    assert.deepEqual(await programFile(folder, "good", self), { kind: "found", path: join(folder, "good") });
  });

  it("no name that leaves the folder, is hidden, or is none", async () => {
    const folder = folderWith("good");
    for (const name of ["", ".", "..", "../good", "a/b", "/bin/sh", ".good", "good\0", "absent", "x".repeat(129)])
      assert.deepEqual(await programFile(folder, name, self), { kind: "missing" }, name);
  });

  const unsafe: readonly { name: string; folder: () => string; why: RegExp }[] = [
    { name: "others may write it", folder: () => folderWith("p", 0o757), why: /others may write it/ },
    { name: "its group may write it", folder: () => folderWith("p", 0o775), why: /others may write it/ },
    {
      name: "others may write its folder",
      folder: () => folderWith("p", 0o755, 0o777),
      why: /others may write the folder/,
    },
    { name: "not executable", folder: () => folderWith("p", 0o644), why: /not executable/ },
    {
      name: "a symbolic link",
      folder: () => {
        const folder = folderWith("other");
        symlinkSync("/bin/true", join(folder, "p"));
        return folder;
      },
      why: /no plain file/,
    },
    {
      name: "a folder",
      folder: () => {
        const folder = folderWith("other");
        mkdirSync(join(folder, "p"));
        return folder;
      },
      why: /no plain file/,
    },
  ];
  for (const { name, folder, why } of unsafe) {
    it(`not: ${name}`, async () => {
      const file = await programFile(folder(), "p", self);
      assert.equal(file.kind, "unsafe");
      assert.match(file.kind === "unsafe" ? file.why.en : "", why);
    });
  }

  it("not one of another owner", async () => {
    const file = await programFile(folderWith("p"), "p", self + 1);
    assert.equal(file.kind, "unsafe");
  });
});
