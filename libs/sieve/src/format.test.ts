import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { soundScript, tokenSoup } from "../test/random.ts";
import { compile } from "./compile.ts";
import { format } from "./format.ts";
import { scan } from "./scanner.ts";

function formatted(text: string): string {
  const result = format(text);
  assert.ok(result.ok, result.ok ? "" : JSON.stringify(result.diagnostics));
  return result.text;
}

/** What a script means: its program without places. */
function meaning(text: string): unknown {
  const compiled = compile(text);
  if (!compiled.ok) return compiled.diagnostics.map(({ code, parameters }) => [code, parameters]);
  return JSON.parse(
    JSON.stringify(compiled.program, (key, value: unknown) => {
      if (key === "span" || key === "line") return 0;
      return key === "rule" && typeof value === "string" && value.startsWith("line ") ? "line" : value;
    }),
  );
}

/** Tokens and comments in their order, without their places. */
function content(text: string): unknown {
  const { tokens, comments } = scan(text);
  return {
    tokens: tokens.map(({ kind, value, number }) => [kind, value, number]),
    comments: comments.map((comment) => comment.text),
  };
}

function check(text: string): void {
  const once = format(text);
  if (!once.ok) return;
  assert.equal(formatted(once.text), once.text);
  assert.deepEqual(content(once.text), content(text));
  assert.deepEqual(meaning(once.text), meaning(text));
}

/** A sound script with comments and line ends between any two tokens. */
const scattered = fc
  .tuple(
    soundScript,
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom(" # c\n", "\n# d\n", "/* e */", "\n\n\n", "\n /* f\n g */\n", "\r\n", "\t", " # h\r\n\r\n"),
      ),
      { maxLength: 12 },
    ),
  )
  .map(([rules, insertions]) => {
    const script = `${rules}set "v" text: # t\n..\nx\n.\n;set "w" text:\n.\n;keep;`;
    const { tokens } = scan(script);
    let text = script;
    const places = insertions
      .map(([place, piece]) => ({ at: tokens[place % tokens.length]?.start ?? 0, piece }))
      .sort((left, right) => right.at - left.at);
    for (const { at, piece } of places) text = text.slice(0, at) + piece + text.slice(at);
    return text;
  });

describe("format", () => {
  it("lays out a script", () => {
    const text = [
      'REQUIRE ["fileinto","copy"];',
      "",
      "",
      "# rule:[Lists]",
      'if anyof(header :Contains "list-id" "dev",header :is "subject" "x"){fileinto "Lists";stop;}elsif true',
      "{ # nothing",
      "} ",
      "/* at the end */ keep; # kept",
      "",
    ].join("\n");
    assert.equal(
      formatted(text),
      [
        'require ["fileinto", "copy"];',
        "",
        "# rule:[Lists]",
        'if anyof (header :contains "list-id" "dev", header :is "subject" "x") {',
        '    fileinto "Lists";',
        "    stop;",
        "} elsif true { # nothing",
        "}",
        "/* at the end */",
        "keep; # kept",
        "",
      ].join("\n"),
    );
  });

  it("puts long lists on several lines", () => {
    const key = '"a key of some length"';
    assert.equal(
      formatted(`if header :is "subject" [${Array(6).fill(key).join(",")}] { keep; }`),
      `if header :is "subject" [\n${Array(6).fill(`    ${key}`).join(",\n")}\n] {\n    keep;\n}\n`,
    );
  });

  it("leaves the text of multi-line strings alone", () => {
    const text = 'require "reject";\nif true {\n    reject text:\n  a  b\n..\n.\n    ;\n}\n';
    assert.equal(formatted(text), text);
  });

  it("keeps the line ends of the script", () => {
    assert.equal(formatted("keep;\r\nif true\r\n{ stop; }"), "keep;\r\nif true {\r\n    stop;\r\n}\r\n");
  });

  it("makes nothing of nothing, and keeps a lone comment", () => {
    assert.equal(formatted(""), "");
    assert.equal(formatted("\n\n  "), "");
    assert.equal(formatted("\n # a\n\n\n# b"), "# a\n\n# b\n");
  });

  it("leaves a script with syntax errors alone", () => {
    const result = format("keep\nstop;");
    assert.ok(!result.ok);
    assert.deepEqual(
      result.diagnostics.map(({ code, span }) => [code, span.line]),
      [["missing-semicolon", 1]],
    );
  });

  it("never changes what a script means, and lays out its own work to itself", () => {
    fc.assert(fc.property(fc.oneof(soundScript, scattered, tokenSoup), check), { numRuns: 500 });
  });

  for (const file of readdirSync(new URL("../test/rfcs/", import.meta.url)).filter((name) => name.endsWith(".sieve"))) {
    it(`does so with rfcs/${file}`, () =>
      check(readFileSync(new URL(`../test/rfcs/${file}`, import.meta.url), "utf8")));
  }
});
