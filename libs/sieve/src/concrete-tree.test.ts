import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { soundScript, tokenSoup } from "../test/random.ts";
import { type ConcreteScript, parse, print } from "./concrete-tree.ts";

const same = (text: string): void => assert.equal(print(parse(text)), text);

/** Pieces that end or hide each other. */
const shards = fc.constantFrom(
  ...'\ufeff|#|# c\n|/*|*/|/* c */|text:|text: # c\r\n|.\r\n|..\n|\n.\n|"|\\|\\"|“|”|:|:tag|[|]|(|)|{|}|;|,|\r|\n|\r\n| |\t|10|10K|1x|é|\0|keep|IF|\u{1f600}'.split(
    "|",
  ),
);

describe("parse and print", () => {
  it("give the same text for any text", () =>
    fc.assert(fc.property(fc.oneof(tokenSoup, soundScript, fc.string({ unit: "binary" })), same), { numRuns: 1000 }));

  it("give the same text for shards of the language", () =>
    fc.assert(
      fc.property(
        fc.array(shards, { maxLength: 25 }).map((parts) => parts.join("")),
        same,
      ),
      { numRuns: 3000 },
    ));

  for (const name of ["bad", "rfcs"]) {
    for (const file of readdirSync(new URL(`../test/${name}/`, import.meta.url))) {
      it(`give the same text for ${name}/${file}`, () =>
        same(readFileSync(new URL(`../test/${name}/${file}`, import.meta.url), "utf8")));
    }
  }

  it("do not care how deep it goes", () => {
    for (const deep of ["(", "{", "[", "a{", "a(", "not "]) same(deep.repeat(50_000));
  });
});

/** A tree in short. */
function shape(node: ConcreteScript | ConcreteScript["items"][number] | unknown): unknown {
  if (node === null || typeof node !== "object") return node;
  if ("token" in node && "text" in node) return node.text;
  if (Array.isArray(node)) return node.map(shape);
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => (key === "kind" || key === "end" ? [] : [[key, shape(value)]])),
  );
}

describe("parse", () => {
  it("reads commands, blocks, tests and lists", () => {
    const [condition] = parse('if not header :is ["a", "b"] "c" { keep; } # end').items;
    assert.deepEqual(shape(condition), {
      name: "if",
      operands: [
        {
          name: "not",
          operands: [
            {
              name: "header",
              operands: [":is", { open: "[", items: ['"a"', ",", '"b"'], close: "]" }, '"c"'],
            },
          ],
        },
      ],
      ending: { open: "{", items: [{ name: "keep", operands: [], ending: ";" }], close: "}" },
    });
  });

  it("keeps comments with the token that follows them", () => {
    const { items, end } = parse("# one\nkeep /* two */ ; # three");
    const [keep] = items;
    assert.ok(keep?.kind === "command" && keep.ending?.kind === "token");
    assert.deepEqual(keep.name.before, [
      { kind: "comment", text: "# one" },
      { kind: "blank", text: "\n" },
    ]);
    assert.equal(keep.ending.before[1]?.text, "/* two */");
    assert.equal(end.before.at(-1)?.text, "# three");
  });

  it("leaves what belongs nowhere as tokens", () => {
    assert.deepEqual(shape(parse("} keep ] ;").items), ["}", { name: "keep", operands: [], ending: null }, "]", ";"]);
  });
});
