import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeCharset } from "./charset.ts";
import { charsetName } from "./charset-names.ts";

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

const names: readonly (readonly [written: string, want: string])[] = [
  ["UTF-8", "utf-8"],
  ["utf8", "utf-8"],
  ['"utf-8"', "utf-8"],
  ["utf-8;format=flowed", "utf-8"],
  ["us-ascii", ""],
  ["ANSI_X3.4-1968", ""],
  ["us-ascii'", ""],
  ["x-unknown", ""],
  ["unknown-8bit", ""],
  ["DEFAULT_CHARSET", ""],
  ["", ""],
  ["cp-850", "cp850"],
  ["IBM850", "cp850"],
  ["cp1252", "windows-1252"],
  ["win-1251", "windows-1251"],
  ["Windows1250", "windows-1250"],
  ["iso8859_1", "iso-8859-1"],
  ["ISO-8859-1:1987", "iso-8859-1"],
  ["latin-1", "iso-8859-1"],
  ["8859-15", "iso-8859-15"],
  ["iso-8859-8-i", "iso-8859-8-i"],
  ["unicode-1-1-utf-7", "utf-7"],
  ["_iso-2022-jp$esc", "iso-2022-jp"],
  ["koi8r", "koi8-r"],
  ["ks_c_5601-1987", "euc-kr"],
  ["x-gbk", "gbk"],
  ["klingon", "klingon"],
];

const texts: readonly {
  readonly name: string;
  readonly charset: string;
  readonly octets: Buffer;
  readonly want: string;
}[] = [
  { name: "UTF-8 without a name", charset: "", octets: Buffer.from("é€"), want: "é€" },
  { name: "windows-1252 without a name", charset: "", octets: latin1("caf\xe9 \x80"), want: "café €" },
  { name: "us-ascii with UTF-8 in it", charset: "us-ascii", octets: Buffer.from("é"), want: "é" },
  { name: "an invented name", charset: "klingon", octets: latin1("\xe9"), want: "é" },
  { name: "utf-8 that is windows-1252", charset: "utf-8", octets: latin1("caf\xe9"), want: "café" },
  { name: "utf-8 that was cut", charset: "utf-8", octets: Buffer.from("éé").subarray(0, 3), want: "é\uFFFD" },
  { name: "utf-8 that says U+FFFD", charset: "utf-8", octets: Buffer.from("\uFFFD"), want: "\uFFFD" },
  { name: "a byte order mark", charset: "utf-8", octets: Buffer.from("\uFEFFa"), want: "a" },
  { name: "ISO 8859-1 with C1 octets", charset: "iso-8859-1", octets: latin1("\x93a\x94"), want: "“a”" },
  { name: "ISO 8859-15", charset: "iso-8859-15", octets: latin1("\xa4"), want: "€" },
  { name: "windows-1251", charset: "cp1251", octets: latin1("\xcf\xf0"), want: "Пр" },
  { name: "KOI8-R", charset: "koi8r", octets: latin1("\xf0\xd2"), want: "Пр" },
  { name: "code page 850", charset: "cp-850", octets: latin1("caf\x82"), want: "café" },
  { name: "code page 437", charset: "IBM437", octets: latin1("\x9d"), want: "¥" },
  { name: "ISO-2022-JP", charset: "iso-2022-jp", octets: latin1("\x1b$B$3$s\x1b(B!"), want: "こん!" },
  { name: "ISO-2022-KR", charset: "iso-2022-kr", octets: latin1("\x1b$)C\x0e>H3g\x0f!"), want: "안녕!" },
  { name: "HZ", charset: "hz-gb-2312", octets: latin1("a~{VPND~}~~b"), want: "a中文~b" },
  { name: "GBK", charset: "gb2312", octets: latin1("\xd6\xd0"), want: "中" },
  { name: "UTF-7", charset: "utf-7", octets: latin1("caf+AOk- 1+-1 +ZeVnLIqe"), want: "café 1+1 日本語" },
  { name: "UTF-16 with a mark", charset: "utf-16", octets: latin1("\xff\xfea\0"), want: "a" },
  { name: "UTF-16 without one", charset: "utf-16", octets: latin1("\0a\0b"), want: "ab" },
  { name: "UTF-32", charset: "utf-32", octets: latin1("\0\0\0a\0\x01\xf6\0"), want: "a😀" },
];

describe("charsetName", () => {
  for (const [written, want] of names) it(JSON.stringify(written), () => assert.equal(charsetName(written), want));
});

describe("decodeCharset", () => {
  for (const { name, charset, octets, want } of texts) {
    it(name, () => assert.equal(decodeCharset(octets, charset), want));
  }

  it("reads octets at any alignment", () => {
    const octets = latin1("0123456789abcdef\x93");
    for (let start = 0; start < octets.length; start++) {
      assert.equal(decodeCharset(octets.subarray(start), "iso-8859-1"), `${octets.toString("latin1", start, 16)}“`);
      assert.equal(decodeCharset(octets.subarray(start, 16), "koi8-r"), octets.toString("latin1", start, 16));
    }
  });

  it("reads back UTF-8 and UTF-16", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!text.startsWith("\uFEFF"));
        assert.equal(decodeCharset(Buffer.from(text), "utf-8"), text);
        assert.equal(decodeCharset(Buffer.from(`\uFEFF${text}`, "utf16le"), "utf-16"), text);
      }),
    );
  });

  it("never throws on any octets in any charset", () => {
    const charset = fc.oneof(
      fc.constantFrom(...texts.map((text) => text.charset), "big5", "euc-jp", "utf-32be"),
      fc.string(),
    );
    fc.assert(fc.property(fc.uint8Array(), charset, (octets, name) => typeof decodeCharset(octets, name) === "string"));
  });

  it("remembers no more names than it may", () => {
    for (let index = 0; index < 2_000; index++) assert.equal(decodeCharset(latin1("a"), `invented-${index}`), "a");
    assert.equal(decodeCharset(latin1("\xf0"), "koi8-u"), "П");
  });
});
