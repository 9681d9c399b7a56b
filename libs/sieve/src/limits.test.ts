// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decide, problems } from "../test/decide.ts";
import { compile } from "./compile.ts";
import { type Limits, limitTable, withLimits } from "./limits.ts";

const nested = (depth: number): string => `${"if true { ".repeat(depth)}keep;${" }".repeat(depth)}`;
const negated = (depth: number): string => `if ${"not ".repeat(depth)}true { keep; }`;
const fileintos = (count: number): string =>
  `require "fileinto"; ${Array.from({ length: count }, (_, index) => `fileinto "${index}";`).join(" ")}`;
const redirects = (count: number): string =>
  Array.from({ length: count }, (_, index) => `redirect "a${index}@b.c";`).join(" ");

/** One test per limit: the last value that passes, and the first that does not. */
const tests: { readonly [K in keyof Limits]: () => void } = {
  scriptBytes() {
    const limits = { scriptBytes: 10 };
    assert.deepEqual(problems("keep;#éé", { limits }), []);
    assert.deepEqual(problems("keep;#ééé", { limits }), ["1:1 error script-too-big"]);
    assert.deepEqual(problems("#".repeat(300_000)), ["1:1 error script-too-big"]);
  },
  nesting() {
    assert.deepEqual(problems(nested(31)), []);
    assert.equal(problems(nested(32)).length, 1);
    assert.match(problems(nested(32))[0] ?? "", /too-deep/);
    assert.deepEqual(
      problems(nested(2), { limits: { nesting: 2 } }).map((one) => one.split(" ")[2]),
      ["too-deep"],
    );
    assert.deepEqual(problems(negated(31)), []);
    assert.match(problems(negated(40))[0] ?? "", /too-deep/);
    assert.match(problems(`if ${"anyof (".repeat(5000)}`)[0] ?? "", /too-deep|missing/);
    assert.match(problems("if true {".repeat(20_000))[0] ?? "", /missing-brace|too-deep/);
  },
  diagnostics() {
    const found = problems("frob;\n".repeat(200));
    assert.equal(found.length, limitTable.diagnostics.value + 1);
    assert.match(found.at(-1) ?? "", /too-many-diagnostics/);
  },
  actions() {
    assert.equal(decide({ script: fileintos(32) }).length, 32);
    assert.deepEqual(decide({ script: fileintos(33) }), ["error too-many-actions line 1", "implicit keep"]);
  },
  redirects() {
    assert.equal(decide({ script: redirects(4) }).length, 4);
    assert.deepEqual(decide({ script: redirects(5) }), ["error too-many-redirects line 1", "implicit keep"]);
  },
  steps() {
    const script = 'if header :contains "subject" "x" { discard; }\n'.repeat(20);
    assert.deepEqual(decide({ script, limits: { steps: 100 } }), ["implicit keep"]);
    assert.deepEqual(decide({ script, limits: { steps: 10 } }), ["error too-many-steps line 11", "implicit keep"]);
    const mail = `Subject: x\r\n\r\n${"a".repeat(200_000)}`;
    const slow = `require "body"; if body :raw :matches "*${"a?".repeat(2000)}b" { discard; }`;
    assert.deepEqual(decide({ script: slow.repeat(1), mail, limits: { steps: 50_000 } }), [
      "error too-many-steps line 1",
      "implicit keep",
    ]);
  },
  variables() {
    const sets = (count: number): string =>
      `require "variables"; ${Array.from({ length: count }, (_, index) => `set "v${index}" "";`).join(" ")}`;
    assert.deepEqual(problems(sets(255)), []);
    assert.match(problems(sets(256))[0] ?? "", /too-many-variables/);
  },
  variableName() {
    assert.deepEqual(problems(`require "variables"; set "a" "\${${"n".repeat(64)}}";`), []);
    assert.match(problems(`require "variables"; set "a" "\${${"n".repeat(65)}}";`)[0] ?? "", /variable-name-too-long/);
  },
  variableLength() {
    const script =
      'require ["variables", "relational", "comparator-i;ascii-numeric"]; set "a" "${x}"; set "x" "0123456789abcdef"; '
        .concat('set "x" "${x}${x}${x}${x}${x}${x}${x}${x}"; '.repeat(4))
        .concat(
          'set :length "n" "${x}"; if string :value "eq" :comparator "i;ascii-numeric" "${n}" "4096" { discard; }',
        );
    assert.deepEqual(decide({ script }), ["discard"]);
  },
  matchVariables() {
    assert.deepEqual(problems('require "variables"; set "a" "${31}";'), []);
    assert.match(problems('require "variables"; set "a" "${32}";')[0] ?? "", /match-variable-too-high/);
  },
  flags() {
    const flags = Array.from({ length: 200 }, (_, index) => `f${index}`).join(" ");
    const [kept] = decide({ script: `require "imap4flags"; setflag "${flags}"; keep;` });
    assert.equal(kept?.split(" ").length, 1 + 128);
  },
};

describe("limits", () => {
  for (const [name, test] of Object.entries(tests)) it(name, test);

  it("have a reason each, and can be replaced one by one", () => {
    for (const { reason, value } of Object.values(limitTable)) assert.ok(reason.length > 20 && value > 0);
    assert.equal(withLimits({ actions: 3 }).actions, 3);
    assert.equal(withLimits({ actions: 3 }).redirects, limitTable.redirects.value);
  });

  it("leave room for a thousand rules", () => {
    const script = `require "fileinto";${Array.from({ length: 1000 }, (_, index) => `\n# rule:[Rule ${index}]\nif header :contains "subject" "word ${index}" { fileinto "Folder ${index}"; stop; }`).join("")}`;
    assert.equal(compile(script).ok, true);
  });
});

describe("patterns made to be slow", () => {
  const mail = `Subject: x\r\n\r\n${"a".repeat(200_000)}`;
  const patterns: Readonly<Record<string, string>> = {
    "many single characters": `*${"a?".repeat(1000)}b*`,
    "a long text behind a single character": `*?${"a".repeat(1000)}b*`,
    "a long text": `*${"a".repeat(1000)}b${"a".repeat(1000)}*`,
    "many stars": `*${"a*".repeat(1000)}b*`,
  };
  for (const [name, pattern] of Object.entries(patterns)) {
    it(`${name}: the script ends with an error and a keep`, () => {
      const rule = `if body :raw :comparator "i;octet" :matches "${pattern}" { discard; }\n`;
      const script = `require "body";\n${rule.repeat(Math.floor(250_000 / rule.length))}`;
      const [error, kept] = decide({ script, mail });
      assert.match(error ?? "", /^error too-many-steps/);
      assert.equal(kept, "implicit keep");
    });
  }
});
