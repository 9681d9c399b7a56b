import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Regex } from "./regex.ts";
import { RegexFault } from "./syntax.ts";

const asIs = (text: string): string => text;
const upper = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
const manyStates = 20_000;

function captured(pattern: string, text: string, fold = asIs): readonly string[] | null {
  return new Regex(pattern, fold, manyStates).capture(fold(text), text);
}

describe("leftmost, longest", () => {
  for (const { pattern, text, want } of [
    { pattern: "a*", text: "baa", want: [""] },
    { pattern: "a|ab|abc", text: "xabcd", want: ["abc"] },
    { pattern: "(a|ab)(c|bcd)(d*)", text: "abcd", want: ["abcd", "ab", "c", "d"] },
    { pattern: "(a*)(a*)", text: "aa", want: ["aa", "aa", ""] },
    { pattern: "(.*)([0-9]+)", text: "ab123", want: ["ab123", "ab12", "3"] },
    {
      pattern: "(week|weeknights)(night|knights)?(s*)",
      text: "weeknights",
      want: ["weeknights", "weeknights", "", ""],
    },
    { pattern: "((a)|(b))*", text: "ab", want: ["ab", "b", "", "b"] },
    { pattern: "(a?)((ab)?)", text: "ab", want: ["ab", "", "ab", "ab"] },
    { pattern: "(a*)*", text: "b", want: ["", ""] },
    { pattern: "(^|x)a", text: "bxa", want: ["xa", "x"] },
    { pattern: "a{2,3}", text: "aaaa", want: ["aaa"] },
    { pattern: "(ab){2}", text: "ababab", want: ["abab", "ab"] },
    { pattern: "(a|b){0}c", text: "ac", want: ["c", ""] },
    { pattern: "^$", text: "", want: [""] },
    { pattern: "a||b", text: "b", want: ["b"] },
    { pattern: "x{0,1}y", text: "xy", want: ["xy"] },
    { pattern: "a$b", text: "a$b", want: null },
    { pattern: "a\\$b", text: "a$b", want: ["a$b"] },
    { pattern: "a.b", text: "a\nb", want: ["a\nb"] },
    { pattern: "a)", text: "a)", want: ["a)"] },
  ]) {
    it(`${pattern} on ${JSON.stringify(text)}`, () => assert.deepEqual(captured(pattern, text), want));
  }
});

describe("bracket expressions, classes, places", () => {
  for (const { pattern, text, want } of [
    { pattern: "[]a]+", text: "x]a", want: "]a" },
    { pattern: "[^]a]", text: "]ab", want: "b" },
    { pattern: "[a\\]]", text: "\\]", want: "\\]" },
    { pattern: "[a-]+", text: "b-a", want: "-a" },
    { pattern: "[+--]+", text: "a+,-", want: "+,-" },
    { pattern: "[[.hyphen.]x]+", text: "a-x", want: "-x" },
    { pattern: "[[=e=]]", text: "fée e", want: "e" },
    { pattern: "[[:alpha:]]+", text: "1Élève2", want: "Élève" },
    { pattern: "[[:upper:][:digit:]]+", text: "aB9", want: "B9" },
    { pattern: "[^[:space:]]+", text: "  \tabc d", want: "abc" },
    { pattern: "[[:xdigit:]]{2,}", text: "xyz0aFg", want: "0aF" },
    { pattern: "[[:punct:]]+", text: "a?!b", want: "?!" },
    { pattern: "[^a]", text: "a😀", want: "😀" },
    { pattern: "[😀-😂]", text: "a😁", want: "😁" },
    { pattern: "\\<foo\\>", text: "afoo foo", want: "foo" },
    { pattern: "\\bf\\w+", text: "of fox", want: "fox" },
    { pattern: "\\B-\\B", text: "a-b - c", want: "-" },
    { pattern: "\\w+\\W\\s*\\S", text: "ab, c", want: "ab, c" },
  ]) {
    it(`${pattern} on ${JSON.stringify(text)}`, () => assert.equal(captured(pattern, text)?.[0], want));
  }
  it("speak of folded text", () => {
    assert.deepEqual(captured("([a-c]x)[^Q]", "say BXy", upper), ["BXy", "BX"]);
    assert.equal(captured("[^b]", "B", upper), null);
    assert.equal(captured("[[:lower:]]", "A", upper)?.[0], "A");
  });
});

describe("what must stand in a match", () => {
  for (const [pattern, want] of [
    ["^\\[ticket [0-9]+\\]", ["[ticket "]],
    ["ab(cd)ef?g", ["abcde"]],
    ["(abc|abd)", ["abc", "abd"]],
    ["x(abc|def)+wxyz", ["wxyz"]],
    ["xy(abc|def|g(hij|klm))", ["abc", "def", "hij", "klm"]],
    ["(abc|[0-9])", []],
    ["(abc|)d", ["d"]],
    ["(abc|def)*", []],
    ["x(yz)*uvw+", ["uv"]],
    ["(hello){2}", ["hello"]],
    ["a?bc", ["bc"]],
  ] as const) {
    it(pattern, () => assert.deepEqual(new Regex(pattern, asIs, manyStates).required, want));
  }
});

/** Expressions that mean the same to us and to JavaScript, in the `s` mode of the latter. */
const { common } = fc.letrec<{ common: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "[a-c]", "\\.", "é", "^", "$", "\\b"),
    tie("common").map((inner) => `(${inner})`),
  ),
  common: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc
      .array(
        fc
          .tuple(tie("atom"), fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}"))
          .map(([atom, times]) => (/^(?:\^|\$|\\b)$/.test(atom) ? atom : `${atom}${times}`)),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join("")),
    fc.tuple(tie("common"), tie("common")).map(([left, right]) => `${left}|${right}`),
  ),
}));

const words = fc
  .array(fc.constantFrom("a", "b", "c", "é", ".", " ", "ab"), { maxLength: 12 })
  .map((some) => some.join(""));

describe("against JavaScript's", () => {
  it("matches the same texts, begins at the same place, ends no earlier", () => {
    fc.assert(
      fc.property(common, words, (pattern, text) => {
        const ours = new Regex(pattern, asIs, manyStates);
        // Word boundaries of JavaScript know ASCII only.
        if (pattern.includes("\\b") && text.includes("é")) return;
        const theirs = new RegExp(pattern, "s").exec(text);
        assert.equal(ours.test(text), theirs !== null);
        const found = ours.capture(text, text);
        assert.equal(found === null, theirs === null);
        if (found === null || theirs === null) return;
        assert.equal(text.slice(theirs.index, theirs.index + (found[0]?.length ?? 0)), found[0]);
        assert.ok((found[0]?.length ?? 0) >= theirs[0].length);
      }),
      { numRuns: 2000 },
    );
  });

  it("finds the longest match that there is", () => {
    fc.assert(
      fc.property(common, words, (pattern, text) => {
        if (/\\b|\$/.test(pattern)) return;
        const found = captured(pattern, text)?.[0];
        if (found === undefined) return;
        const from = new RegExp(pattern, "s").exec(text)?.index ?? 0;
        if (from > 0 && pattern.includes("^")) return;
        const whole = new RegExp(`^(?:${pattern})$`, "s");
        const lengths = Array.from({ length: text.length - from + 1 }, (_, length) => length);
        const longest = lengths.findLast((length) => whole.test(text.slice(from, from + length)));
        assert.equal(found.length, longest);
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws but a fault of its own", () => {
    const soup = fc.array(fc.constantFrom(..."()[]{}*+?|^$\\.,-:=a1z😀 ".split(""), "[:alpha:]", "{2,3}", "[^"), {
      maxLength: 14,
    });
    fc.assert(
      fc.property(soup, words, (parts, text) => {
        try {
          captured(parts.join(""), text);
        } catch (fault) {
          assert.ok(fault instanceof RegexFault, String(fault));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function workOf(pattern: string, text: string, how: "test" | "capture"): number {
  let work = 0;
  const spend = (steps: number): void => {
    work += steps;
  };
  const regex = new Regex(pattern, asIs, manyStates);
  if (how === "test") regex.test(text, spend);
  else regex.capture(text, text, spend);
  return work;
}

describe("work is linear in the text", () => {
  for (const pattern of [
    "(a+)+b",
    "(a|aa)*c",
    "(a|a)*b",
    "((a*)*)*b",
    "(x+x+)+y",
    "(.*)(.*)(.*)(.*)(.*)[^a]$",
    "a{0,60}a{60}b",
    "(a|b|ab)*(a|ba)*c",
    "[ab]*a[ab]{12}c",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
  ]) {
    for (const how of ["test", "capture"] as const) {
      it(`${how} ${pattern}`, () => {
        const short = workOf(pattern, "a".repeat(1000), how);
        const long = workOf(pattern, "a".repeat(4000), how);
        assert.ok(long <= 5 * short + 100, `${short} steps for 1000 characters, ${long} for 4000`);
        const mixed = workOf(pattern, "abaab".repeat(200), how);
        assert.ok(mixed <= 40_000, `${mixed} steps`);
      });
    }
  }
});
