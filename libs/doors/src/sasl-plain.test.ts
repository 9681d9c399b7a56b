import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePlain } from "./sasl-plain.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe("parsePlain", () => {
  const cases = [
    { name: "no authzid", given: "\0anna\0secret", want: { authzid: "", name: "anna", password: "secret" } },
    { name: "an authzid", given: "bob\0anna\0p", want: { authzid: "bob", name: "anna", password: "p" } },
    {
      name: "UTF-8",
      given: "\0élève\0mot de passé €",
      want: { authzid: "", name: "élève", password: "mot de passé €" },
    },
    {
      name: "a byte order mark in the password",
      given: "\0a\0\ufeffp",
      want: { authzid: "", name: "a", password: "\ufeffp" },
    },
    { name: "no name", given: "\0\0p", want: null },
    { name: "an empty password", given: "\0anna\0", want: null },
    { name: "one part too few", given: "anna\0p", want: null },
    { name: "one part too many", given: "\0anna\0p\0q", want: null },
    { name: "nothing", given: "", want: null },
    { name: "a name that is too long", given: `\0${"a".repeat(1025)}\0p`, want: null },
  ];
  for (const { name, given, want } of cases) it(name, () => assert.deepEqual(parsePlain(bytes(given)), want));

  it("refuses what is no UTF-8", () => assert.equal(parsePlain(Buffer.from("00e90070", "hex")), null));

  it("reads back what was put together", () => {
    const part = fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.option(part, { nil: "" }), part, part, (authzid, name, password) => {
        assert.deepEqual(parsePlain(bytes(`${authzid}\0${name}\0${password}`)), { authzid, name, password });
      }),
    );
  });

  it("never throws on garbage", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => void parsePlain(garbage)));
  });
});
