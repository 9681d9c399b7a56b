import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isStored } from "./stored-mail.ts";

const sent = "X-A: 1\r\nX-B: 2\r\n folded\r\nX-A: 3\r\n\r\none\r\n\r\ntwo\r\n";

describe("isStored", () => {
  for (const [what, stored, want] of [
    ["the same octets", sent, true],
    ["line ends of another kind", sent.replaceAll("\r\n", "\n"), true],
    ["no line end at the end", sent.slice(0, -2), true],
    [
      "fields before, between and after",
      `Z: 0\r\n${sent.replace("X-B", "Z: 1\r\nX-B").replace("\r\n\r\n", "\r\nZ: 2\r\n\r\n")}`,
      true,
    ],
    ["a field that comes twice", `X-A: 1\r\n${sent}`, true],
    ["a field less", sent.replace("X-B: 2\r\n folded\r\n", ""), false],
    ["a field changed", sent.replace("folded", "Folded"), false],
    ["fields in another order", sent.replace("X-A: 1\r\nX-B: 2\r\n folded", "X-B: 2\r\n folded\r\nX-A: 1"), false],
    ["a line less in the body", sent.replace("\r\n\r\ntwo", "\r\ntwo"), false],
    ["a blank line more at the end", `${sent}\r\n`, false],
    ["an octet changed", sent.replace("two", "tvo"), false],
    ["the header alone", sent.slice(0, sent.indexOf("one")), false],
    ["nothing", "", false],
  ] as const)
    it(`${want ? "is" : "is not"} stored: ${what}`, () =>
      assert.equal(isStored(Buffer.from(sent), Buffer.from(stored)), want));

  it("knows any octets again, and tells any octet that changed, went or came, blanks at the end aside", () => {
    const octets = fc.uint8Array({ minLength: 1, maxLength: 200 });
    fc.assert(fc.property(octets, (raw) => isStored(raw, raw)));
    const letters = fc.stringMatching(/^[a-z]{1,60}$/);
    fc.assert(
      fc.property(letters, fc.nat(), (body, seed) => {
        const raw = Buffer.from(`Subject: x\r\n\r\n${body}`);
        const at = 14 + (seed % body.length);
        const changed = Buffer.from(raw);
        changed[at] = 0x41;
        const cut = Buffer.concat([raw.subarray(0, at), raw.subarray(at + 1)]);
        const more = Buffer.concat([raw.subarray(0, at), Buffer.from("A"), raw.subarray(at)]);
        for (const other of [changed, cut, more]) assert.ok(!isStored(raw, other));
      }),
    );
  });
});
