import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { KeyAutomaton } from "./key-automaton.ts";

function found(keys: readonly string[], text: string): readonly string[] {
  const automaton = KeyAutomaton.build(keys);
  const into = new Uint32Array(keys.length);
  const hits: number[] = [];
  automaton?.mark(text, { into, stamp: 7, hits });
  assert.deepEqual(hits.toSorted(), [...into.keys()].filter((id) => into[id] === 7).sort());
  return keys.filter((_, index) => into[index] === 7);
}

describe("KeyAutomaton", () => {
  it("finds keys inside and behind one another", () => {
    assert.deepEqual(found(["he", "she", "his", "hers", "h"], "ushers"), ["he", "she", "hers", "h"]);
    assert.deepEqual(found(["", "é€", "x"], "a é€ b"), ["", "é€"]);
  });

  it("finds what includes() finds", () => {
    const word = fc.array(fc.constantFrom("a", "b", "c", "é", "€"), { maxLength: 5 }).map((all) => all.join(""));
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 12 }),
        fc.array(word).map((all) => all.join("")),
        (keys, text) => {
          assert.deepEqual(
            found(keys, text),
            keys.filter((key) => text.includes(key)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("declines a table that would be too large", () => {
    const letters = Array.from({ length: 3000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join("");
    assert.equal(KeyAutomaton.build([letters]), null);
  });
});
