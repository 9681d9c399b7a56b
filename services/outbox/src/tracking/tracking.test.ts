import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TokenKeys } from "@tamis/tokens";
import { openTracking } from "./tracking.ts";

const key = (id: string, fill: number) => ({ id, secret: Buffer.alloc(32, fill) });
const SETTINGS = { address: "retours@academie.example", separator: "+", domain: undefined, success: true };

describe("tracking", () => {
  let keys: TokenKeys = { current: key("aa", 1), old: [] };
  const tracking = openTracking(SETTINGS, () => keys) ?? assert.fail();

  it("is none without its setting", () =>
    assert.equal(
      openTracking(undefined, () => keys),
      null,
    ));

  it("keeps the token of a Message-ID when keys are renewed, and gives it up with its key", () => {
    keys = { current: key("aa", 1), old: [] };
    const token = tracking.tokenOf(1_000_000_007);
    const messageId = `<${token}@academie.example>`;
    assert.equal(tracking.tokenIn(messageId, 1_000_000_007), token);
    keys = { current: key("bb", 2), old: [key("aa", 1)] };
    assert.notEqual(tracking.tokenOf(1_000_000_007), token);
    assert.equal(tracking.tokenIn(messageId, 1_000_000_007), token);
    keys = { current: key("bb", 2), old: [] };
    assert.equal(tracking.tokenIn(messageId, 1_000_000_007), null);
  });

  it("finds no token that is another's, or none", () => {
    keys = { current: key("aa", 1), old: [] };
    assert.equal(tracking.tokenIn(`<${tracking.tokenOf(8)}@academie.example>`, 7), null);
    assert.equal(tracking.tokenIn("<1kmc.0123456789abcdef0123@academie.example>", 7), null);
    assert.equal(tracking.tokenIn("", 7), null);
  });

  it("of an author's own mail comes back to a subaddress of his", () =>
    assert.equal(tracking.subaddressOf("anna@example.org", "tok"), "anna+tok@example.org"));

  it("asks for reports of success only where that is wanted", () => {
    assert.deepEqual(tracking.notify, ["SUCCESS", "FAILURE", "DELAY"]);
    assert.deepEqual(openTracking({ ...SETTINGS, success: false }, () => keys)?.notify, ["FAILURE", "DELAY"]);
  });
});
