import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeTransfer } from "./transfer-encoding.ts";

const cases: readonly {
  readonly name: string;
  readonly encoding: string;
  readonly body: string;
  readonly want: string;
}[] = [
  { name: "8bit", encoding: "8bit", body: "a=41\r\n", want: "a=41\r\n" },
  { name: "an unknown encoding", encoding: "x-none", body: "a=41", want: "a=41" },
  { name: "escapes", encoding: "quoted-printable", body: "caf=E9=3D=3d", want: "caf\xe9==" },
  { name: "soft line breaks", encoding: "quoted-printable", body: "a=\r\nb=\nc= \t\r\nd=", want: "abcd" },
  { name: "blanks before a line end", encoding: "quoted-printable", body: "a \t\r\nb \n c ", want: "a\r\nb\n c" },
  { name: "escaped blanks", encoding: "quoted-printable", body: "a=20\r\nb =20 \r\n", want: "a \r\nb  \r\n" },
  { name: "a blank before a soft break", encoding: "quoted-printable", body: "a =\r\nb", want: "a b" },
  { name: "wrong escapes", encoding: "quoted-printable", body: "=zz =4 =", want: "=zz =4 " },
  { name: "base64", encoding: "base64", body: "YWJj\r\nZGU=\r\n", want: "abcde" },
  { name: "base64 without padding", encoding: "base64", body: "YWJjZGU", want: "abcde" },
  { name: "base64 with blanks and noise", encoding: "base64", body: " Y!W J\tj", want: "abc" },
  { name: "base64 in pieces", encoding: "base64", body: "YQ==\r\nYmM=\r\nZA==", want: "abcd" },
  { name: "a footer after base64", encoding: "base64", body: "YQ==\r\n____\r\nTo unsubscribe", want: "a" },
  { name: "uuencode", encoding: "x-uuencode", body: "begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n", want: "abc" },
  { name: "uuencode without a beginning", encoding: "uuencode", body: "#86)C", want: "#86)C" },
];

describe("decodeTransfer", () => {
  for (const { name, encoding, body, want } of cases) {
    it(name, () => assert.equal(decodeTransfer(Buffer.from(body, "latin1"), encoding).toString("latin1"), want));
  }

  it("reads back what was encoded", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 76 }), (octets, width) => {
        const base64 = Buffer.from(octets)
          .toString("base64")
          .replace(new RegExp(`.{${width}}`, "g"), "$&\r\n");
        assert.deepEqual(decodeTransfer(Buffer.from(base64), "base64"), Buffer.from(octets));
        const hex = Buffer.from(octets).toString("hex").replace(/../g, "=$&").replace(/.{72}/g, "$&=\r\n");
        assert.deepEqual(decodeTransfer(Buffer.from(hex), "quoted-printable"), Buffer.from(octets));
      }),
    );
  });

  it("never throws and never swells", () => {
    const encoding = fc.constantFrom("base64", "quoted-printable", "uuencode", "");
    const pieces = fc.constantFrom(
      "=",
      "=\r\n",
      "=4",
      "=E9",
      " ",
      "\t",
      "\r",
      "\n",
      "YQ==",
      "begin 644 a\n",
      "end\n",
      "M",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), encoding, (body, name) => {
        const octets = Buffer.from(body.join(""));
        return decodeTransfer(octets, name).length <= octets.length;
      }),
    );
  });

  it("takes time in proportion to hostile input", { timeout: 20_000 }, () => {
    for (const piece of ["=", "= ", " ", "\r", "YQ==", "=\r\n", " \n"]) {
      const body = Buffer.from(piece.repeat(500_000 / piece.length));
      for (const encoding of ["base64", "quoted-printable", "uuencode"]) decodeTransfer(body, encoding);
    }
  });
});
