import assert from "node:assert/strict";
import { it } from "node:test";
import { knownPasswords } from "./known-passwords.ts";

it("a right password is known for a minute, from where it came, and nothing else is", () => {
  let now = 0;
  const known = knownPasswords(() => now);
  const typed = { name: "anna", password: "right" };
  known.add(typed, "192.0.2.1", "a1");
  now = 59_999;
  assert.equal(known.find(typed, "192.0.2.1"), "a1");
  for (const [other, peer] of [
    [typed, "192.0.2.2"],
    [{ name: "anna", password: "wrong" }, "192.0.2.1"],
    [{ name: 'anna","right', password: "" }, "192.0.2.1"],
  ] as const)
    assert.equal(known.find(other, peer), null);
  now = 60_000;
  assert.equal(known.find(typed, "192.0.2.1"), null);
});

it("no more than a thousand are known, the newest", () => {
  const known = knownPasswords(() => 0);
  for (let n = 0; n <= 1_000; n++) known.add({ name: String(n), password: "x" }, "", String(n));
  assert.equal(known.find({ name: "0", password: "x" }, ""), null);
  assert.equal(known.find({ name: "1", password: "x" }, ""), "1");
  assert.equal(known.find({ name: "1000", password: "x" }, ""), "1000");
});
