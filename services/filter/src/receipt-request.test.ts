import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import type { EnvelopeFacts } from "@tamis/sieve";
import fc from "fast-check";
import { receiptRequestIn } from "./receipt-request.ts";

const KNOWN: EnvelopeFacts = { from: "bob@example.net", to: "anna@example.org" };
const request = (fields: readonly string[], envelope: EnvelopeFacts = KNOWN) => {
  const raw = Buffer.from([...fields, "", "x", ""].join("\r\n"));
  return receiptRequestIn(readMessage(raw), { address: "anna@example.org", envelope });
};
const ASKS = "Disposition-Notification-To: Bob <bob@example.net>";

describe("what a mail asks for (RFC 8098 §2)", () => {
  it("the address, the envelope's sender, the recipients, the Message-ID", () => {
    const fields = [ASKS, "Message-ID: <1@example.net>", "Original-Recipient: rfc822;chef@example.org"];
    assert.deepEqual(request(fields), {
      to: ["bob@example.net"],
      returnPath: "bob@example.net",
      messageId: "<1@example.net>",
      originalRecipient: "rfc822;chef@example.org",
      finalRecipient: "anna@example.org",
      required: [],
    });
  });

  it("who wrote, and the subject, as people read them: on one line, in one direction, and no more than can be shown", () => {
    const written = (...fields: readonly string[]) => {
      const made = request([ASKS, ...fields]);
      return [made?.sender, made?.subject];
    };
    const bob = "From: =?utf-8?q?Bob_=C3=89mile?= <bob@example.net>";
    assert.deepEqual(written(bob, "Subject: =?utf-8?q?Conseil_de=0D=0A_classe?="), [
      "Bob Émile <bob@example.net>",
      "Conseil de classe",
    ]);
    assert.deepEqual(written("From: bob@example.net", "Subject: \t "), ["bob@example.net", undefined]);
    const turned = Buffer.from("note\u202e\u0000fdp.exe").toString("base64");
    assert.deepEqual(written(`Subject: =?utf-8?b?${turned}?=`), [undefined, "note fdp.exe"]);
    const [, long] = written(`Subject: =?utf-8?b?${Buffer.from("\u{1f600}".repeat(300)).toString("base64")}?=`);
    assert.equal(long, "\u{1f600}".repeat(200));
    const [hidden] = written(`From: "${"Le recteur ".repeat(50)}" <eve@evil.example>`);
    assert.match(hidden ?? "", / <eve@evil\.example>$/);
  });

  const nothing: readonly { readonly name: string; readonly fields: readonly string[]; envelope?: EnvelopeFacts }[] = [
    { name: "asks for nothing", fields: ["Subject: x"] },
    { name: "names nobody", fields: ["Disposition-Notification-To: "] },
    { name: "names what is no address", fields: ["Disposition-Notification-To: <bob>"] },
    { name: "asks the owner himself", fields: ["Disposition-Notification-To: Anna@example.org"] },
    { name: "came from <>", fields: [ASKS], envelope: { from: null } },
    { name: "says that it came from <>, as far as anybody knows", fields: ["Return-Path: <>", ASKS], envelope: {} },
    {
      name: "is a disposition itself",
      fields: [ASKS, "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"],
    },
    { name: "is a delivery report", fields: [ASKS, "Content-Type: Multipart/Report; report-type=delivery-status"] },
    { name: "was made by a machine", fields: [ASKS, "Auto-Submitted: auto-generated"] },
    { name: "came over a list", fields: [ASKS, "List-Id: <l.example.net>"] },
    { name: "came over a list that says so in another way", fields: [ASKS, "Precedence: list"] },
    { name: "is bulk mail", fields: [ASKS, "Precedence: bulk"] },
    { name: "is a notice of Exchange", fields: [ASKS, "X-Auto-Response-Suppress: All"] },
  ];
  for (const { name, fields, envelope } of nothing)
    it(`nothing to answer: it ${name}`, () => assert.equal(request(fields, envelope ?? KNOWN), null));

  it("a person who says that he is one is answered", () => {
    assert.notEqual(request([ASKS, "Auto-Submitted: no", "Precedence: first-class"]), null);
  });

  const addresses: readonly (readonly [string, readonly string[]])[] = [
    ["bob@example.net, Bob <bob@EXAMPLE.net>", ["bob@example.net"]],
    ['"bob"@example.net, bob@example.net', ['"bob"@example.net']],
    ["bob@example.net, Bob@example.net", ["bob@example.net", "Bob@example.net"]],
    ["bob@example.net, carla@example.net", ["bob@example.net", "carla@example.net"]],
    ["heads: bob@example.net;", ["bob@example.net"]],
  ];
  for (const [text, want] of addresses)
    it(`distinct addresses of ${text}`, () => {
      assert.deepEqual(request([`Disposition-Notification-To: ${text}`])?.to, want);
    });

  const options: readonly (readonly [string, readonly string[]])[] = [
    ["signed-receipt-protocol=optional,pkcs7-signature; signed-receipt-micalg=OPTIONAL,sha256,sha1", []],
    ["signed-receipt-protocol=required,pkcs7-signature; x = optional, y", ["signed-receipt-protocol"]],
    ["X-seal = Required , a", ["X-seal"]],
    ["who knows", ["who knows"]],
    ["x=optional", ["x"]],
    ["; ;", []],
  ];
  for (const [text, want] of options)
    it(`what must be understood of ${text}`, () => {
      assert.deepEqual(request([ASKS, `Disposition-Notification-Options: ${text}`])?.required, want);
    });

  it("the envelope's sender is unknown where nobody vouches for it, an Original-Recipient that is none left out", () => {
    const made = request([ASKS, "Return-Path: <bob@example.net>", "Original-Recipient: anna at home"], {});
    assert.deepEqual([made?.returnPath, made?.originalRecipient], [undefined, undefined]);
  });

  it("garbage never throws", () => {
    const names = [
      "Disposition-Notification-To",
      "Disposition-Notification-Options",
      "Original-Recipient",
      "Message-ID",
    ];
    const field = fc
      .tuple(fc.constantFrom(...names), fc.string({ unit: "binary", maxLength: 80 }))
      .map(([name, value]) => `${name}: ${value}`);
    fc.assert(
      fc.property(fc.array(field), (fields) => void request([ASKS, ...fields])),
      {
        numRuns: 50,
      },
    );
  });
});
