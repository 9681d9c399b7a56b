import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { compileWith, registry } from "../compile.ts";
import { mistakesIn } from "./mistakes.ts";

/** Scripts, each under a line that says how many mistakes it has, and what it is about; `<NUL>` and `<CR>` stand for those characters. */
function scriptsOf(file: string): readonly { readonly count: number; readonly name: string; readonly script: string }[] {
  const text = readFileSync(new URL(`../../test/mistakes/${file}`, import.meta.url), "utf8");
  return [...text.matchAll(/^=== (\d+) (.*)\n([^]*?)\n?(?=^===|$(?![^]))/gm)].map(
    ([, count, name = "", script = ""]) => ({
      count: Number(count),
      name,
      script: script.replaceAll("<NUL>", "\0").replaceAll("<CR>", "\r"),
    }),
  );
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
