import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readRecipientsCsv } from "./recipients-csv.ts";

const read = (text: string, column?: string) => readRecipientsCsv(Buffer.from(text), column);

describe("recipients from CSV", () => {
  for (const { name, text, column } of [
    { name: "commas", text: "address,prenom\na@b.fr,Ève\n" },
    { name: "semicolons, CRLF and a BOM, as French Excel writes", text: "\ufeffprenom;Courriel\r\nÈve;a@b.fr\r\n" },
    { name: "tabs", text: "prenom\tadresse\nÈve\ta@b.fr" },
    { name: "quotes", text: '"E-mail","prenom"\n"a@b.fr","Ève"' },
    { name: "a column that is named", text: "perso,pro,prenom\nx@y.fr,a@b.fr,Ève", column: "PRO" },
    { name: "a head in decomposed letters", text: "adresse,pre\u0301nom,prenom\na@b.fr,?,Ève" },
    { name: "empty lines between", text: "address,prenom\n\n\na@b.fr,Ève\n\n" },
  ])
    it(`reads ${name}`, () => {
      const found = read(text, column);
      assert.ok(found.ok, JSON.stringify(found));
      assert.deepEqual(
        found.recipients.map(({ address, fields }) => [address, fields["prenom"]]),
        [["a@b.fr", "Ève"]],
      );
    });

  it("keeps the line of each, over cells of several lines", () => {
    const found = read('address,note\na@b.fr,"one\ntwo"\nc@d.fr,x\n');
    assert.deepEqual(found.ok && found.recipients.map(({ line, address }) => [line, address]), [
      [3, "a@b.fr"],
      [4, "c@d.fr"],
    ]);
  });

  it("leaves out a column that no field can be named after", () => {
    const found = read(`mail,${"x".repeat(101)},prenom\na@b.fr,1,Ève`);
    assert.deepEqual(found.ok && found.recipients[0]?.fields, { mail: "a@b.fr", prenom: "Ève" });
  });

  it("refuses more lines than are to be read", () => {
    const lines = (count: number) =>
      readRecipientsCsv(Buffer.from(`address\n${"a@b.fr\n".repeat(count)}`), undefined, 10);
    assert.deepEqual(
      [lines(10).ok, lines(11)],
      [true, { ok: false, fault: { kind: "too-many", lines: 10, width: 200 } }],
    );
  });

  it("takes the name from its column", () => {
    const found = read("name;mail\nÈve Martin;a@b.fr\n;c@d.fr");
    assert.deepEqual(found.ok && found.recipients.map(({ name }) => name), ["Ève Martin", undefined]);
  });

  for (const { name, octets, want } of [
    { name: "Latin-1", octets: Buffer.from("address;pr\xe9nom\na@b.fr;x", "latin1"), want: "not-utf8" },
    { name: "no column of addresses", octets: Buffer.from("nom,prenom\na,b"), want: "no-column" },
    { name: "an empty file", octets: Buffer.alloc(0), want: "no-column" },
    { name: "two columns of one head", octets: Buffer.from("address,x,x\na@b.fr,1,2"), want: "column-twice" },
    {
      name: "a cell that no recipient takes",
      octets: Buffer.from(`address,x\na@b.fr,${"1".repeat(10_001)}`),
      want: "too-long",
    },
    { name: "a thousand columns", octets: Buffer.from(`address${",x".repeat(1_000)}\na@b.fr`), want: "too-many" },
    { name: "lines without end", octets: Buffer.from(`address\n${"a\n".repeat(1_500_001)}`), want: "too-many" },
    { name: "cells without end", octets: Buffer.from(`address\n${",".repeat(1_500_001)}`), want: "too-many" },
    {
      name: "few lines of many cells",
      octets: Buffer.from(`address${",".repeat(199)}\n${"a\n".repeat(7_501)}`),
      want: "too-many",
    },
    { name: "a record without end", octets: Buffer.from(`address,${"x".repeat(600_000)}`), want: "not-csv" },
    { name: "a quote that never ends", octets: Buffer.from('address,x\na@b.fr,"1'), want: "not-csv" },
  ])
    it(`refuses ${name}`, () => {
      const found = readRecipientsCsv(octets);
      assert.equal(found.ok ? "read" : found.fault.kind, want);
    });

  it("never throws on garbage", () => {
    fc.assert(fc.property(fc.uint8Array(), (octets) => typeof readRecipientsCsv(octets).ok === "boolean"));
    fc.assert(fc.property(fc.string(), (text) => typeof read(`address,${text}`).ok === "boolean"));
  });
});
