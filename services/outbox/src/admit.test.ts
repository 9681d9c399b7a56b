import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sending } from "@tamis/contracts";
import { admit, type Rules } from "./admit.ts";
import { redirectMark } from "./redirect-mark.ts";

const rules: Rules = {
  redirectFrom: "owner",
  key: "k",
  maxReceived: 3,
  maxRedirects: 2,
  maxBytes: 1000,
  lifeMs: (kind) => (kind === "vacation" ? 10 : 100),
};
const head = { accountId: "anna", address: "anna@example.org" };

const asked = (sending: Partial<Sending> = {}, header = "", more: Partial<Rules> = {}) => {
  const octets = Buffer.from(`${header}Subject: x\r\n\r\n`);
  const full: Sending = {
    key: "1",
    kind: "redirect",
    to: ["b@example.com"],
    messageId: "",
    body: 0,
    cancelsKeep: false,
    hold: false,
    ...sending,
  };
  return admit({ head, sending: full, body: { sha256: "", octets }, now: new Date(1000) }, { ...rules, ...more });
};
const outcome = (...args: Parameters<typeof asked>): unknown => {
  const admission = asked(...args);
  return admission.kind === "refused" ? admission.reason : admission.sending.from;
};

describe("MAIL FROM", () => {
  for (const { name, sending, redirectFrom = "owner" as const, want } of [
    { name: "of a redirect is its owner", sending: { from: "s@example.net" }, want: "anna@example.org" },
    {
      name: "or the mail's own",
      sending: { from: "s@example.net" },
      redirectFrom: "sender" as const,
      want: "s@example.net",
    },
    {
      name: "or the owner where that is not known",
      sending: {},
      redirectFrom: "sender" as const,
      want: "anna@example.org",
    },
    {
      name: "or a fixed address",
      sending: { from: "s@example.net" },
      redirectFrom: "r@example.org" as const,
      want: "r@example.org",
    },
    { name: "and stays <>", sending: { from: null }, redirectFrom: "r@example.org" as const, want: null },
    { name: "of a reject is <>, whatever is said", sending: { kind: "reject", from: "x@example.org" }, want: null },
    { name: "of a vacation reply too", sending: { kind: "vacation", from: "x@example.org" }, want: null },
    {
      name: "of a notification is what is said",
      sending: { kind: "notify", from: "x@example.org" },
      want: "x@example.org",
    },
    { name: "or <>", sending: { kind: "report" }, want: null },
    { name: "is an address", sending: { from: "x y" }, redirectFrom: "sender" as const, want: "bad-address" },
  ] as const)
    it(name, () => assert.equal(outcome(sending, "", { redirectFrom }), want));
});

describe("a redirect", () => {
  const received = "Received: x\r\n";
  const mark = (accountId: string, target: string): string => redirectMark("k", { accountId, target });
  for (const { name, sending = {}, header = "", want } of [
    { name: "to its owner is a loop", sending: { to: ["ANNA@example.ORG"] }, want: "loop" },
    { name: "that went there before is a loop", header: mark("anna", "b@example.com"), want: "loop" },
    {
      name: "of which one target was there before is a loop",
      sending: { to: ["c@example.com", "b@example.com"] },
      header: mark("anna", "b@example.com"),
      want: "loop",
    },
    {
      name: "of somebody else to the same target is none",
      header: mark("bob", "b@example.com"),
      want: "anna@example.org",
    },
    { name: "that went elsewhere is none", header: mark("anna", "c@example.com"), want: "anna@example.org" },
    {
      name: "with a mark that is not ours is none",
      header: redirectMark("x", { accountId: "anna", target: "b@example.com" }),
      want: "anna@example.org",
    },
    { name: "delivered to its owner is none", header: "Delivered-To: anna@example.org\r\n", want: "anna@example.org" },
    { name: "after as many hops as may be", header: received.repeat(3), want: "anna@example.org" },
    { name: "after one more", header: received.repeat(4), want: "too-many-hops" },
    {
      name: "after as many of ours as may be",
      header: mark("bob", "x@example.com") + mark("carl", "y@example.com"),
      want: "too-many-hops",
    },
    { name: "to what is no address", sending: { to: ["b@example.com", "b example.com"] }, want: "bad-address" },
    { name: "of too long a mail", header: `X: ${"x".repeat(1000)}\r\n`, want: "too-large" },
  ])
    it(name, () => assert.equal(outcome(sending, header), want));

  it("carries its marks on top, the others none", () => {
    const admission = asked({ to: ["b@example.com", "b@example.com"] });
    assert.ok(admission.kind === "admitted");
    assert.deepEqual(admission.sending.to, ["b@example.com"]);
    assert.equal(admission.sending.prefix, mark("anna", "b@example.com"));
    const reply = asked({ kind: "vacation" });
    assert.ok(reply.kind === "admitted" && reply.sending.prefix === "");
  });

  it("is tried as long as its kind, and its deliver-by, allow", () => {
    const until = (sending: Partial<Sending>): number => {
      const admission = asked(sending);
      return admission.kind === "admitted" ? admission.sending.expiresAt.getTime() : 0;
    };
    assert.equal(until({}), 1100);
    assert.equal(until({ kind: "vacation" }), 1010);
    assert.equal(until({ deliverBy: { time: 1050, mode: "return", trace: false } }), 1050);
    assert.equal(until({ deliverBy: { time: 1050, mode: "notify", trace: false } }), 1100);
  });
});
