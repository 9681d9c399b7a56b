import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { der, objectIdentifier, readDer } from "./der.ts";

describe("DER", () => {
  it("is read as it was written", () => {
    const content = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(fc.array(content, { maxLength: 5 }), fc.integer({ min: 0, max: 0x1e }), (contents, tag) => {
        const read = readDer(Buffer.concat(contents.map((one) => der(tag, one))));
        assert.deepEqual(
          read?.map((value) => [value.tag, Buffer.from(value.content)]),
          contents.map((one) => [tag, Buffer.from(one)]),
        );
      }),
    );
  });

  it("has its length in as few octets as it needs", () => {
    for (const [length, head] of [
      [0x7f, "047f"],
      [0x80, "048180"],
      [0x100, "04820100"],
      [0x10000, "0483010000"],
    ] as const)
      assert.equal(
        der(4, Buffer.alloc(length))
          .subarray(0, head.length / 2)
          .toString("hex"),
        head,
      );
  });

  it("of any octets is values that fill them, or nothing; it never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const values = readDer(octets);
        if (values !== null) assert.deepEqual(Buffer.concat(values.map(({ whole }) => whole)), Buffer.from(octets));
      }),
    );
    for (const cut of ["30", "3080", "300500", "1f0101", "3085010000000000"])
      assert.equal(readDer(Buffer.from(cut, "hex")), null, cut);
  });

  it("names objects", () => {
    assert.equal(objectIdentifier("1.2.840.113549.1.7.3").toString("hex"), "06092a864886f70d010703");
    assert.equal(objectIdentifier("2.5.29.15").toString("hex"), "0603551d0f");
    assert.equal(objectIdentifier("2.16.840.1.101.3.4.1.46").toString("hex"), "060960864801650304012e");
  });
});
