import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isSameMailbox, toPath } from "./address.ts";

describe("a path", () => {
  for (const { address, want } of [
    { address: "anna@example.org", want: "anna@example.org" },
    { address: "o'brien+tag/x=y@sub.example.org", want: "o'brien+tag/x=y@sub.example.org" },
    { address: '"a b@c"@example.org', want: '"a b@c"@example.org' },
    { address: "a@[192.0.2.1]", want: "a@[192.0.2.1]" },
    { address: "a@[IPv6:2001:db8::1]", want: "a@[IPv6:2001:db8::1]" },
    { address: "a@lycée.example", want: "a@xn--lyce-dpa.example" },
    { address: "a@localhost", want: "a@localhost" },
  ])
    it(address, () => assert.deepEqual(toPath(address), { text: want, needsUtf8: false }));

  it("with a local part that is not ASCII needs SMTPUTF8", () =>
    assert.deepEqual(toPath("rené@example.org"), { text: "rené@example.org", needsUtf8: true }));

  for (const address of [
    "",
    "anna",
    "@example.org",
    "anna@",
    "anna @example.org",
    "anna@example.org>\r\nRCPT TO:<x@y",
    "<anna@example.org>",
    "anna@exa_mple.org",
    "anna@-example.org",
    "anna@example..org",
    "a,b@example.org",
    '"a\r\nb"@example.org',
    `${"a".repeat(65)}@example.org`,
    `a@${"b".repeat(260)}.org`,
  ])
    it(`is not ${JSON.stringify(address.slice(0, 40))}`, () => assert.equal(toPath(address), null));

  it("never holds what ends a command, whatever it is made from", () => {
    const octets = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
    fc.assert(
      fc.property(fc.oneof(fc.string(), octets, fc.emailAddress()), (text) => {
        const path = toPath(text);
        assert.ok(path === null || !/[\r\n<>]/.test(path.text.replace(/"(?:[^"\\]|\\.)*"/g, "")));
        assert.ok(path === null || !/[\r\n]/.test(path.text));
      }),
    );
  });

  it("compares mailboxes without case, and domains in either form", () => {
    assert.ok(isSameMailbox("Anna@Example.ORG", "anna@example.org"));
    assert.ok(isSameMailbox("a@lycée.example", "A@XN--LYCE-DPA.example"));
    assert.ok(!isSameMailbox("anna@example.org", "anna+x@example.org"));
  });
});
