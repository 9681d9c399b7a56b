import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account } from "@tamis/kit";
import { dsnRequestOf, type Parameters, readRecipient, readSender } from "./envelope.ts";

const account: Account = {
  id: "anna",
  address: "anna@example.org",
  identities: ["direction@école.example", "a.b@example.org"],
  user: "anna",
  mode: "act",
};
const now = new Date("2026-03-01T12:00:00Z");
const mail = (address: string, given: Parameters = {}) =>
  readSender(address, given, { account, maxHoldMs: 86_400_000, now });
const codeOf = (read: object): number | "taken" => ("code" in read ? (read.code as number) : "taken");

const senders: readonly { name: string; address: string; given?: Parameters; want: number | "taken" }[] = [
  { name: "its own address", address: "anna@example.org", want: "taken" },
  { name: "in other letters", address: "Anna@EXAMPLE.org", want: "taken" },
  { name: "one of its other addresses", address: "a.b@example.org", want: "taken" },
  { name: "the same in A-labels", address: "direction@xn--cole-9oa.example", want: "taken" },
  { name: "nobody, as receipts do", address: "", want: "taken" },
  { name: "somebody else", address: "bob@example.org", want: 550 },
  { name: "a subdomain of its own", address: "anna@mail.example.org", want: 550 },
  { name: "its address with a tag", address: "anna+x@example.org", want: 550 },
  { name: "no address", address: "anna@", want: 501 },
  { name: "not ASCII without SMTPUTF8", address: "ànna@example.org", want: 553 },
  {
    name: "all that is known",
    address: "",
    given: { SIZE: "5", BODY: "8BITMIME", RET: "HDRS", ENVID: "x" },
    want: "taken",
  },
  { name: "a parameter that is not known", address: "", given: { BY: "5;R" }, want: 555 },
  { name: "REQUIRETLS, which nobody promised", address: "", given: { REQUIRETLS: true }, want: 555 },
  { name: "a hold of two days, one being the most", address: "", given: { HOLDFOR: "172800" }, want: 501 },
  { name: "an envelope id that is too long", address: "", given: { ENVID: "x".repeat(101) }, want: 501 },
  { name: "one that is as xtext", address: "", given: { ENVID: "+".repeat(34) }, want: 501 },
  { name: "one that is not", address: "", given: { ENVID: "+".repeat(33) }, want: "taken" },
];

describe("MAIL", () => {
  for (const { name, address, given, want } of senders)
    it(name, () => assert.equal(codeOf(mail(address, given)), want));
});

describe("RCPT", () => {
  const cases: readonly {
    name: string;
    address: string;
    given?: Parameters;
    utf8?: boolean;
    want: number | "taken";
  }[] = [
    { name: "an address", address: "bob@example.com", want: "taken" },
    { name: "postmaster without a domain", address: "postmaster", want: 501 },
    { name: "an injection", address: "bob@example.com>\r\nRCPT TO:<x@y", want: 501 },
    { name: "not ASCII with SMTPUTF8", address: "élise@example.com", utf8: true, want: "taken" },
    { name: "not ASCII without", address: "élise@example.com", want: 553 },
    { name: "a parameter that is not known", address: "bob@example.com", given: { HOLDFOR: "5" }, want: 555 },
    { name: "a long ORCPT", address: "bob@example.com", given: { ORCPT: `rfc822;${"x".repeat(500)}` }, want: 501 },
    {
      name: "one that is long as xtext",
      address: "bob@example.com",
      given: { ORCPT: `rfc822;${"+".repeat(165)}` },
      want: 501,
    },
  ];
  for (const { name, address, given = {}, utf8 = false, want } of cases)
    it(name, () => assert.equal(codeOf(readRecipient(address, given, utf8)), want));
});

describe("wishes for reports", () => {
  const sender = mail("anna@example.org", { ENVID: "c1", RET: "full" });
  const recipient = readRecipient(
    "bob@example.com",
    { NOTIFY: "success,failure", ORCPT: "rfc822;b@example.com" },
    false,
  );
  assert.ok(!("code" in sender) && !("code" in recipient));

  it("are kept as they were said", () =>
    assert.deepEqual(dsnRequestOf(sender, [recipient]), {
      ret: "FULL",
      envid: "c1",
      recipients: { "bob@example.com": { notify: ["SUCCESS", "FAILURE"], orcpt: "rfc822;b@example.com" } },
    }));

  it("are none where nobody said anything", () => {
    const plain = mail("anna@example.org");
    assert.ok(!("code" in plain));
    assert.equal(dsnRequestOf(plain, [{ address: "bob@example.com", dsn: {} }]), null);
  });
});
