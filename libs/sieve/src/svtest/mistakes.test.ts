import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { tokenSoup } from "../../test/random.ts";
import { compileWith, registry } from "../compile.ts";
import { mistakesIn } from "./mistakes.ts";

/** Scripts, each under a line that says how many mistakes it has, and what it is about; `<NUL>` and `<CR>` stand for those characters. */
function scriptsOf(
  file: string,
): readonly { readonly count: number; readonly name: string; readonly script: string }[] {
  const text = readFileSync(new URL(`../../test/mistakes/${file}`, import.meta.url), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      const [, count, name = ""] = /^(\d+) (.*)$/.exec(part.slice(0, end)) ?? [];
      const script = part.slice(end + 1).replace(/\n$/, "");
      return { count: Number(count), name, script: script.replaceAll("<NUL>", "\0").replaceAll("<CR>", "\r") };
    });
}

for (const [file, least] of [
  ["base.txt", 170],
  ["recovery.txt", 65],
  ["extensions.txt", 200],
] as const) {
  describe(`mistakes: ${file}`, () => {
    const scripts = scriptsOf(file);
    it("is read whole", () => assert.ok(scripts.length >= least, `${scripts.length} scripts`));
    for (const { count, name, script } of scripts) {
      it(`${name}: ${count}`, () => {
        const compiled = compileWith(registry, script, { scripts: () => null });
        const said = compiled.ok ? [] : mistakesIn(script, compiled.diagnostics, registry);
        assert.equal(compiled.ok, count === 0);
        assert.equal(said.length, count, said.map(({ message }) => message).join("\n"));
      });
    }
  });
}

it("mistakes: at least one of every script that does not compile, whatever the text", () =>
  fc.assert(
    fc.property(fc.oneof(tokenSoup, fc.string()), (script) => {
      const compiled = compileWith(registry, script, {});
      const count = compiled.ok ? 0 : mistakesIn(script, compiled.diagnostics, registry).length;
      assert.equal(count > 0, !compiled.ok);
    }),
    { numRuns: 300 },
  ));
