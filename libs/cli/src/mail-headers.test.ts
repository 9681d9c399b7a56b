import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readFields } from "./mail-headers.ts";

describe("readFields", () => {
  for (const { name, header, want } of [
    { name: "a display name", header: "From: Bob B <b@x.example>\r\nSubject: hi\r\n\r\n", want: ["Bob B", "hi"] },
    { name: "an address alone", header: "From: b@x.example\r\n\r\n", want: ["b@x.example", ""] },
    { name: "encoded words", header: "Subject: =?utf-8?q?=C3=A9t=C3=A9?=\r\n\r\n", want: ["", "été"] },
    { name: "a folded subject", header: "Subject: one\r\n two\r\n\r\n", want: ["", "one two"] },
    { name: "what acts on a terminal", header: "Subject: a\u001b[31mb\u0007\r\n\r\n", want: ["", "a [31mb"] },
    { name: "text turned round", header: "Subject: =?utf-8?q?a=E2=80=AEb?=\r\n\r\n", want: ["", "a b"] },
    { name: "nothing", header: "", want: ["", ""] },
    { name: "cut in the middle", header: "From: Bob <b@x.exam", want: ["Bob", ""] },
  ])
    it(name, () => {
      const { from, subject } = readFields(Buffer.from(header));
      assert.deepEqual([from, subject], want);
    });

  it("never throws, and never gives a control character", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: "binary" }), (bytes, text) => {
        for (const header of [bytes, Buffer.from(`From: ${text}\r\nSubject: ${text}\r\n\r\n`)]) {
          const { from, subject } = readFields(header);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
          assert.doesNotMatch(from + subject, /[\u0000-\u001f\u007f-\u009f\u202e]/);
        }
      }),
    );
  });
});
