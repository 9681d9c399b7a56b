import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keptKeys, renewKeys, tokenKeysOf } from "./kept-keys.ts";
import { makeToken, readToken } from "./token.ts";

const AGES = { useMs: 100, acceptMs: 1_000 };
const at = (ms: number): Date => new Date(1_000_000 + ms);

describe("kept keys", () => {
  it("are made, and stay the same while they are young", () => {
    const first = renewKeys(null, at(0), AGES);
    assert.equal(first.keys.length, 1);
    assert.equal(renewKeys(first, at(99), AGES), first);
    assert.deepEqual(keptKeys.parse(JSON.parse(JSON.stringify(first))), first);
  });

  it("are followed by another, and accepted for the given time after their last use", () => {
    const first = renewKeys(null, at(0), AGES);
    const token = makeToken("7", tokenKeysOf(first));
    const second = renewKeys(first, at(500), AGES);
    assert.equal(second.keys.length, 2);
    assert.notEqual(second.keys[0]?.id, first.keys[0]?.id);
    assert.notEqual(makeToken("7", tokenKeysOf(second)), token);
    assert.equal(readToken(token, tokenKeysOf(second)), "7");
    const before = renewKeys(second, at(1_499), AGES);
    assert.equal(readToken(token, tokenKeysOf(before)), "7");
    const after = renewKeys(before, at(1_500), AGES);
    assert.equal(readToken(token, tokenKeysOf(after)), null);
    assert.equal(tokenKeysOf(after).current.id, before.keys[0]?.id);
  });

  it("of an installation that slept for long: the last one was in use all the while", () => {
    const first = renewKeys(null, at(0), AGES);
    const token = makeToken("7", tokenKeysOf(first));
    assert.equal(readToken(token, tokenKeysOf(renewKeys(first, at(50_000), AGES))), "7");
  });

  it("never bear one name twice", () => {
    let kept = renewKeys(null, at(0), AGES);
    for (let n = 1; n <= 150; n++) kept = renewKeys(kept, at(n * 100), { useMs: 100, acceptMs: 1_000_000 });
    assert.equal(new Set(kept.keys.map(({ id }) => id)).size, 151);
  });
});
