import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseAddresses } from "./addresses.ts";

/** `name|address|group`, the last only in a group. */
const shown = (text: string): string[] =>
  parseAddresses(text).map(({ name, address, group }) =>
    [name, address, ...(group === undefined ? [] : [group])].join("|"),
  );

const cases: readonly { readonly name: string; readonly text: string; readonly want: readonly string[] }[] = [
  { name: "nothing", text: "", want: [] },
  { name: "an addr-spec", text: "a@b.example", want: ["|a@b.example"] },
  { name: "a name", text: "Zoë Martin <zoe@b.example>", want: ["Zoë Martin|zoe@b.example"] },
  { name: "several", text: "a@b.example, C <c@d.example>", want: ["|a@b.example", "C|c@d.example"] },
  { name: "a quoted name", text: '"Doe, \\"J\\" John" <j@b.example>', want: ['Doe, "J" John|j@b.example'] },
  { name: "an unquoted comma in a name", text: "Doe, John <j@b.example>", want: ["Doe, John|j@b.example"] },
  { name: "an encoded name", text: "=?utf-8?Q?Zo=C3=AB?= <z@b.example>", want: ["Zoë|z@b.example"] },
  {
    name: "an encoded name that hides an address and a comma",
    text: "=?utf-8?Q?boss=40b.example=2C_x?= <z@evil.example>",
    want: ["boss@b.example, x|z@evil.example"],
  },
  { name: "an old name", text: "j@b.example (John (Jack) Doe)", want: ["John (Jack) Doe|j@b.example"] },
  { name: "comments everywhere", text: "(x) Pete(A) <pete(y)@b.example> (z)", want: ["Pete|pete@b.example"] },
  { name: "a group", text: "Team: a@b.example, Z <z@b.example>;", want: ["|a@b.example|Team", "Z|z@b.example|Team"] },
  { name: "an empty group", text: "undisclosed-recipients:;", want: ["||undisclosed-recipients"] },
  { name: "an empty group without end", text: "undisclosed-recipients:", want: ["||undisclosed-recipients"] },
  { name: "a group and one more", text: "G: a@b.example;, c@d.example", want: ["|a@b.example|G", "|c@d.example"] },
  { name: "semicolons as commas", text: "a@b.example; c@d.example", want: ["|a@b.example", "|c@d.example"] },
  { name: "a route", text: "<@x.example,@y.example:a@b.example>", want: ["|a@b.example"] },
  {
    name: "obsolete blanks without brackets",
    text: "a . b @ c . example (Name), J. R. Smith j@x.example",
    want: ["Name|a.b@c.example", "J. R. Smith|j@x.example"],
  },
  {
    name: "obsolete blanks",
    text: "a . b @ c . example <a . b @ c . example>",
    want: ["a . b @ c . example|a.b@c.example"],
  },
  { name: "a quoted local part", text: '"a b"@c.example', want: ['|"a b"@c.example'] },
  { name: "a domain literal", text: "a@[192.0.2.1]", want: ["|a@[192.0.2.1]"] },
  { name: "an IPv6 literal", text: "A <a@[IPv6:2001:db8::1]>", want: ["A|a@[IPv6:2001:db8::1]"] },
  { name: "two opening brackets", text: "A <<a@b.example>>", want: ["A|a@b.example"] },
  { name: "no closing bracket", text: "A <a@b.example", want: ["A|a@b.example"] },
  { name: "a name without brackets", text: "John Doe john@b.example", want: ["John Doe|john@b.example"] },
  { name: "an unclosed quote", text: '"John <j@b.example>', want: ['"John|j@b.example'] },
  { name: "an unclosed comment", text: "John (x <j@b.example>", want: ["John (x|j@b.example"] },
  { name: "mailto", text: "mailto:a@b.example", want: ["|a@b.example"] },
  { name: "a local user", text: "root, a@b.example", want: ["|root", "|a@b.example"] },
  { name: "a name alone", text: "The Head Teacher", want: ["The Head Teacher|"] },
  { name: "an address in quotes alone", text: '"a@b.example"', want: ["a@b.example|a@b.example"] },
  { name: "an address as a name", text: '"a@b.example" <c@d.example>', want: ["a@b.example|c@d.example"] },
  { name: "the empty path", text: "<>", want: [] },
  { name: "only commas", text: ",, ,", want: [] },
  { name: "international", text: "Ünal <ünal@müller.example>", want: ["Ünal|ünal@müller.example"] },
];

describe("parseAddresses", () => {
  for (const { name, text, want } of cases) it(name, () => assert.deepEqual(shown(text), want));

  it("splits at the last @ and unquotes the local part", () => {
    assert.deepEqual(parseAddresses('"a\\"@b"@c.example')[0], {
      name: "",
      address: '"a\\"@b"@c.example',
      localPart: 'a"@b',
      domain: "c.example",
    });
  });

  it("reads back what it is printed from", () => {
    const atom = fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}$/);
    const one = fc.record({ name: fc.stringMatching(/^[A-Za-zé ,.<>()"\\@:;]{0,15}$/), local: atom, domain: atom });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (mailboxes) => {
        const printed = mailboxes.map(
          ({ name, local, domain }) => `"${name.replace(/["\\]/g, "\\$&")}" <${local}@${domain}.example>`,
        );
        const want = mailboxes.map(({ name, local, domain }) => `${name.trim()}|${local}@${domain}.example`);
        // Names of blanks alone and encoded words within them are not read back.
        fc.pre(mailboxes.every(({ name }) => !/ {2}|^ | $/.test(name)));
        assert.deepEqual(shown(printed.join(", ")), want);
      }),
    );
  });

  it("never throws and always ends", () => {
    const garbage = fc.array(fc.constantFrom(...'<>@,;:()[]"\\ .a=?é\t', "=?utf-8?Q?", "?="), { maxLength: 60 });
    fc.assert(fc.property(garbage, (pieces) => Array.isArray(parseAddresses(pieces.join("")))));
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => Array.isArray(parseAddresses(text))));
  });

  it("takes time in proportion to hostile input", { timeout: 20_000 }, () => {
    for (const piece of ["<", "(", '"', "[", "a,", ":", ";", "<a>", '<">', "(a", "@", "a b ", "=?a?q?", "\\", " "]) {
      parseAddresses(piece.repeat(200_000 / piece.length));
    }
  });
});
