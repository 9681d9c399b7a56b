import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseBasic } from "./basic.ts";

const basic = (text: string | Uint8Array): string => `Basic ${Buffer.from(text as string).toString("base64")}`;

describe("Basic (RFC 7617)", () => {
  for (const { name, header, want } of [
    { name: "a name and a password", header: basic("anna@example.org:s3cret"), want: ["anna@example.org", "s3cret"] },
    {
      name: "the scheme in any case, colons in the password",
      header: basic("anna:a:b").replace("Basic", "bAsIC"),
      want: ["anna", "a:b"],
    },
    { name: "UTF-8", header: basic("ève:ñandú"), want: ["ève", "ñandú"] },
  ])
    it(name, () => assert.deepEqual(parseBasic(header), { name: want[0], password: want[1] }));
  for (const { name, header } of [
    { name: "nothing", header: "Basic" },
    { name: "no base64", header: "Basic *" },
    { name: "no colon", header: basic("anna") },
    { name: "no name", header: basic(":secret") },
    { name: "no password", header: basic("anna:") },
    { name: "no UTF-8", header: basic(Buffer.from([0x61, 0x3a, 0xff])) },
    { name: "a NUL", header: basic("anna:\0") },
  ])
    it(`is malformed with ${name}`, () => assert.equal(parseBasic(header), "malformed"));
  for (const header of [undefined, "", "Bearer abc", "basically"])
    it(`is not said by ${header}`, () => assert.equal(parseBasic(header), null));
  it("gives back what was written, and survives whatever comes", () => {
    const printable = fc.string({ minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
    fc.assert(
      fc.property(
        printable.filter((name) => !name.includes(":")),
        printable,
        (name, password) => assert.deepEqual(parseBasic(basic(`${name}:${password}`)), { name, password }),
      ),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseBasic(`Basic ${text}`)));
  });
});
