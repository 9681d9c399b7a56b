import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { claimedRecipient, isUnsubscribeToken, makeUnsubscribeToken, type UnsubscribeKeys } from "./index.ts";

const key = (id: string) => ({ id, secret: Buffer.alloc(32, id) });
const keys: UnsubscribeKeys = { current: key("ab"), old: [key("aa")] };
const subscription = { list: "Personnels.academie.example", recipientId: "42" };
const token = makeUnsubscribeToken(subscription, keys);

describe("an unsubscribe token", () => {
  it("is for one recipient of one list, in any case", () => {
    assert.match(token, /^ab-42-[0-9a-f]{24}$/);
    assert.equal(claimedRecipient(token.toUpperCase()), "42");
    assert.ok(isUnsubscribeToken(token.toUpperCase(), { ...subscription, list: "personnels.academie.example" }, keys));
    assert.ok(!isUnsubscribeToken(token, { ...subscription, list: "other.academie.example" }, keys));
    assert.ok(!isUnsubscribeToken(token, { ...subscription, recipientId: "43" }, keys));
    assert.ok(!isUnsubscribeToken(token.replace("-42-", "-43-"), { ...subscription, recipientId: "43" }, keys));
  });

  it("is good after its key was renewed, and not without its key", () => {
    const renewed = { current: key("ac"), old: [key("ab")] };
    assert.ok(isUnsubscribeToken(token, subscription, renewed));
    assert.ok(!isUnsubscribeToken(token, subscription, { current: key("ac"), old: [] }));
    assert.ok(!isUnsubscribeToken(token, subscription, { current: { id: "ab", secret: Buffer.alloc(32) }, old: [] }));
  });

  it("fits into a local part, for the largest number", () => {
    const longest = makeUnsubscribeToken({ ...subscription, recipientId: "1".repeat(20) }, keys);
    assert.ok(longest.length + "u+".length <= 64);
    assert.throws(() => makeUnsubscribeToken({ ...subscription, recipientId: "4\r\n2" }, keys), RangeError);
  });

  it("is nothing else: no other text is one, however alike", () => {
    const change = fc.tuple(fc.nat({ max: token.length - 1 }), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(change, ([at, by]) => {
        const other = token.slice(0, at) + by + token.slice(at + 1);
        assert.equal(isUnsubscribeToken(other, subscription, keys), other.toLowerCase() === token);
      }),
    );
  });
});
