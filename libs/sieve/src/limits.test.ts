// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decide, outcomeOf, problems } from "../test/decide.ts";
import { compile } from "./compile.ts";
import { type Limits, limitTable, withLimits } from "./limits.ts";
import type { ScriptName } from "./program.ts";

const nested = (depth: number): string => `${"if true { ".repeat(depth)}keep;${" }".repeat(depth)}`;
const negated = (depth: number): string => `if ${"not ".repeat(depth)}true { keep; }`;
const fileintos = (count: number): string =>
  `require "fileinto"; ${Array.from({ length: count }, (_, index) => `fileinto "${index}";`).join(" ")}`;
const redirects = (count: number): string =>
  Array.from({ length: count }, (_, index) => `redirect "a${index}@b.c";`).join(" ");

function vacationSeconds(tags: string, limits: Partial<Limits> = {}): number {
  const outcome = outcomeOf({ script: `require ["vacation", "vacation-seconds"]; vacation ${tags} "Away";`, limits });
  const [action] = outcome.kind === "done" ? outcome.actions : [];
  return action?.kind === "vacation" ? action.seconds : 0;
}

function duplicateSeconds(tags: string, limits: Partial<Limits> = {}): number {
  const script = `require "duplicate"; if duplicate :uniqueid "a" ${tags} { discard; }`;
  const outcome = outcomeOf({ script, limits, facts: { duplicates: new Map([['["","a"]', false]]) } });
  const [action] = outcome.kind === "done" ? outcome.actions : [];
  return action?.kind === "duplicate-mark" ? action.seconds : 0;
}

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
    assert.deepEqual(problems('require "variables"; set "a" "${32}";'), []);
    assert.match(problems('require "variables"; set "a" "${33}";')[0] ?? "", /match-variable-too-high/);
  },
  flags() {
    const flags = Array.from({ length: 200 }, (_, index) => `f${index}`).join(" ");
    const [kept] = decide({ script: `require "imap4flags"; setflag "${flags}"; keep;` });
    assert.equal(kept?.split(" ").length, 1 + 128);
  },
  edits() {
    const change = 'require "enclose"; enclose "a";';
    assert.deepEqual(decide({ script: change, limits: { edits: 1 } }), ["implicit keep {enclose}"]);
    assert.deepEqual(decide({ script: 'require "enclose"; enclose "a"; enclose "b";', limits: { edits: 1 } }), [
      "error too-many-edits line 1",
      "implicit keep",
    ]);
  },
  loops() {
    const nest = (depth: number): string =>
      `require "foreverypart"; ${"foreverypart { ".repeat(depth)}keep;${" }".repeat(depth)}`;
    assert.deepEqual(problems(nest(4)), []);
    assert.deepEqual(problems(nest(5)), ["1:85 error too-many-loops"]);
    assert.deepEqual(problems(nest(2), { limits: { loops: 1 } }), ["1:40 error too-many-loops"]);
  },
  regexStatesInAll() {
    const keys = (count: number): string => Array.from({ length: count }, () => '"a{20}"').join(", ");
    const script = (count: number): string => `require "regex"; if header :regex "subject" [${keys(count)}] {}`;
    assert.deepEqual(problems(script(4), { limits: { regexStatesInAll: 200 } }), []);
    assert.deepEqual(problems(script(5), { limits: { regexStatesInAll: 200 } }), ["1:82 error regexes-too-big"]);
  },
  regexStates() {
    const script = (times: number): string => `require "regex"; if header :regex "subject" "a{${times}}" {}`;
    const limits = { regexStates: 100 };
    assert.deepEqual(problems(script(30), { limits }), []);
    assert.deepEqual(problems(script(99), { limits }), ["1:45 error regex-too-big"]);
    assert.deepEqual(problems(`require "regex"; if header :regex "subject" "((a{99}){99}){99}" {}`), [
      "1:45 error regex-too-big",
    ]);
  },
  includes() {
    const limits = { includes: 3 };
    const script = (count: number): string => `require "include"; ${'include "a"; '.repeat(count)}`;
    const scripts = (): string => "keep;";
    assert.deepEqual(problems(script(3), { limits, scripts }), []);
    assert.match(problems(script(4), { limits, scripts })[0] ?? "", /too-many-includes/);
  },
  includeDepth() {
    // Script "n" includes script "n+1", up to "last".
    const chain =
      (last: number) =>
      ({ name }: ScriptName): string =>
        Number(name) < last ? `require "include"; include "${Number(name) + 1}";` : "keep;";
    const script = 'require "include"; include "1";';
    assert.deepEqual(problems(script, { scripts: chain(10) }), []);
    assert.match(problems(script, { scripts: chain(11) })[0] ?? "", /include-too-deep/);
    assert.match(problems(script, { scripts: chain(1_000_000) })[0] ?? "", /include-too-deep/);
    assert.match(problems(script, { scripts: chain(2), limits: { includeDepth: 1 } })[0] ?? "", /include-too-deep/);
    assert.match(problems(script, { scripts: chain(1), limits: { includeDepth: 0 } })[0] ?? "", /include-too-deep/);
  },
  includedBytes() {
    const scripts = (): string => "#".repeat(60);
    const script = 'require "include"; include "a"; include "b";';
    assert.deepEqual(problems(script, { scripts, limits: { includedBytes: 120 } }), []);
    assert.match(problems(script, { scripts, limits: { includedBytes: 119 } })[0] ?? "", /includes-too-big/);
  },
  notifications() {
    const script = (count: number): string =>
      `require "enotify"; ${Array.from({ length: count }, (_, index) => `notify "mailto:a${index}@b.c";`).join(" ")}`;
    assert.equal(decide({ script: script(10) }).length, 11);
    assert.deepEqual(decide({ script: script(11) }), ["error too-many-notifications line 1", "implicit keep"]);
  },
  vacationMinSeconds() {
    assert.equal(vacationSeconds(":seconds 1"), 3600);
    assert.equal(vacationSeconds(":seconds 1", { vacationMinSeconds: 2 }), 2);
  },
  vacationDefaultSeconds() {
    assert.equal(vacationSeconds(""), 7 * 86_400);
    assert.equal(vacationSeconds("", { vacationDefaultSeconds: 86_400 }), 86_400);
  },
  vacationMaxSeconds() {
    assert.equal(vacationSeconds(":days 60"), 60 * 86_400);
    assert.equal(vacationSeconds(":days 61"), 60 * 86_400);
  },
  duplicateDefaultSeconds() {
    assert.equal(duplicateSeconds(""), 43_200);
    assert.equal(duplicateSeconds("", { duplicateDefaultSeconds: 60 }), 60);
  },
  duplicateMaxSeconds() {
    assert.equal(duplicateSeconds(":seconds 172800"), 172_800);
    assert.equal(duplicateSeconds(":seconds 172801"), 172_800);
  },
  headerValue() {
    const script = (length: number): string => `require "editheader"; addheader "X-A" "${"a".repeat(length)}";`;
    assert.deepEqual(decide({ script: script(2048) }), ["implicit keep {add-header}"]);
    assert.deepEqual(decide({ script: script(2049) }), ["error header-value-too-long line 1", "implicit keep"]);
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

describe("a script as long as may be", () => {
  const longest = limitTable.scriptBytes.value - 100;
  const many = (piece: (index: number) => string, separator: string): string => {
    const count = Math.floor(longest / (piece(100_000).length + separator.length));
    return Array.from({ length: count }, (_, index) => piece(index)).join(separator);
  };
  const scripts: Readonly<Record<string, string>> = {
    "of branches": `if false {} ${many((index) => `elsif header "a" "${index}" {}`, "\n")}`,
    "of tests and their opposites": `if anyof (${many((index) => `not header "a" "${index}", header "b" "${index}"`, ",")}) {}`,
    "of comments that CR ends": many(() => "#", "\r"),
    "of comments that CRLF ends": many(() => "#", "\r\n"),
  };
  for (const [name, script] of Object.entries(scripts)) {
    it(`${name} takes time that grows with its length`, () => {
      const before = process.cpuUsage();
      assert.deepEqual(problems(script), []);
      const { user, system } = process.cpuUsage(before);
      // Work that grows with its square took a minute and more.
      assert.ok(user + system < 10_000_000, `${(user + system) / 1e6} s`);
    });
  }
});
