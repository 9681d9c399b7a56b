// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Wildcard } from "./wildcard.ts";

/** The meaning of a pattern, by trying everything. */
function reference(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const [head = "", ...rest] = pattern;
  if (head === "*") {
    for (let i = 0; i <= text.length; i++) if (reference(rest.join(""), text.slice(i))) return true;
    return false;
  }
  if (head === "?") return text !== "" && reference(rest.join(""), text.slice(1));
  if (head === "\\" && rest[0] !== undefined)
    return text[0] === rest[0] && reference(rest.slice(1).join(""), text.slice(1));
  return text[0] === head && reference(rest.join(""), text.slice(1));
}

describe("Wildcard", () => {
  const cases: readonly (readonly [pattern: string, text: string, want: readonly string[] | null])[] = [
    ["", "", [""]],
    ["", "a", null],
    ["abc", "abc", ["abc"]],
    ["a?c", "abc", ["abc", "b"]],
    ["a?c", "ac", null],
    ["*", "anything", ["anything", "anything"]],
    ["*-*", "a-b-c", ["a-b-c", "a", "b-c"]],
    ["*-*-*", "a-b-c-d", ["a-b-c-d", "a", "b", "c-d"]],
    ["*[*]*", "x[list]y", ["x[list]y", "x", "list", "y"]],
    ["a*a", "a", null],
    ["a*a", "aa", ["aa", ""]],
    ["*ab", "abab", ["abab", "ab"]],
    ["**", "ab", ["ab", "", "ab"]],
    ["?*", "ab", ["ab", "a", "b"]],
    ["*?", "ab", ["ab", "a", "b"]],
    ["\\*", "*", ["*"]],
    ["\\*", "a", null],
    ["\\?x\\\\", "?x\\", ["?x\\"]],
    ["a\\", "a\\", ["a\\"]],
    ["?", "😀", ["😀", "😀"]],
    ["*?", "a😀", ["a😀", "a", "😀"]],
    ["??", "😀", null],
  ];
  for (const [pattern, text, want] of cases) {
    it(`${JSON.stringify(pattern)} on ${JSON.stringify(text)}`, () => {
      const wildcard = new Wildcard(pattern);
      assert.deepEqual(wildcard.capture(text, text), want);
      assert.equal(wildcard.test(text), want !== null);
    });
  }

  it("means what trying everything means", () => {
    const part = (characters: string) =>
      fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((all) => all.join(""));
    fc.assert(
      fc.property(part("ab*?\\"), part("ab*?\\"), (pattern, text) => {
        assert.equal(new Wildcard(pattern).test(text), reference(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it("knows what must stand in every text that it matches", () => {
    for (const [pattern, required, isLiteral] of [
      ["abc", "abc", true],
      ["", "", true],
      ["a\\*c", "a*c", true],
      ["*abc*", "abc", false],
      ["*", "", false],
      ["a*bcd?ef", "bcd", false],
      ["?*?", "", false],
    ] as const) {
      const wildcard = new Wildcard(pattern);
      assert.deepEqual([wildcard.required, wildcard.isLiteral], [required, isLiteral], pattern);
    }
  });

  it("does not blow up", () => {
    const text = "a".repeat(20_000);
    assert.equal(new Wildcard("*a*a*a*a*a*a*a*a*b").test(text), false);
    assert.equal(new Wildcard(`${"*a".repeat(200)}*b*`).test(text), false);
  });
});
