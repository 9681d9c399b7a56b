import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { editedMail } from "./edited-mail.ts";

const marker = { original: "0123456789abcdef", uid: 7, place: 2, nonce: "89abcdef" };
const FIELD = "X-Tamis-Rewritten: 0123456789abcdef-7-2-89abcdef\r\n";
const plain = "From: a@ac.test\r\nSubject: x\r\n\r\nbonjour\r\n";
const mixed =
  "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n";

const OUTPUTS = new Map([["made", { output: Buffer.from("Subject: made\r\n\r\nsalut\r\n") }]]);

const edited = (raw: string, edits: readonly unknown[]): string => {
  const result = editedMail(Buffer.from(raw, "latin1"), { edits, outputs: OUTPUTS }, marker);
  return result.kind === "edited" ? Buffer.from(result.raw).toString("latin1") : result.reason;
};

describe("editedMail", () => {
  for (const [what, raw, edits, want] of [
    [
      "fields go and come, under the marker",
      plain,
      [
        { kind: "add-header", name: "X-A", value: "1", last: false },
        { kind: "delete-header", name: "from", indexes: [0] },
        { kind: "add-header", name: "X-Z", value: "2", last: true },
      ],
      `${FIELD}X-A: 1\r\nSubject: x\r\nX-Z: 2\r\n\r\nbonjour\r\n`,
    ],
    [
      "every older marker goes",
      `X-Tamis-Rewritten: old\r\n${plain}x-tamis-rewritten: no header\r\n`,
      [{ kind: "delete-header", name: "from", indexes: [0] }],
      `${FIELD}Subject: x\r\n\r\nbonjour\r\nx-tamis-rewritten: no header\r\n`,
    ],
    [
      "a part is replaced",
      mixed,
      [{ kind: "replace-part", part: [1], mime: true, text: "Content-Type: text/x\r\n\r\nTWO" }],
      `${FIELD}${mixed.replace("\r\n\r\ntwo", "\r\nContent-Type: text/x\r\n\r\nTWO").replace("--b\r\n\r\nContent", "--b\r\nContent")}`,
    ],
    ["RFC 1847 signed", `Content-Type: multipart/signed; boundary=b\r\n${plain}`, [], "signed"],
    ["RFC 3156 encrypted", `Content-type: Multipart/Encrypted; boundary=b\r\n${plain}`, [], "signed"],
    ["RFC 8551 opaque", `Content-Type: application/x-pkcs7-mime; smime-type=signed-data\r\n${plain}`, [], "signed"],
    ["a part that is not there", mixed, [{ kind: "replace-part", part: [2], mime: false, text: "" }], "not-editable"],
    [
      "what a program made takes its place, under the marker, and is changed further",
      plain,
      [
        { kind: "program-output", key: "made", size: 27 },
        { kind: "add-header", name: "X-A", value: "1", last: true },
      ],
      `${FIELD}Subject: made\r\nX-A: 1\r\n\r\nsalut\r\n`,
    ],
    ["what a program made that is not at hand", plain, [{ kind: "program-output", key: "k", size: 1 }], "not-editable"],
    ["an edit without its values", plain, [{ kind: "add-header", name: "X-A" }], "unknown-edit"],
    ["no edit", plain, ["x"], "unknown-edit"],
  ] as const satisfies readonly (readonly [string, string, readonly unknown[], string])[])
    it(what, () => assert.equal(edited(raw, edits), want));

  it("takes any octets for a mail, and loses none of its body to fields that come", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
        const raw = Buffer.concat([Buffer.from("Subject: x\r\n\r\n"), body]);
        const edits = [{ kind: "add-header", name: "X-A", value: "é", last: false }];
        const result = editedMail(raw, { edits, outputs: new Map() }, marker);
        assert.equal(result.kind, "edited");
        if (result.kind === "edited") assert.ok(Buffer.from(result.raw).subarray(-raw.length).equals(raw));
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const edits = [{ kind: "delete-header", name: "a", indexes: [0] }];
        assert.ok(["edited", "refused"].includes(editedMail(raw, { edits, outputs: new Map() }, marker).kind));
      }),
    );
  });
});
