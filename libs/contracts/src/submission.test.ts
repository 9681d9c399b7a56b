import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ZodError } from "zod";
import { decodeSubmission, encodeSubmission, type Submission } from "./submission.ts";

const bodies = [Buffer.from("Subject: a\r\n\r\n"), Buffer.from([0, 255, 13, 10])];
const submission: Submission = {
  head: {
    v: 1,
    accountId: "a1",
    address: "anna@example.org",
    mailId: "a1/8b9f2e1c/7/4",
    fingerprint: "0011223344556677",
    internalDate: 0,
    sendings: [
      {
        key: "redirect/1",
        kind: "redirect",
        from: null,
        to: ["bob@example.net"],
        messageId: "",
        body: 0,
        cancelsKeep: true,
        hold: false,
        dsn: { notify: ["FAILURE"], ret: "HDRS" },
      },
    ],
    bodies: [
      { size: 14, sha256: "a".repeat(64) },
      { size: 3_000_000, sha256: "b".repeat(64), object: "b".repeat(64) },
      { size: 4, sha256: "c".repeat(64) },
    ],
  },
  inline: bodies,
};

describe("a submission", () => {
  it("comes out of its frame as it went in", () => {
    const { head, inline } = decodeSubmission(encodeSubmission(submission));
    assert.deepEqual(head, submission.head);
    assert.deepEqual(
      inline.map((octets) => Buffer.from(octets)),
      bodies,
    );
  });

  const wrong: readonly { readonly name: string; readonly frame: Uint8Array }[] = [
    { name: "a body too few", frame: encodeSubmission({ ...submission, inline: bodies.slice(1) }) },
    { name: "a body too many", frame: encodeSubmission({ ...submission, inline: [...bodies, Buffer.from("x")] }) },
    { name: "nothing to send", frame: encodeSubmission({ ...submission, head: { ...submission.head, sendings: [] } }) },
    { name: "a cut frame", frame: encodeSubmission(submission).subarray(0, 40) },
    { name: "no frame", frame: Buffer.from("TMS1") },
  ];
  for (const { name, frame } of wrong) it(`is not ${name}`, () => assert.throws(() => decodeSubmission(frame)));

  it("of any octets is one or an error that is known", () => {
    const cut = fc.nat(400).map((length) => encodeSubmission(submission).subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), cut), (frame) => {
        try {
          decodeSubmission(frame);
        } catch (error) {
          const kinds = [RangeError, TypeError, SyntaxError, ZodError];
          assert.ok(kinds.some((kind) => error instanceof kind));
        }
      }),
    );
  });
});
