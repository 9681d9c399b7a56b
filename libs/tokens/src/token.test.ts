import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fromBase32, toBase32 } from "./base32.ts";
import { MAX_TOKEN_LENGTH, makeToken, readToken, type TokenKey, tokensIn } from "./token.ts";

const key = (id: string): TokenKey => ({ id, secret: randomBytes(32) });
const keys = { current: key("aa"), old: [key("bb"), key("c2")] };
const recipients = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String),
  fc.nat().map(String),
  fc.constantFrom("0", "255", "256", "18446744073709551615"),
);

describe("a token", () => {
  it("names its recipient, in any case, and fits a local part", () => {
    fc.assert(
      fc.property(recipients, (id) => {
        const token = makeToken(id, keys);
        assert.match(token, /^[a-z2-7]+$/);
        assert.ok(token.length <= MAX_TOKEN_LENGTH);
        assert.equal(readToken(token, keys), id);
        assert.equal(readToken(token.toUpperCase(), keys), id);
        assert.deepEqual(tokensIn(`<retours+${token.toUpperCase()}@academie.example>`), [token]);
      }),
    );
  });

  it("is as long as it is said to be", () => {
    assert.equal(makeToken("18446744073709551615", keys).length, MAX_TOKEN_LENGTH);
    assert.equal(makeToken("1000000007", keys).length, 28);
    assert.equal(makeToken("0", keys).length, 23);
  });

  it("is none when anything in it is changed, missing or added", () => {
    fc.assert(
      fc.property(
        recipients,
        fc.nat(),
        fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz2345678."),
        (id, seed, letter) => {
          const token = makeToken(id, keys);
          const at = seed % token.length;
          const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
          if (changed !== token) assert.equal(readToken(changed, keys), null);
          assert.equal(readToken(token.slice(0, at), keys), null);
          assert.equal(readToken(token.slice(at + 1), keys), null);
          assert.equal(readToken(`${token}${letter}`, keys), null);
        },
      ),
    );
  });

  it("of another recipient does not come of joining two", () => {
    const [one, two] = [makeToken("1000000001", keys), makeToken("1000000002", keys)];
    for (let at = 1; at < one.length; at++) {
      const joined = `${one.slice(0, at)}${two.slice(at)}`;
      if (joined !== one && joined !== two) assert.equal(readToken(joined, keys), null);
    }
  });

  it("is read with the key that made it, as long as that is kept", () => {
    const [first] = keys.old;
    assert.ok(first !== undefined);
    const token = makeToken("42", { current: first, old: [] });
    assert.equal(readToken(token, keys), "42");
    assert.equal(readToken(token, { current: keys.current, old: [] }), null);
    const namesake = { current: key(first.id), old: [] };
    assert.equal(readToken(token, namesake), null);
    // A key must not make tokens in the name of another.
    assert.equal(readToken(`aa${token.slice(2)}`, { current: { id: "aa", secret: first.secret }, old: [] }), null);
  });

  it("is never read out of anything else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^aa[a-z2-7]{21,32}$/)), (text) => {
        assert.equal(readToken(text, keys), null);
        assert.ok(tokensIn(text).length <= 100);
      }),
    );
  });

  it("is of a number alone", () => {
    for (const id of ["", "01", "-1", "1.5", "x", "18446744073709551616", "1e3"])
      assert.throws(() => makeToken(id, keys), RangeError);
  });
});

describe("base32", () => {
  it("has one text for one value", () => {
    fc.assert(fc.property(fc.uint8Array(), (octets) => assert.deepEqual(fromBase32(toBase32(octets)), octets)));
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z2-7]{0,20}$/), (text) => {
        const octets = fromBase32(text);
        if (octets !== null) assert.equal(toBase32(octets), text);
      }),
    );
    // RFC 4648 §10
    assert.equal(toBase32(Buffer.from("foobar")), "mzxw6ytboi");
  });
});
