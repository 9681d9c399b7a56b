// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decisionText, plainFacts, plainMail, problems, programOf } from "../../test/decide.ts";
import { includedScripts } from "../included-scripts.ts";
import type { ScriptSource } from "../inclusion.ts";
import { run } from "../interpreter.ts";

const all = 'require ["include", "variables", "fileinto", "imap4flags"];\n';

/** Scripts by name; global ones are called "/name" here. */
function source(scripts: Readonly<Record<string, string>>): ScriptSource {
  return ({ location, name }) => scripts[location === "global" ? `/${name}` : name] ?? null;
}

function decided(script: string, scripts: Readonly<Record<string, string>>) {
  return run(programOf(all + script, { scripts: source(scripts) }), readMessage(Buffer.from(plainMail)), plainFacts);
}

const runs: readonly {
  name: string;
  script: string;
  scripts?: Readonly<Record<string, string>>;
  want: readonly string[];
}[] = [
  { name: "runs the script", script: 'include "a";', scripts: { a: "discard;" }, want: ["discard"] },
  {
    name: "goes on after it",
    script: 'include "a"; fileinto "x";',
    scripts: { a: "keep;" },
    want: ["keep", "fileinto x"],
  },
  {
    name: "personal and global",
    script: 'include :personal "a"; include :global "a";',
    scripts: { a: `${all}fileinto "p";`, "/a": `${all}fileinto "g";` },
    want: ["fileinto p", "fileinto g"],
  },
  {
    name: "twice",
    script: 'include "a"; include "a";',
    scripts: { a: `${all}addflag "x"; fileinto "\${1}y";` },
    want: ["fileinto y [x]"],
  },
  {
    name: "once",
    script: 'include :once "a"; setflag ""; include :once "a"; keep;',
    scripts: { a: `${all}addflag "x";` },
    want: ["keep []"],
  },
  {
    name: "once after a plain include",
    script: 'include "a"; setflag ""; include :once "a"; keep;',
    scripts: { a: `${all}addflag "x";` },
    want: ["keep []"],
  },
  { name: "an optional one that is missing", script: 'include :optional "b"; discard;', want: ["discard"] },
  {
    name: "a recursive one, once",
    script: 'include "a"; discard;',
    scripts: { a: `${all}include :once "a"; include :once "b";`, b: `${all}include :once "a"; fileinto "b";` },
    want: ["fileinto b", "discard"],
  },
  {
    name: "return goes back",
    script: 'include "a"; fileinto "x";',
    scripts: { a: `${all}if true { return; } discard;` },
    want: ["fileinto x"],
  },
  { name: "return at the top ends the script", script: "if true { return; } discard;", want: ["implicit keep"] },
  { name: "stop stops everything", script: 'include "a"; discard;', scripts: { a: "stop;" }, want: ["implicit keep"] },
  {
    name: "private variables",
    script: 'set "v" "mine"; include "a"; fileinto "${v}";',
    scripts: { a: `${all}set "v" "yours"; fileinto "\${v}";` },
    want: ["fileinto yours", "fileinto mine"],
  },
  {
    name: "private variables begin empty",
    script: 'include "a"; include "a";',
    scripts: { a: `${all}fileinto "a\${v}"; set "v" "x";` },
    want: ["fileinto a"],
  },
  {
    name: "shared variables",
    script: 'global ["v", "w"]; set "V" "1"; include "a"; fileinto "${v}${w}";',
    scripts: { a: `${all}global "w"; set "w" "2\${global.v}";` },
    want: ["fileinto 121"],
  },
  {
    name: "the namespace global",
    script: 'set "global.v" "1"; include "a"; fileinto "${global.v}";',
    scripts: { a: `${all}set "global.v" "\${global.v}2";` },
    want: ["fileinto 12"],
  },
  {
    name: "a shared name is private where it is not declared",
    script: 'global "v"; set "v" "1"; include "a"; fileinto "${v}";',
    scripts: { a: `${all}set "v" "2";` },
    want: ["fileinto 1"],
  },
  {
    name: "match variables are not shared",
    script: 'if header :matches "subject" "The *" { include "a"; fileinto "${1}"; }',
    scripts: { a: `${all}fileinto "a\${1}"; if string :matches "x" "*" {}` },
    want: ["fileinto a", "fileinto budget of 2024"],
  },
  {
    name: "the internal flags are shared",
    script: 'include "a"; keep;',
    scripts: { a: `${all}addflag "x";` },
    want: ["keep [x]"],
  },
];

describe("include", () => {
  for (const { name, script, scripts = {}, want } of runs) {
    it(name, () => assert.deepEqual(decisionText(decided(script, scripts)), want));
  }

  it("names the script in rules", () => {
    const outcome = decided('include "a";', { a: "\n# rule:[Money]\nif true { discard; }" });
    assert.ok(outcome.kind === "done");
    const [action] = outcome.actions;
    assert.deepEqual([action?.origin?.rule, action?.origin?.line, action?.origin?.script], ["a: Money", 3, "a"]);
  });

  it("survives a round trip through JSON", () => {
    const program = programOf(`${all}include "a";`, { scripts: source({ a: "discard;" }) });
    const outcome = run(JSON.parse(JSON.stringify(program)), readMessage(Buffer.from(plainMail)), plainFacts);
    assert.deepEqual(decisionText(outcome), ["discard"]);
    assert.deepEqual(
      program.scripts.map(({ name }) => name),
      ["a"],
    );
  });

  it("without a source the script compiles with a warning, and running it keeps the mail with an error", () => {
    const script = `${all}include "a"; discard;`;
    assert.deepEqual(problems(script), ["2:9 warning include-unknown"]);
    const outcome = run(programOf(script), readMessage(Buffer.from(plainMail)), plainFacts);
    assert.deepEqual(decisionText(outcome), ["error include-missing-personal line 2", "implicit keep"]);
  });

  it("counts what included scripts require and use", () => {
    const program = programOf('require "include"; include "a";', {
      scripts: source({ a: 'require "body"; if body :contains "x" { discard; }' }),
    });
    assert.deepEqual(program.required, ["body", "include"]);
    assert.equal(program.uses.body, true);
  });
});

const wrong: readonly { script: string; scripts?: Readonly<Record<string, string>>; want: readonly string[] }[] = [
  { script: 'include "b";', want: ["2:9 error include-missing-personal"] },
  { script: 'include :global "b";', want: ["2:17 error include-missing-global"] },
  { script: 'include "a";', scripts: { a: `${all}include "a";` }, want: ["2:9 error include-faulty"] },
  {
    script: 'include "a";',
    scripts: { a: `${all}include "b";`, b: `${all}include "a";` },
    want: ["2:9 error include-faulty"],
  },
  {
    script: 'include :once "a"; include "a";',
    scripts: { a: "frob;" },
    want: ["2:15 error include-faulty", "2:28 error include-faulty"],
  },
  { script: 'include "a";', scripts: { a: 'fileinto "x";' }, want: ["2:9 error include-faulty"] },
  { script: 'include "";', want: ["2:9 error bad-script-name"] },
  { script: 'include "../a";', want: ["2:9 error bad-script-name"] },
  { script: 'include "${a}";', want: ["2:9 error variable-not-allowed"] },
  { script: 'include :personal :global "a";', scripts: { "/a": "" }, want: ["2:1 error tags-exclusive"] },
  { script: 'set "a" "1"; global "a";', want: ["2:21 error global-after-use"] },
  { script: 'global ["a", "1"];', want: ["2:14 error match-variable-read-only"] },
  { script: 'global "a.b";', want: ["2:8 error unknown-namespace"] },
  { script: 'set "global.a.b" "";', want: ["2:5 error unknown-namespace"] },
  { script: "return; discard;", want: ["2:9 warning unreachable"] },
];

describe("what is wrong with include", () => {
  for (const { script, scripts = {}, want } of wrong) {
    it(script, () => assert.deepEqual(problems(all + script, { scripts: source(scripts) }), want));
  }

  it("knows the script's own name", () => {
    const options = { scripts: source({ main: "keep;" }), name: { location: "personal", name: "main" } } as const;
    assert.deepEqual(problems(`${all}include "main";`, options), ["2:9 error include-recursive"]);
    assert.deepEqual(problems(`${all}include :once "main";`, options), []);
  });

  it("global needs variables", () => {
    assert.deepEqual(problems('require "include"; global "a";'), ["1:20 error needs-require"]);
  });
});

describe("includedScripts", () => {
  it("finds what a text names, wherever it stands", () => {
    const text = 'require "include"; if true { include "a"; } include :global :once "b"; include "a"; include';
    assert.deepEqual(includedScripts(text), [
      { location: "personal", name: "a" },
      { location: "global", name: "b" },
    ]);
    assert.deepEqual(includedScripts("} garbage {{"), []);
  });
});
