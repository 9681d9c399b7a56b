import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { maySubaddress, subaddressOf } from "./subaddressing.ts";

const ASKS = "Disposition-Notification-To: Anna <Anna@example.org>\r\n";
const may = (header: string, from: string | null = "anna@example.org"): boolean =>
  maySubaddress(readMessage(Buffer.from(`From: anna@example.org\r\n${header}\r\nBonjour\r\n`)), from, "+");

describe("receipts at a subaddress of the author's", () => {
  it("are for a mail that asks for them at the address it is from", () => assert.equal(may(ASKS), true));
  it("have the token behind its local part", () =>
    assert.equal(subaddressOf("anna@example.org", "-", "tok"), "anna-tok@example.org"));

  for (const { name, header, from } of [
    { name: "does not ask", header: "" },
    { name: "asks for them at somebody else", header: "Disposition-Notification-To: office@example.org\r\n" },
    { name: "asks for them at several", header: "Disposition-Notification-To: anna@example.org, b@example.org\r\n" },
    { name: "asks twice", header: ASKS + ASKS },
    { name: "is signed (RFC 6376)", header: `DKIM-Signature: v=1; a=rsa-sha256\r\n${ASKS}` },
    { name: "is signed (RFC 8551)", header: `${ASKS}Content-Type: multipart/signed; micalg=sha-256\r\n` },
    { name: "is encrypted", header: `${ASKS}Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n` },
    { name: "is from nobody", header: ASKS, from: null },
    {
      name: "is from an address without room",
      header: `Disposition-Notification-To: ${"a".repeat(40)}@example.org\r\n`,
      from: `${"a".repeat(40)}@example.org`,
    },
  ])
    it(`are for no mail that ${name}`, () => assert.equal(may(header, from), false));
});
