import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addressesIn } from "./addresses-in.ts";

describe("addresses of a file", () => {
  for (const { name, text, want } of [
    {
      name: "one a line",
      text: "\ufeffa@b.example\r\n# nobody\r\n\r\nc@d.example\r\n",
      want: ["a@b.example", "c@d.example"],
    },
    {
      name: "as they are written out",
      text: "address,since\na@b.example,2026-11-26T13:00:00.000Z\n",
      want: ["a@b.example"],
    },
    { name: "of a CSV with other columns", text: "nom;courriel\nA;a@b.example\nB;\n", want: ["a@b.example"] },
    { name: "one in quotes", text: 'address,since\n"""x,y""@b.example",z\n', want: ['"x,y"@b.example'] },
    { name: "none", text: "", want: [] },
    { name: "a table without addresses", text: "nom,prenom\nA,B\n", want: null },
  ])
    it(name, () => assert.deepEqual(addressesIn(Buffer.from(text)), want));
  it("never throws on garbage", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        const found = addressesIn(octets);
        assert.ok(found === null || found.every((one) => one !== ""));
      }),
    );
  });
});
