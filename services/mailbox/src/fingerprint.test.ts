import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { processorMs } from "@tamis/testkit";
import fc from "fast-check";
import { fingerprintOf } from "./fingerprint.ts";

const HEADER = "Received: from a\r\n\tby b; Mon\r\nReceived: from c\r\nMessage-ID: <x@y>\r\nSubject: hello\r\n";
const print = (text: string, more: { readonly size?: number; readonly internalDate?: number } = {}): string =>
  fingerprintOf({ bytes: Buffer.from(text, "latin1"), size: 100, internalDate: 1_700_000_000_000, ...more });

describe("fingerprintOf", () => {
  it("is the same for the whole mail, its header, and the two fields alone", () => {
    const want = print(`${HEADER}\r\nbody Message-ID: <z>`);
    assert.match(want, /^[0-9a-f]{16}$/);
    assert.equal(print(`${HEADER}\r\n`), want);
    assert.equal(print("Received: from a\r\n\tby b; Mon\r\nReceived: from c\r\nMessage-ID: <x@y>\r\n\r\n"), want);
  });

  it("does not mind folding, blanks, case of the names, order, bare LF, or fractions of a second", () => {
    const want = print(`${HEADER}\r\n`);
    assert.equal(print("message-id :  <x@y>\nRECEIVED: from a by b;\n Mon\n\n"), want);
    assert.equal(print(`${HEADER}\r\n`, { internalDate: 1_700_000_000_999 }), want);
  });

  for (const [what, other] of [
    ["Message-ID", print(`${HEADER.replace("x@y", "x@z")}\r\n`)],
    ["first Received", print(`${HEADER.replace("from a", "from b")}\r\n`)],
    ["size", print(`${HEADER}\r\n`, { size: 101 })],
    ["INTERNALDATE", print(`${HEADER}\r\n`, { internalDate: 1_700_000_001_000 })],
  ] as const)
    it(`differs by ${what}`, () => assert.notEqual(other, print(`${HEADER}\r\n`)));

  it("does not differ by a later Received, nor by what is in the body", () => {
    assert.equal(print(`${HEADER.replace("from c", "from d")}\r\n`), print(`${HEADER}\r\n`));
    assert.equal(print("Subject: x\r\n\r\nMessage-ID: <a>"), print("Subject: x\r\n\r\nMessage-ID: <b>"));
  });

  it("gives 16 hex digits for any bytes, quickly", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) =>
        assert.match(fingerprintOf({ bytes, size: 1, internalDate: 0 }), /^[0-9a-f]{16}$/),
      ),
    );
    const tookMs = processorMs(() => {
      print(`Received:${" ".repeat(1_000_000)}`);
      print("\n".repeat(1_000_000));
    });
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
  });
});
