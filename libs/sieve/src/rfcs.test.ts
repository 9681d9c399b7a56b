import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { extensions } from "./extensions/index.ts";

const root = new URL("../", import.meta.url);
const table = readFileSync(new URL("RFCS.md", root), "utf8");
const rows = new Set(
  [...table.matchAll(/^\| RFC (\d{4}) +\| ([\d.]+) +\| .+ \| (?:yes|partial|no) +\| .+ \|$/gm)].map(
    ([, rfc, section]) => `${rfc} ${section}`,
  ),
);

/** Every "RFC nnnn §a, §b" of a text. */
function citations(text: string): readonly string[] {
  const found: string[] = [];
  for (const [, rfc, sections] of text.matchAll(/RFC (\d{4}) ((?:§[\d.]*\d(?:, )?)+)/g)) {
    for (const [, section] of (sections ?? "").matchAll(/§([\d.]*\d)/g)) found.push(`${rfc} ${section}`);
  }
  return found;
}

function texts(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|sieve)$/.test(file))
    .map((file) => `${folder}${file}`);
}

describe("RFCS.md", () => {
  for (const file of [...texts("src/"), ...texts("test/")]) {
    const cited = citations(readFileSync(new URL(file, root), "utf8"));
    if (cited.length === 0) continue;
    it(`has a row for what ${file} cites`, () =>
      assert.deepEqual(
        cited.filter((one) => !rows.has(one)),
        [],
      ));
  }

  it("has a row for every RFC that an extension is made from", () => {
    const named = extensions.flatMap(({ rfc }) => /RFC (\d{4})/.exec(rfc)?.[1] ?? []);
    const known = new Set([...rows].map((row) => row.slice(0, 4)));
    assert.deepEqual(
      named.filter((rfc) => !known.has(rfc)),
      [],
    );
  });

  it("has only rows of one form, each once", () => {
    const lines = table.split("\n").filter((line) => /^\| RFC \d/.test(line));
    assert.equal(rows.size, lines.length);
  });
});
