import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatMarker, markerOf } from "./rewrite-marker.ts";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

describe("markerOf", () => {
  it("reads what formatMarker wrote", () => {
    const markers = fc.record(
      { original: hex(16), uid: fc.nat(0xffff_ffff), place: fc.nat(9_999), nonce: hex(8) },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(markers, (marker) => {
        const field = Buffer.from(`Subject: x\r\nx-tamis-rewritten : ${formatMarker(marker)}\r\n\r\n`);
        assert.deepEqual(markerOf(field), marker);
      }),
    );
  });

  for (const [what, text] of [
    ["no such field", "Subject: x\r\n\r\n"],
    ["one in the body alone", "Subject: x\r\n\r\nX-Tamis-Rewritten: 0123456789abcdef-1-0-01234567\r\n"],
    [
      "a second one that is well formed",
      "X-Tamis-Rewritten: x\r\nX-Tamis-Rewritten: 0123456789abcdef-1-0-01234567\r\n\r\n",
    ],
    ["another form", "X-Tamis-Rewritten: 0123456789ABCDEF-1-0-01234567\r\n\r\n"],
    ["nothing", ""],
  ] as const)
    it(`null: ${what}`, () => assert.equal(markerOf(Buffer.from(text)), null));

  it("never throws", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => markerOf(bytes) === null));
  });
});
