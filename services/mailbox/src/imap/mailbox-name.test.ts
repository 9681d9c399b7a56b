import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeMailboxName, encodeMailboxName, isInbox, quoteMailboxName } from "./mailbox-name.ts";

/** Any UTF-16, lone surrogates among it, and the characters that matter here often. */
const name = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom("&", "&-", "-", ",", "/", "é", "😀", "AOk-"),
    ),
  )
  .map((parts) => parts.join(""));

describe("folder names in modified UTF-7 (RFC 3501 §5.1.3)", () => {
  it("decode(encode(x)) = x, in printable ASCII on the way", () => {
    fc.assert(
      fc.property(name, (text) => {
        const wire = encodeMailboxName(text);
        assert.match(wire, /^[\x20-\x7e]*$/);
        assert.equal(decodeMailboxName(wire), text);
      }),
    );
  });

  it("decodes garbage into something", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."&-,+/ABab9é ") }), (wire) => void decodeMailboxName(wire)),
    );
  });

  for (const [text, wire] of [
    ["Écoles & Cie", "&AMk-coles &- Cie"],
    ["~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"],
    ["a&b", "a&-b"],
    ["😀", "&2D3eAA-"],
    ["plain", "plain"],
  ] as const)
    it(`encodes ${text}`, () => assert.equal(encodeMailboxName(text), wire));

  for (const wire of ["&AO-", "&", "&é-", "a & b", "&A-"])
    it(`leaves ${JSON.stringify(wire)} as it stands`, () => assert.equal(decodeMailboxName(wire), wire));
});

describe("quoteMailboxName", () => {
  for (const [text, want] of [
    ["inBox", '"INBOX"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ["", null],
    ["a\r\nT1 DELETE x", null],
    ["a\0", null],
    ["a\x7f", null],
    ["é", '"&AOk-"'],
  ] as const)
    it(`of ${JSON.stringify(text)}`, () => assert.equal(quoteMailboxName(text), want));

  it("never gives a line end or an open quote", () => {
    fc.assert(
      fc.property(name, (text) => {
        const wire = quoteMailboxName(text);
        if (wire !== null) assert.match(wire, /^"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/);
      }),
    );
  });
});

describe("isInbox", () => {
  for (const [text, want] of [
    ["INBOX", true],
    ["inbox", true],
    ["ınbox", false],
    ["INBOX/x", false],
    ["INBOX\n", false],
  ] as const)
    it(`of ${JSON.stringify(text)}`, () => assert.equal(isInbox(text), want));
});
