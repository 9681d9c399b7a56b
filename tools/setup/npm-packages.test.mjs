import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { packagesAreReady } from "./npm-packages.mjs";

describe("packagesAreReady", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tamis-packages-"));
    mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
    symlinkSync(process.execPath, join(root, "node_modules/.bin/node"));
    writeFileSync(join(root, "package.json"), "{}");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const locked = {
    "": {},
    "libs/a": { version: "1.0.0" },
    "node_modules/@x/a": { resolved: "libs/a", link: true },
    "node_modules/b": { version: "2.0.0" },
    "node_modules/b/node_modules/c": { version: "3.0.0" },
    "node_modules/other-platform": { version: "4.0.0", optional: true },
  };
  const installed = {
    "libs/a": { version: "1.0.0" },
    "node_modules/@x/a": { resolved: "libs/a", link: true },
    "node_modules/b": { version: "2.0.0" },
    "node_modules/b/node_modules/c": { version: "3.0.0" },
  };
  const write = (file, packages) => writeFileSync(join(root, file), JSON.stringify({ packages }));

  const cases = [
    { name: "all there", installed, want: true },
    {
      name: "one more than needed",
      installed: { ...installed, "node_modules/extra": { version: "1.0.0" } },
      want: true,
    },
    { name: "one missing", installed: { ...installed, "node_modules/b": undefined }, want: false },
    { name: "another version", installed: { ...installed, "node_modules/b": { version: "2.0.1" } }, want: false },
    {
      name: "a nested one missing",
      installed: { ...installed, "node_modules/b/node_modules/c": undefined },
      want: false,
    },
    { name: "a workspace not linked", installed: { ...installed, "node_modules/@x/a": undefined }, want: false },
  ];
  for (const { name, installed, want } of cases) {
    it(`${name}: ${want}`, () => {
      write("package-lock.json", locked);
      write("node_modules/.package-lock.json", installed);
      assert.equal(packagesAreReady(root), want);
      assert.equal(existsSync(join(root, "node_modules/.tamis-stamp")), want);
    });
  }

  it("nothing installed: false", () => {
    write("package-lock.json", locked);
    rmSync(join(root, "node_modules"), { recursive: true });
    assert.equal(packagesAreReady(root), false);
  });

  it("a stamp of another lock file is not believed", () => {
    write("package-lock.json", locked);
    write("node_modules/.package-lock.json", installed);
    assert.equal(packagesAreReady(root), true);
    write("package-lock.json", { ...locked, "node_modules/new": { version: "1.0.0" } });
    assert.equal(packagesAreReady(root), false);
  });
});
