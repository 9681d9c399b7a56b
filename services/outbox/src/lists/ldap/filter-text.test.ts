import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { filterFor, filterForAll, filterValue, isFilter } from "./filter-text.ts";

/** RFC 4515 §3 read backwards. */
const unescaped = (text: string): string =>
  Buffer.from(
    text.replace(/\\([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString();

describe("the text of a filter", () => {
  for (const [name, value, want] of [
    ["a name", "maths-3eB", "maths-3eB"],
    ["a way out", "x)(uid=*", "x\\29\\28uid\\3d\\2a"],
    ["a backslash", "a\\b", "a\\5cb"],
    ["a null", "a\0b", "a\\00b"],
    ["letters that are not ASCII", "lycée", "lyc\\c3\\a9e"],
  ] as const)
    it(`writes ${name}`, () => assert.equal(filterValue(value), want));

  it("never lets a name change a filter, and means that name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const text = filterFor("(&(objectClass=groupOfNames)(cn={name}))", name);
        assert.ok(isFilter(text));
        const value = text.slice("(&(objectClass=groupOfNames)(cn=".length, -2);
        assert.ok(!/[()*\0]/.test(value), value);
        assert.equal(unescaped(value), Buffer.from(name).toString());
      }),
    );
  });

  it("asks for all lists of a kind", () => assert.equal(filterForAll("(cn={name})"), "(cn=*)"));

  for (const [text, want] of [
    ["(cn=a)", true],
    ["(&(a=b)(|(c=d)(e=*)))", true],
    ["cn=a", false],
    ["(cn=a", false],
    ["(a=b)(c=d)", false],
    ["(a=b))((c=d)", false],
    ["", false],
  ] as const)
    it(`${want ? "takes" : "refuses"} "${text}"`, () => assert.equal(isFilter(text), want));
});
