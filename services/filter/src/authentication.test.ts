import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { isAuthenticated, NOBODY } from "./authentication.ts";

const field = (value: string): string => `Authentication-Results: ${value}\r\n`;
const ours = (results: string): string => field(`mx.example.org; ${results}`);
const SPF = "spf=pass smtp.mailfrom=bob@example.net";

const cases = [
  { name: "SPF for the Return-Path", head: ours(SPF), want: true },
  { name: "SPF with the domain alone", head: ours("spf=pass smtp.mailfrom=Example.NET"), want: true },
  { name: "SPF for another domain", head: ours("spf=pass smtp.mailfrom=evil.example"), want: false },
  { name: "SPF for a domain above", head: ours("spf=pass smtp.mailfrom=net"), want: false },
  { name: "SPF for the HELO alone", head: ours("spf=pass smtp.helo=example.net"), want: false },
  { name: "SPF that did not pass", head: ours("spf=softfail smtp.mailfrom=bob@example.net"), want: false },
  { name: "DMARC for the domain", head: ours("dmarc=pass (p=none) header.from=example.net"), want: true },
  { name: "DMARC for another domain", head: ours("dmarc=pass header.from=example.com"), want: false },
  {
    name: "DMARC for a domain whose name only ends alike",
    head: ours("dmarc=pass header.from=ample.net"),
    want: false,
  },
  { name: "DMARC for a top-level domain", head: ours("dmarc=pass header.from=net"), want: false },
  { name: "DKIM alone says nothing of the Return-Path", head: ours("dkim=pass header.d=example.net"), want: false },
  { name: "somebody else's field", head: field(`mx.elsewhere.example; ${SPF}`), want: false },
  { name: "nobody's field", head: field(SPF), want: false },
  { name: "no field", head: "Subject: x\r\n", want: false },
  { name: "forged: below our own", head: ours("spf=fail smtp.mailfrom=bob@example.net") + ours(SPF), want: false },
  { name: "forged: below somebody else's", head: field("mx.elsewhere.example; none") + ours(SPF), want: false },
  {
    name: "two fields where our servers write two",
    head: ours("dkim=none") + ours(SPF),
    fields: 2,
    want: true,
  },
  {
    name: "forged: below the two that our servers write",
    head: ours("dkim=none") + ours("spf=fail") + ours(SPF),
    fields: 2,
    want: false,
  },
  {
    name: "a domain in letters beyond ASCII",
    from: "bob@école.example",
    head: ours("spf=pass smtp.mailfrom=xn--cole-9oa.example"),
    want: true,
  },
  {
    name: "DMARC above the Return-Path",
    from: "b@bounces.example.net",
    head: ours("dmarc=pass header.from=example.net"),
    want: true,
  },
  { name: "a sender without a domain", from: "bob", head: ours("spf=pass smtp.mailfrom=bob"), want: true },
];

describe("isAuthenticated", () => {
  for (const { name, from = "bob@example.net", head, fields = 1, want } of cases) {
    it(name, () => {
      const message = readMessage(Buffer.from(`${head}\r\nbody`));
      assert.equal(isAuthenticated(message, from, { authservIds: new Set(["mx.example.org"]), fields }), want);
      assert.equal(isAuthenticated(message, from, NOBODY), false);
    });
  }
});
