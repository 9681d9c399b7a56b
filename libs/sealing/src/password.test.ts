import assert from "node:assert/strict";
import { it } from "node:test";
import { makePassword } from "./password.ts";

it("passwords have 140 random bits, in letters that nobody confuses", () => {
  const made = Array.from({ length: 200 }, makePassword);
  assert.equal(new Set(made).size, 200);
  const letters = new Set<string>();
  for (const password of made) {
    assert.match(password, /^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){6}$/);
    for (const letter of password.replaceAll("-", "")) letters.add(letter);
  }
  // 32 of them, each five bits: 28 of these are 140.
  assert.equal(letters.size, 32);
});
