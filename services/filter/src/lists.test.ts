import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { tempDir } from "@tamis/testkit";
import type { ListSetting } from "./list-settings.ts";
import { type Lists, type ListsOptions, openLists } from "./lists.ts";

const BOOK = ":addrbook:default";
const PARTNERS = "tag:example.org,2026:partners";

describe("openLists", () => {
  const dir = tempDir("tamis-lists");
  after(() => dir.remove());
  const path = (name: string): string => join(dir.path, name);
  const write = (name: string, text: string): string => {
    writeFileSync(path(name), text);
    return path(name);
  };

  /** Lists over these settings, with a clock of their own. */
  function opened(lists: readonly ListSetting[], more: Partial<ListsOptions> = {}) {
    let now = 0;
    const told: string[] = [];
    const options = { lists, memoryBytes: 10_000_000, clock: () => now, ...more };
    const made = openLists({ onUnusable: ({ list, code }) => told.push(`${list} ${code}`), ...options });
    return {
      lists: made,
      told,
      later: () => {
        now += 2_000;
      },
    };
  }
  const file = (name: string, column?: string): ListSetting => ({
    name: PARTNERS,
    source: { kind: "file", path: path(name), ...(column === undefined ? {} : { column }) },
  });
  const has = async (lists: Lists, value: string, name = PARTNERS, address = "anna@example.org") => {
    const read = await lists.of(name, address);
    return read?.kind === "entries" ? read.entries.has(value) : (read?.kind ?? "none");
  };

  it("knows its names, and no other list", async () => {
    write("names.txt", "a@x.org");
    const { lists } = opened([file("names.txt")]);
    assert.deepEqual(lists.names, [PARTNERS]);
    assert.equal(await lists.of(BOOK, "anna@example.org"), null);
  });

  it("reads a file again when it changed", async () => {
    write("changing.txt", "a@x.org");
    const { lists, later } = opened([file("changing.txt")]);
    assert.equal(await has(lists, "b@x.org"), false);
    write("changing.txt", "a@x.org\nb@x.org");
    assert.equal(await has(lists, "b@x.org"), false, "not looked at again so soon");
    later();
    assert.equal(await has(lists, "b@x.org"), true);
  });

  it("gives each account its own list, and an empty one where nobody wrote any", async () => {
    mkdirSync(path("books"));
    write("books/anna@example.org", "friend@x.org");
    const { lists, later } = opened([{ name: BOOK, source: { kind: "folder", path: path("books") } }]);
    assert.equal(await has(lists, "friend@x.org", BOOK, "Anna@Example.org"), true);
    assert.equal(await has(lists, "friend@x.org", BOOK, "ben@example.org"), false);
    write("books/ben@example.org", "friend@x.org");
    later();
    assert.equal(await has(lists, "friend@x.org", BOOK, "ben@example.org"), true);
    rmSync(path("books/ben@example.org"));
    later();
    assert.equal(await has(lists, "friend@x.org", BOOK, "ben@example.org"), false);
  });

  it("finds no file outside of the folder, whatever an address is", async () => {
    mkdirSync(path("inner"));
    write("secret@x", "friend@x.org");
    const { lists } = opened([{ name: BOOK, source: { kind: "folder", path: path("inner") } }]);
    for (const address of ["../secret@x", "a/../../secret@x", "..", ".", "", "a\0b@x", `${"a".repeat(300)}@x`])
      assert.equal(await has(lists, "friend@x.org", BOOK, address), false);
  });

  it("waits while a file is away, and tells of it once", async () => {
    write("away.txt", "a@x.org");
    const { lists, later, told } = opened([file("away.txt")]);
    assert.equal(await has(lists, "a@x.org"), true);
    renameSync(path("away.txt"), path("away.bak"));
    later();
    await assert.rejects(
      lists.of(PARTNERS, "a"),
      (error) => error instanceof RetryLater && error.code === "list-unreadable",
    );
    await assert.rejects(lists.of(PARTNERS, "a"), RetryLater);
    assert.deepEqual(told, [`${PARTNERS} ENOENT`]);
    renameSync(path("away.bak"), path("away.txt"));
    assert.equal(await has(lists, "a@x.org"), true);
  });

  it("waits while the folder itself is away: nobody's list is empty for that", async () => {
    const { lists } = opened([{ name: BOOK, source: { kind: "folder", path: path("unmounted") } }]);
    await assert.rejects(lists.of(BOOK, "anna@example.org"), RetryLater);
  });

  it("is unusable where only the operator can mend it, until the file changes", async () => {
    write("bad.csv", "nom\nAnna");
    const { lists, later, told } = opened([file("bad.csv", "adresse")]);
    assert.equal(await has(lists, "x"), "unusable");
    later();
    assert.equal(await has(lists, "x"), "unusable");
    assert.deepEqual(told, [`${PARTNERS} no-such-column`]);
    write("bad.csv", "nom,adresse\nAnna,a@x.org");
    later();
    assert.equal(await has(lists, "a@x.org"), true);
  });

  it("does not wait for a pipe, nor read a folder", async () => {
    execFileSync("/usr/bin/mkfifo", [path("pipe")]);
    mkdirSync(path("folder"));
    for (const name of ["pipe", "folder"]) {
      const { lists, told } = opened([file(name)]);
      assert.equal(await has(lists, "x"), "unusable");
      assert.deepEqual(told, [`${PARTNERS} no-file`]);
    }
  });

  it("tells two columns of one file apart", async () => {
    write("two.csv", "a,b\none,two");
    const { lists } = opened([file("two.csv", "a"), { ...file("two.csv", "b"), name: BOOK }]);
    assert.deepEqual([await has(lists, "one"), await has(lists, "two")], [true, false]);
    assert.deepEqual([await has(lists, "one", BOOK), await has(lists, "two", BOOK)], [false, true]);
  });

  it("reads once for all who ask at the same moment", async () => {
    write("once.txt", "a@x.org");
    const { lists } = opened([file("once.txt")]);
    const [first, second] = await Promise.all([lists.of(PARTNERS, "a"), lists.of(PARTNERS, "b")]);
    assert.equal(first, second);
  });

  it("stays within its memory: what was used longest ago is read again", async () => {
    mkdirSync(path("many"));
    const source: ListSetting = { name: BOOK, source: { kind: "folder", path: path("many") } };
    for (let i = 0; i < 50; i++) write(`many/${i}@x`, `friend${i}@x.org\n`.repeat(1));
    const { lists } = opened([source], { memoryBytes: 4_000 });
    const first = await lists.of(BOOK, "0@x");
    assert.equal(await lists.of(BOOK, "0@x"), first, "kept while there is room");
    for (let i = 1; i < 50; i++) assert.equal(await has(lists, `friend${i}@x.org`, BOOK, `${i}@x`), true);
    assert.notEqual(await lists.of(BOOK, "0@x"), first);
  });

  it("holds a hundred thousand entries", async () => {
    write("long.txt", Array.from({ length: 100_000 }, (_, i) => `user${i}@example.org`).join("\n"));
    const { lists } = opened([file("long.txt")], { memoryBytes: 1 });
    assert.equal(await has(lists, "USER99999@example.org"), true);
    assert.equal(await has(lists, "user100000@example.org"), false);
  });
});
