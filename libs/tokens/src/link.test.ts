import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Link, makeObjectName, readLink, signLink } from "./link.ts";
import type { TokenKeys } from "./token.ts";

const key = (id: string) => ({ id, secret: randomBytes(32) });
const keys: TokenKeys = { current: key("aa"), old: [] };
const link: Link = {
  object: makeObjectName(),
  filename: "bilan.pdf",
  expiresAt: 1_900_000_000_000,
  recipient: "1000000007",
};

describe("a link", () => {
  it("is read as it was signed, with the key of then", () => {
    const recipient = fc.oneof(fc.constant(null), fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }).map(String));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), recipient, (filename, recipient) => {
        const one = { ...link, filename, recipient };
        const token = signLink(one, keys);
        assert.match(token, /^[a-z0-9.]{50,80}$/);
        assert.deepEqual(readLink(token, filename, keys), one);
        assert.deepEqual(readLink(token, filename, { current: key("bb"), old: [keys.current] }), one);
      }),
    );
  });

  it("is nobody else's, of no other file, no longer valid than it said, under no other name", () => {
    const token = signLink(link, keys);
    for (const other of [
      { ...link, object: makeObjectName() },
      { ...link, expiresAt: link.expiresAt + 1000 },
      { ...link, recipient: "1000000008" },
      { ...link, recipient: null },
    ]) {
      const mac = token.slice(token.lastIndexOf("."));
      const forged = signLink(other, keys);
      assert.equal(readLink(forged.slice(0, forged.lastIndexOf(".")) + mac, link.filename, keys), null);
    }
    assert.equal(readLink(token, "autre.pdf", keys), null);
    assert.equal(readLink(token, link.filename, { current: key("aa"), old: [] }), null);
    assert.equal(readLink(token, link.filename, { current: key("bb"), old: [] }), null);
  });

  it("is the same name in either form of its accents", () => {
    const token = signLink({ ...link, filename: "e\u0301le\u0300ves.pdf" }, keys);
    assert.notEqual(readLink(token, "\u00e9l\u00e8ves.pdf", keys), null);
  });

  it("is nothing where it is any text", () => {
    fc.assert(fc.property(fc.string(), (text) => readLink(text, "x", keys) === null));
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => readLink(Buffer.from(octets).toString("latin1"), "x", keys) === null),
    );
    assert.throws(() => signLink({ ...link, object: "../../etc/passwd" }, keys), RangeError);
  });
});
