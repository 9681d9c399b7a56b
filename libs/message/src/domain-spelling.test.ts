import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { domainToASCII } from "node:url";
import fc from "fast-check";
import { otherSpelling } from "./domain-spelling.ts";

describe("otherSpelling (RFC 5890 §2.3.2.1)", () => {
  for (const [domain, want] of [
    ["xn--cole-9oa.example", "école.example"],
    ["XN--Cole-9OA.Example", "école.Example"],
    ["école.example", "xn--cole-9oa.example"],
    ["mail.xn--bcher-kva.example", "mail.bücher.example"],
    ["xn--mgbh0fb.xn--kgbechtv", "مثال.إختبار"],
    ["例え.テスト", "xn--r8jz45g.xn--zckzah"],
    ["example.org", null],
    ["xn--.example", null],
    ["xn--a.example", null],
    ["xn--paypal-.example", null],
    ["xn--cole-9oa!.example", null],
    [`xn--${"9".repeat(200)}.example`, null],
    ["xn--99999999999", null],
    ["é@b", null],
    ["é/b.example", null],
    ["[IPv6:2001:db8::1]", null],
    ["", null],
  ] as const) {
    it(domain, () => assert.equal(otherSpelling(domain), want));
  }

  it("leads back, for every domain that IDNA knows", () => {
    const label = fc
      .array(fc.constantFrom(..."abz019éèßüñçœ中文字テストдомαβγ-"), { minLength: 1, maxLength: 20 })
      .map((characters) => characters.join(""));
    fc.assert(
      fc.property(label, (text) => {
        const ascii = domainToASCII(`${text}.example`);
        if (!ascii.startsWith("xn--")) return;
        const unicode = otherSpelling(ascii);
        assert.ok(unicode !== null, ascii);
        assert.equal(domainToASCII(unicode), ascii);
        assert.equal(otherSpelling(unicode), ascii);
      }),
    );
  });

  it("ends, and never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void otherSpelling(`xn--${text}`)));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void otherSpelling(`é${text}`)));
  });
});
