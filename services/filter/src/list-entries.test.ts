import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { listEntries, NoList } from "./list-entries.ts";

const entries = (text: string, column?: string) => listEntries(Buffer.from(text), column);

describe("listEntries", () => {
  const TEXT =
    "\uFEFF# partners\nAnna@Example.ORG\r\n\n  Bob <bob@example.net> \n@École.example\nexample.edu\nIntranet\n";
  for (const { value, want } of [
    { value: "anna@example.org", want: true },
    { value: "ANNA@EXAMPLE.ORG", want: true },
    { value: "bob@example.net", want: true },
    { value: "Bob <bob@example.net>", want: false },
    { value: "eve@example.org", want: false },
    { value: "anyone@école.example", want: true },
    { value: "anyone@xn--cole-9oa.example", want: true },
    { value: "anyone@sub.xn--cole-9oa.example", want: false },
    { value: "xn--cole-9oa.example", want: true },
    { value: "Example.EDU", want: true },
    { value: "carl@example.edu", want: false },
    { value: "example.org", want: false },
    { value: "INTRANET", want: true },
    { value: "# partners", want: false },
    { value: "", want: false },
    { value: "@", want: false },
  ])
    it(`${JSON.stringify(value)} is ${want ? "" : "not "}in it`, () => assert.equal(entries(TEXT).has(value), want));

  it("compares as i;ascii-casemap: other letters keep their case", () => {
    assert.ok(entries("é@x.org").has("É@x.org") === false);
    assert.ok(entries("É@x.org").has("É@X.ORG"));
  });

  it("gives its members as they are written, each once, without whole domains", () => {
    assert.deepEqual(entries(`${TEXT}anna@example.org\nanna@EXAMPLE.org`).members(), [
      "Anna@Example.ORG",
      "bob@example.net",
      "example.edu",
      "Intranet",
    ]);
  });

  it("reads a column of a CSV, whatever separates its cells", () => {
    const rows = ["nom;Adresse", '"Martin; Anna";anna@x.org', "Nobody;", "# a comment", "Carl;carl@x.org"];
    const read = entries(rows.join("\r\n"), "adresse");
    assert.deepEqual(read.members(), ["anna@x.org", "carl@x.org"]);
  });

  for (const { name, octets, column, code } of [
    { name: "Latin-1", octets: Buffer.from("é@x.org", "latin1"), code: "not-utf8" },
    { name: "a CSV without the column", octets: Buffer.from("nom\nx"), column: "adresse", code: "no-such-column" },
    { name: "an empty file that should be CSV", octets: Buffer.from(""), column: "adresse", code: "no-such-column" },
    { name: "what is no CSV", octets: Buffer.from('adresse\n"a@x'), column: "adresse", code: "no-csv" },
  ])
    it(`${name} is no list`, () => {
      assert.throws(
        () => listEntries(octets, column),
        (error) => error instanceof NoList && error.code === code,
      );
    });

  it("takes any octets, and holds what it names as members", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.string(), { nil: undefined }), (octets, column) => {
        try {
          const read = listEntries(octets, column);
          for (const member of read.members()) assert.ok(read.has(member));
        } catch (error) {
          assert.ok(error instanceof NoList);
        }
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (lines) => {
        const read = entries(lines.join("\n"));
        for (const member of read.members()) assert.ok(read.has(member));
      }),
    );
  });
});
