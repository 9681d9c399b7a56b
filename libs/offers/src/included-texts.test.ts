import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, limitTable } from "@tamis/sieve";
import { includedTexts } from "./included-texts.ts";

const include = (...names: readonly string[]): string =>
  `require "include"; ${names.map((name) => `include "${name}";`).join(" ")}`;

/** Scripts by name, global ones with `global/` before theirs, counting what is read. */
function scripts(texts: Readonly<Record<string, string>>) {
  const read: string[] = [];
  const get = (name: string): string | null => {
    read.push(name);
    return texts[name] ?? null;
  };
  return {
    read,
    get: { read: async (name: string) => get(name), globals: { read: (name: string) => get(`global/${name}`) } },
  };
}

describe("includedTexts", () => {
  it("reads nothing for a script that includes nothing", async () => {
    const { read, get } = scripts({});
    const { texts } = await includedTexts("keep;", get);
    assert.deepEqual([read, texts], [[], []]);
  });

  it("reads what is included, and what that includes, each once", async () => {
    const { read, get } = scripts({ a: include("c", "b"), b: include("c"), c: "discard;" });
    const main = include("a", "b", "a");
    const { source } = await includedTexts(main, get);
    assert.deepEqual(read, ["a", "b", "c"]);
    const compiled = compile(main, { scripts: source });
    assert.ok(compiled.ok);
    assert.deepEqual(compiled.program.scripts.map(({ name }) => name).toSorted(), ["a", "b", "c"]);
  });

  it("ends where scripts include each other, which is told by the compiler", async () => {
    const { read, get } = scripts({ a: include("b"), b: include("a") });
    const { source } = await includedTexts(include("a"), get);
    assert.deepEqual(read, ["a", "b"]);
    assert.ok(!compile(include("a"), { scripts: source }).ok);
  });

  it("knows what is missing", async () => {
    const main = 'require "include"; include "gone"; include :global "gone";';
    const { read, get } = scripts({});
    const { source, texts } = await includedTexts(main, get);
    assert.deepEqual(read, ["gone", "global/gone"]);
    assert.deepEqual(
      texts.map(({ location, name, text }) => [location, name, text]),
      [
        ["personal", "gone", null],
        ["global", "gone", null],
      ],
    );
    const compiled = compile(main, { scripts: source });
    assert.ok(!compiled.ok);
    assert.deepEqual(
      compiled.diagnostics.map(({ code }) => code),
      ["include-missing-personal", "include-missing-global"],
    );
  });

  it("reads global scripts, and what these include of their owner's and of others", async () => {
    const main = 'require "include"; include :global "a";';
    const { read, get } = scripts({
      "global/a": 'require "include"; include :personal "own"; include :global "b";',
      "global/b": "stop;",
      own: "keep;",
    });
    const { source } = await includedTexts(main, get);
    assert.deepEqual(read, ["global/a", "own", "global/b"]);
    assert.ok(compile(main, { scripts: source }).ok);
  });

  it("reads no more than may be included", async () => {
    const names = Array.from({ length: 2 * limitTable.includes.value }, (_, i) => `s${i}`);
    const { read, get } = scripts({});
    await includedTexts(include(...names), get);
    assert.equal(read.length, limitTable.includes.value);
  });

  it("takes any text", async () => {
    const { read, get } = scripts({ a: "\0{{{ include" });
    await includedTexts('include "a"; include ; include "b', get);
    assert.deepEqual(read, ["a"]);
  });
});
