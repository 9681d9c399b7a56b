import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReceiptRequest } from "@tamis/contracts";
import fc from "fast-check";
import { decideReceipt, type ReceiptCase } from "./decide-receipt.ts";

const REQUEST: ReceiptRequest = {
  to: ["head@college.example"],
  returnPath: "head@college.example",
  messageId: "<1@college.example>",
  finalRecipient: "anna@academie.example",
  required: [],
};

type Given = Partial<Omit<ReceiptCase, "request">> & { readonly request?: Partial<ReceiptRequest> };

/** Read by its owner, whose policy is to send always. */
function decide({ request, ...more }: Given): string {
  const decided = decideReceipt({
    request: { ...REQUEST, ...request },
    policy: "always",
    inside: [],
    seen: "owner",
    answer: null,
    ...more,
  });
  return [decided.kind, "reason" in decided ? decided.reason : "", "mode" in decided ? decided.mode : ""]
    .filter(Boolean)
    .join(" ");
}

const cases: readonly { readonly name: string; readonly given: Given; readonly want: string }[] = [
  { name: "always, read", given: {}, want: "send automatic" },
  { name: "always, not read", given: { seen: "no" }, want: "wait" },
  { name: "always, marked as read by a rule", given: { seen: "unknown" }, want: "ask policy" },
  { name: "never, read", given: { policy: "never" }, want: "refuse" },
  { name: "never, not read: nothing is said before", given: { policy: "never", seen: "no" }, want: "wait" },
  { name: "never, but the owner sends this one", given: { policy: "never", answer: "send" }, want: "send manual" },
  { name: "ask", given: { policy: "ask" }, want: "ask policy" },
  { name: "ask, not read: it can be answered before", given: { policy: "ask", seen: "no" }, want: "ask policy" },
  { name: "ask, granted and read", given: { policy: "ask", answer: "send" }, want: "send manual" },
  { name: "ask, granted and not read", given: { policy: "ask", answer: "send", seen: "no" }, want: "wait" },
  { name: "granted: its owner says that he read it", given: { answer: "send", seen: "unknown" }, want: "send manual" },
  { name: "refused", given: { answer: "refuse" }, want: "refuse" },
  { name: "refused before it is read", given: { answer: "refuse", seen: "no" }, want: "refuse" },
  { name: "inside: another domain", given: { policy: "inside" }, want: "ask outside" },
  {
    name: "inside: a domain of the settings",
    given: { policy: "inside", inside: ["college.example"] },
    want: "send automatic",
  },
  {
    name: "inside: the account's own domain, and one below it",
    given: {
      policy: "inside",
      request: { to: ["x@sous.ACADEMIE.example"], returnPath: "x@sous.academie.EXAMPLE" },
    },
    want: "send automatic",
  },
  {
    name: "inside: a domain that only ends alike",
    given: {
      policy: "inside",
      request: { to: ["x@mauvaiseacademie.example"], returnPath: "x@mauvaiseacademie.example" },
    },
    want: "ask outside",
  },
  {
    name: "RFC 8098 §2.1: the receipt would go to another than the sender",
    given: { request: { returnPath: "other@college.example" } },
    want: "ask other-return-path",
  },
  {
    name: "§2.1: the local part has case",
    given: { request: { returnPath: "Head@college.example" } },
    want: "ask other-return-path",
  },
  {
    name: "§2.1: the domain has none",
    given: { request: { returnPath: "head@COLLEGE.example" } },
    want: "send automatic",
  },
  {
    name: "§2.1: quotes are not of the address",
    given: { request: { returnPath: '"h\\ead"@college.example' } },
    want: "send automatic",
  },
  {
    name: "§2.1: no Return-Path that anybody vouches for",
    given: { request: { returnPath: undefined } as never },
    want: "ask no-return-path",
  },
  {
    name: "§2.1: several addresses",
    given: { request: { to: ["head@college.example", "other@college.example"] } },
    want: "ask several-addresses",
  },
  {
    name: "§2.1: what must be asked is sent where its owner says so",
    given: { request: { returnPath: "other@college.example" }, answer: "send" },
    want: "send manual",
  },
  {
    name: "§2.2: an option that must be understood and is not",
    given: { request: { required: ["signed-receipt-protocol"] }, answer: "send" },
    want: "impossible option-required",
  },
  {
    name: "§2.2: that can be refused all the same",
    given: { request: { required: ["x"] }, answer: "refuse" },
    want: "refuse",
  },
];

describe("what becomes of a request (RFC 8098 §2)", () => {
  for (const { name, given, want } of cases) it(name, () => assert.equal(decide(given), want));

  it("nothing is sent by itself but what its owner read, to whom the mail came from", () => {
    const address = fc.constantFrom("a@x.example", "A@x.example", "b@y.example");
    const any = fc.record({
      policy: fc.constantFrom("never", "ask", "inside", "always"),
      inside: fc.subarray(["x.example", "y.example"]),
      seen: fc.constantFrom("no", "unknown", "owner"),
      answer: fc.constantFrom("send", "refuse", null),
      to: fc.array(address, { minLength: 1, maxLength: 2 }),
      returnPath: fc.option(address, { nil: undefined }),
      required: fc.subarray(["x"]),
    });
    fc.assert(
      fc.property(any, ({ to, returnPath, required, ...given }) => {
        const request = {
          to,
          required,
          finalRecipient: "anna@z.example",
          ...(returnPath === undefined ? {} : { returnPath }),
        };
        const decided = decideReceipt({ request, ...given });
        if (decided.kind !== "send") return;
        assert.ok(required.length === 0 && given.answer !== "refuse" && given.seen !== "no");
        if (decided.mode === "manual") assert.equal(given.answer, "send");
        else {
          assert.deepEqual([given.seen, to], ["owner", [returnPath]]);
          assert.ok(given.policy === "always" || given.inside.includes(to[0]?.slice(2) ?? ""));
        }
      }),
    );
  });
});
