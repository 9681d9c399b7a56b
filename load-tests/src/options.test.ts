import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BadOptions, chosen, readOptions, wholeNumber } from "./options.ts";

describe("options", () => {
  it("reads what is declared", () => {
    assert.deepEqual(readOptions(["--json", "a.json"], { json: { type: "string" } }), { json: "a.json" });
  });
  it("refuses an unknown one", () => {
    assert.throws(() => readOptions(["--jsn", "a"], { json: { type: "string" } }), BadOptions);
  });
  it("names the bounds of a number", () => {
    assert.throws(
      () => wholeNumber("messages", "x", { min: 1, max: 9 }),
      /--messages takes a whole number from 1 to 9, not x/,
    );
    assert.throws(() => wholeNumber("messages", "10", { min: 1, max: 9 }), BadOptions);
    assert.equal(wholeNumber("messages", "9", { min: 1, max: 9 }), 9);
  });
  it("names what may be chosen", () => {
    assert.deepEqual(chosen("faults", "b", ["a", "b"]), ["b"]);
    assert.deepEqual(chosen("faults", undefined, ["a", "b"]), ["a", "b"]);
    assert.throws(() => chosen("faults", "c", ["a", "b"]), /--faults: c is none of a, b/);
  });
});
