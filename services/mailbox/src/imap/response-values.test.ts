import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asNumber, asText, readFetchItems, type Value, ValueReader } from "./response-values.ts";

const read = (text: string, literals: readonly Buffer[] = []): Value => new ValueReader({ text, literals }, 0).next();

const value: fc.Memo<Value> = fc.memo((depth) =>
  depth <= 1
    ? leaf
    : fc.oneof(
        leaf,
        fc.array(value(depth - 1), { maxLength: 4 }).map((list): Value => list),
      ),
);
const leaf: fc.Arbitrary<Value> = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9$\\.-]{1,12}$/).filter((text) => text !== "NIL"),
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }).map((text) => `${text} `),
  fc.constant(null),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
);

/** As a server writes it; literals go to `literals`. */
function print(one: Value, literals: Buffer[]): string {
  if (one === null) return "NIL";
  if (Buffer.isBuffer(one)) {
    literals.push(one);
    return "\0";
  }
  if (typeof one !== "string") return `(${one.map((item) => print(item, literals)).join(" ")})`;
  return one.includes(" ") ? `"${one.replace(/["\\]/g, "\\$&")}"` : one;
}

describe("ValueReader", () => {
  it("reads what a server prints", () => {
    fc.assert(
      fc.property(value(4), (wanted) => {
        const literals: Buffer[] = [];
        assert.deepEqual(read(print(wanted, literals), literals), wanted);
      }),
    );
  });

  it("ends, and throws nothing, on garbage", () => {
    const garbage = fc.array(fc.constantFrom("(", ")", '"', "\\", "\0", "[", "]", " ", "a", "NIL", "<0>", "{3}"), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(garbage, fc.nat(250), (words, position) => {
        const reader = new ValueReader({ text: words.join(""), literals: [Buffer.from("x")] }, position);
        let steps = 0;
        while (reader.more()) {
          reader.next();
          steps += 1;
          assert.ok(steps <= 1_000, "it does not end");
        }
      }),
    );
  });

  it("survives lists nested without end", () => {
    assert.doesNotThrow(() => read("(".repeat(100_000)));
    assert.doesNotThrow(() => read(`${"(".repeat(100_000)}${")".repeat(100_000)}`));
  });

  it("knows a FETCH item with its section and origin as one name", () => {
    const bytes = Buffer.from("Subject: x\r\n\r\n");
    const items = readFetchItems(
      { text: '* 3 FETCH (uid 7 FLAGS (\\Seen $x) BODY[HEADER.FIELDS (SUBJECT "X Y")]<0> \0)', literals: [bytes] },
      "* 3 FETCH ".length,
    );
    assert.deepEqual([...items.keys()], ["UID", "FLAGS", 'BODY[HEADER.FIELDS (SUBJECT "X Y")]<0>']);
    assert.equal(asNumber(items.get("UID")), 7);
    assert.deepEqual(items.get("FLAGS"), ["\\Seen", "$x"]);
    assert.deepEqual([...items.values()].at(-1), bytes);
  });

  it("gives no items where there is no list", () =>
    assert.equal(readFetchItems({ text: "* 3 FETCH", literals: [] }, 9).size, 0));
});

describe("asText, asNumber", () => {
  for (const [given, text, number] of [
    ["12", "12", 12],
    [Buffer.from("12"), "12", 12],
    [null, "", 0],
    [undefined, "", 0],
    [["12"], "", 0],
    ["twelve", "twelve", 0],
    ["Infinity", "Infinity", 0],
  ] as const)
    it(`of ${JSON.stringify(given)}`, () => assert.deepEqual([asText(given), asNumber(given)], [text, number]));
});
