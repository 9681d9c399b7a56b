import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account } from "@tamis/kit";
import fc from "fast-check";
import { withWholeLines } from "../mail-fields.ts";
import type { Sender } from "./envelope.ts";
import { type PreparedMail, prepareMail, type Submitted } from "./prepare-mail.ts";

const account: Account = {
  id: "anna",
  address: "anna@example.org",
  identities: ["office@example.org"],
  user: "a",
  mode: "act",
};
const sender: Sender = {
  from: "anna@example.org",
  hold: null,
  size: null,
  isUtf8: false,
  ret: undefined,
  envid: undefined,
};
const at = new Date("2026-03-28T22:30:00Z");
const arrival = {
  clientName: "[192.0.2.7]",
  clientAddress: "192.0.2.7",
  protocol: "ESMTPSA",
  name: "mx.example.org",
  at,
};
const until = new Date("2026-03-30T06:00:00Z");

const HEADER =
  "From: Anna <anna@example.org>\r\nTo: bob@example.com\r\nDate: Sat, 28 Mar 2026 23:29:58 +0100\r\nMessage-ID: <1@example.org>\r\n";
const prepare = (raw: string | Uint8Array, more: Partial<Submitted> = {}) =>
  prepareMail({
    raw: typeof raw === "string" ? Buffer.from(raw) : raw,
    account,
    sender,
    recipients: [{ address: "bob@example.com", dsn: {} }],
    arrival,
    maxReceived: 3,
    separator: null,
    id: "x1",
    ...more,
  });
const good = (raw: string, more?: Partial<Submitted>): PreparedMail => {
  const prepared = prepare(raw, more);
  assert.ok(!("code" in prepared), JSON.stringify(prepared));
  return prepared;
};
const textOf = ({ prefix, octets }: PreparedMail): string => prefix + Buffer.from(octets).toString();

describe("a submitted mail", () => {
  it("gets a Received field and is otherwise left as it is", () => {
    const body = "\r\n.dots\r\nBcc: not a field\r\n";
    assert.equal(
      textOf(good(HEADER + body)),
      `Received: from [192.0.2.7] ([192.0.2.7])\r\n by mx.example.org with ESMTPSA id x1;\r\n Sat, 28 Mar 2026 22:30:00 +0000\r\n${HEADER}${body}`,
    );
  });

  it("says IPv6 where it came by IPv6, and nothing that a client made up", () => {
    const { prefix } = good(HEADER, { arrival: { ...arrival, clientName: "a b\n", clientAddress: "2001:db8::7" } });
    assert.match(prefix, /^Received: from unknown \(\[IPv6:2001:db8::7\]\)\r\n/);
  });

  it("loses Bcc, folded ones too, and Return-Path", () => {
    const text = textOf(
      good(`Bcc: a@example.net,\r\n b@example.net\r\nReturn-Path: <x@y.z>\r\n${HEADER}bcc: c@example.net\r\n\r\nx\r\n`),
    );
    assert.doesNotMatch(text, /example\.net|Return-Path/);
    assert.ok(text.endsWith(`${HEADER}\r\nx\r\n`));
  });

  it("loses a Bcc that shows only when bare line ends are made whole", () => {
    for (const end of ["\r", "\n"]) {
      const { octets } = good(`${HEADER}X-Note: a${end}Bcc: eve@example.com${end}Subject: s\r\n\r\nx\r\n`);
      assert.equal(Buffer.from(octets).toString(), `${HEADER}X-Note: a\r\nSubject: s\r\n\r\nx\r\n`);
    }
  });

  it("gets the Date and Message-ID that it lacks (RFC 6409 §8)", () => {
    const { prefix, messageId } = good("From: anna@example.org\r\n\r\nx\r\n");
    assert.match(prefix, /\r\nDate: Sat, 28 Mar 2026 22:30:00 \+0000\r\nMessage-ID: <x1@mx\.example\.org>\r\n$/);
    assert.equal(messageId, "<x1@mx.example.org>");
  });

  it("has the date of its release where it is held, in its own zone", () => {
    const held = good(`${HEADER}\r\nx\r\n`, { sender: { ...sender, hold: { until, request: "for;1" } } });
    assert.deepEqual(textOf(held).match(/^Date: .*$/gm), ["Date: Mon, 30 Mar 2026 07:00:00 +0100"]);
    assert.match(textOf(held), /Message-ID: <1@example\.org>/);
  });

  const refusals: readonly { name: string; mail: string; want: string; more?: Partial<Submitted> }[] = [
    { name: "somebody else in From", mail: "From: bob@example.org\r\n\r\nx", want: "550 5.7.1" },
    {
      name: "somebody else beside oneself",
      mail: "From: anna@example.org, bob@example.org\r\n\r\nx",
      want: "550 5.7.1",
    },
    { name: "somebody else as Sender", mail: `Sender: bob@example.org\r\n${HEADER}\r\nx`, want: "550 5.7.1" },
    { name: "two From fields", mail: `From: bob@example.org\r\n${HEADER}\r\nx`, want: "550 5.6.0" },
    { name: "no From field", mail: "To: bob@example.com\r\n\r\nx", want: "550 5.6.0" },
    { name: "a name for an address", mail: "From: Anna\r\n\r\nx", want: "550 5.7.1" },
    { name: "From after a body", mail: "\r\nFrom: anna@example.org\r\n\r\nx", want: "550 5.6.0" },
    {
      name: "a second From behind more fields than are read",
      mail: `${HEADER}${"X: y\r\n".repeat(10_000)}From: bob@example.org\r\n\r\nx`,
      want: "550 5.6.0",
    },
    {
      name: "a Bcc behind more octets than are read",
      mail: `${HEADER}${`X: ${"y".repeat(900)}\r\n`.repeat(1_200)}Bcc: eve@example.net\r\n\r\nx`,
      want: "550 5.6.0",
    },
    { name: "a loop", mail: `${"Received: x\r\n".repeat(4)}${HEADER}\r\nx`, want: "554 5.4.6" },
    { name: "a header in UTF-8 without SMTPUTF8", mail: `Subject: été\r\n${HEADER}\r\nx`, want: "550 5.6.7" },
  ];
  for (const { name, mail, want, more } of refusals)
    it(`is refused: ${name}`, () => {
      const refusal = prepare(mail, more);
      assert.equal("code" in refusal && `${refusal.code} ${refusal.status}`, want);
    });

  it("may be written as another of its addresses, and in UTF-8 where that was said", () => {
    good("From: office@example.org\r\nSender: anna@example.org\r\n\r\nx");
    good(`Subject: été\r\n${HEADER}\r\nx`, { sender: { ...sender, isUtf8: true } });
  });

  it("says whether its author asks for a receipt, and leaves that field alone", () => {
    const asking = `Disposition-Notification-To: Anna <anna@example.org>\r\n${HEADER}\r\nx\r\n`;
    assert.equal(good(asking).asksDisposition, true);
    assert.ok(textOf(good(asking)).endsWith(asking));
    const own = good(asking, { separator: "+" });
    assert.deepEqual([own.asksDisposition, own.isSubaddressed], [true, true]);
    assert.doesNotMatch(textOf(own), /Disposition/);
    assert.equal(good(`${HEADER}\r\nDisposition-Notification-To: a@b.c\r\n`).asksDisposition, false);
  });

  it("is known again by sender, recipients and octets, whenever it comes and however long it is held", () => {
    const mail = `${HEADER}\r\nx\r\n`;
    const first = good(mail).fingerprint;
    assert.equal(good(mail, { id: "x2", arrival: { ...arrival, at: until } }).fingerprint, first);
    assert.notEqual(good(`${mail}y\r\n`).fingerprint, first);
    assert.notEqual(good(mail, { recipients: [{ address: "carl@example.com", dsn: {} }] }).fingerprint, first);
    const nameless = "From: anna@example.org\r\n\r\nx";
    assert.notEqual(good(nameless, { id: "x2" }).fingerprint, good(nameless).fingerprint);
  });

  it("may be any octets", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (octets, headed) => {
        const raw = headed ? Buffer.concat([Buffer.from(HEADER), octets]) : octets;
        const prepared = prepare(raw);
        if (!("code" in prepared))
          assert.ok(prepared.octets.length <= withWholeLines(raw).length && prepared.prefix.endsWith("\r\n"));
      }),
    );
  });
});
