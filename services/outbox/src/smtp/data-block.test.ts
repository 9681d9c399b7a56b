import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dataBlock, dataPieces, FINAL_DOT, hasEightBit } from "./data-block.ts";

/** What a server keeps of a data block (RFC 5321 §4.5.2). */
const received = (block: Buffer): string =>
  block
    .toString("latin1")
    .replace(/\r\n\.\r\n$|^\.\r\n$/, "\r\n")
    .replace(/^\.\./gm, ".");

describe("a data block", () => {
  for (const { name, mail, want } of [
    { name: "as it is", mail: "A: b\r\n\r\nc\r\n", want: "A: b\r\n\r\nc\r\n.\r\n" },
    { name: "without a last line end", mail: "A: b", want: "A: b\r\n.\r\n" },
    { name: "nothing", mail: "", want: ".\r\n" },
    { name: "dots at the beginning of lines", mail: ".\r\n..\r\na.\r\n.b", want: "..\r\n...\r\na.\r\n..b\r\n.\r\n" },
    { name: "bare line feeds", mail: "a\n.\nb\n", want: "a\r\n..\r\nb\r\n.\r\n" },
    { name: "bare carriage returns", mail: "a\r.\rb\r\r\n", want: "a\r\n..\r\nb\r\n\r\n.\r\n" },
    {
      name: "an end of data smuggled in",
      mail: "a\n.\r\nMAIL FROM:<x@y>\r\n",
      want: "a\r\n..\r\nMAIL FROM:<x@y>\r\n.\r\n",
    },
    {
      name: "a line of more than 998 octets: cut, it would be another",
      mail: `${".".repeat(2_000)}\r\n`,
      want: `${".".repeat(2_001)}\r\n.\r\n`,
    },
    { name: "octets that are no text", mail: "\xff\x00\x80\r\n", want: "\xff\x00\x80\r\n.\r\n" },
  ])
    it(name, () => assert.equal(dataBlock(Buffer.from(mail, "latin1")).toString("latin1"), want));

  it("is the mail again after unstuffing, and ends only where it ends", () => {
    const octets = fc
      .array(fc.constantFrom("\r", "\n", "\r\n", ".", "a", "\xe9", "\r\n.\r\n"), { maxLength: 40 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(octets, (mail) => {
        const block = dataBlock(Buffer.from(mail, "latin1"));
        const text = block.toString("latin1");
        assert.equal(`\r\n${text}`.indexOf("\r\n.\r\n"), text.length - 3);
        assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(text));
        const normal = mail.replace(/\r\n|\r|\n/g, "\r\n");
        assert.equal(received(block), normal === "" || normal.endsWith("\r\n") ? normal || "\r\n" : `${normal}\r\n`);
      }),
    );
  });

  it("is the same in pieces, wherever they end", () => {
    const octets = fc
      .array(fc.constantFrom("\r", "\n", "\r\n", ".", "a"), { maxLength: 20 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(octets, fc.integer({ min: 1, max: 5 }), (text, size) => {
        const mail = Buffer.from(text);
        assert.deepEqual(Buffer.concat([...dataPieces(mail, size), FINAL_DOT]), dataBlock(mail));
      }),
    );
  });

  it("of a long mail is never in memory as a whole", () => {
    const pieces = [...dataPieces(Buffer.alloc(1_000_000, "x"))];
    assert.ok(pieces.length > 10 && pieces.every(({ buffer }) => buffer.byteLength <= 128 * 1024));
  });

  it("knows 8-bit octets", () => {
    assert.deepEqual(
      ["abc\r\n", "caf\xe9", ""].map((text) => hasEightBit(Buffer.from(text, "latin1"))),
      [false, true, false],
    );
  });
});
