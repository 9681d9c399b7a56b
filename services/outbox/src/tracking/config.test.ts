import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MAX_TOKEN_LENGTH } from "@tamis/tokens";
import { bounceAddress, trackingConfig } from "./config.ts";

describe("outbox.receipts", () => {
  for (const { given, want } of [
    { given: { address: "retours@academie.example" }, want: "retours+tok@academie.example" },
    { given: { address: "retours@academie.example", separator: "-" }, want: "retours-tok@academie.example" },
    { given: { domain: "retours.academie.example" }, want: "tok@retours.academie.example" },
  ])
    it(`makes ${want}`, () => assert.equal(bounceAddress(trackingConfig.parse(given), "tok"), want));

  it("takes the longest local part that has room for a token", () => {
    const local = "r".repeat(64 - MAX_TOKEN_LENGTH - 1);
    assert.ok(trackingConfig.safeParse({ address: `${local}@academie.example` }).success);
    assert.ok(!trackingConfig.safeParse({ address: `${local}r@academie.example` }).success);
  });

  for (const { name, given } of [
    { name: "neither address nor domain", given: {} },
    { name: "both", given: { address: "a@b.example", domain: "b.example" } },
    { name: "no address", given: { address: "retours" } },
    { name: "an address that is not ASCII", given: { address: "réponses@academie.example" } },
    { name: "no domain", given: { domain: "-.example" } },
    { name: "a separator that would end the local part", given: { address: "a@b.example", separator: "@" } },
  ])
    it(`refuses ${name}`, () => assert.ok(!trackingConfig.safeParse(given).success));
});
