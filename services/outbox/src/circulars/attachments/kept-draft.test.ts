import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CircularDraftHead, decodeCircularDraft, encodeCircularDraft } from "@tamis/contracts";
import fc from "fast-check";
import { bodyOf, decodeKeptDraft, encodeKeptDraft, type KeptDraft, type KeptLink } from "./kept-draft.ts";

const head: CircularDraftHead = {
  v: 1,
  from: { address: "rh@academie.example" },
  subject: "Paie",
  text: "Bonjour",
  attachments: [],
  tracked: true,
};
const file = (filename: string) => ({
  filename,
  type: "application/pdf",
  octets: Uint8Array.from(Buffer.from(filename)),
});
const link: KeptLink = { filename: "a", size: 3, sha256: "00", object: "abc", url: "https://f.example", days: 30 };
const whole: KeptDraft = {
  head,
  files: [file("f")],
  links: [link],
  secrets: [file("s1"), file("s2")],
  archive: file("z"),
};

const plain = (draft: KeptDraft) =>
  JSON.parse(
    JSON.stringify(draft, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value)),
  );

describe("a kept draft", () => {
  const cases: readonly [string, KeptDraft][] = [
    ["with everything", whole],
    ["whose archive is a link", { ...whole, archive: link }],
    ["without an archive", { ...whole, archive: null }],
    ["of links alone", { ...whole, files: [], secrets: [], archive: null }],
  ];
  for (const [name, draft] of cases)
    it(`${name} is read as it was written`, () =>
      assert.deepEqual(plain(decodeKeptDraft(encodeKeptDraft(draft))), plain(draft)));

  it("is also read as it was handed over", () => {
    const named = { ...head, attachments: [{ filename: "a.pdf", type: "application/pdf" }] };
    const read = decodeKeptDraft(encodeCircularDraft({ head: named, attachments: [Buffer.from("x")] }));
    assert.deepEqual([read.files.map(({ filename }) => filename), read.secrets, read.archive], [["a.pdf"], [], null]);
  });

  it("is kept as it would have been handed over where nothing became of its attachments", () => {
    const open = { ...whole, links: [], secrets: [], archive: null };
    const { octets, sha256 } = bodyOf(open);
    assert.deepEqual(decodeCircularDraft(octets).head.attachments, [{ filename: "f", type: "application/pdf" }]);
    assert.deepEqual(plain(decodeKeptDraft(octets)).files, plain(open).files);
    assert.notEqual(bodyOf(whole).sha256, sha256);
  });

  it("cut or damaged is an error, or another draft, and no more", () => {
    const frame = encodeKeptDraft(whole);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: frame.length - 1 }),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        (at, octets) => {
          const damaged = Uint8Array.from(frame);
          damaged.set(octets.subarray(0, frame.length - at), at);
          for (const one of [damaged, frame.subarray(0, at)])
            try {
              decodeKeptDraft(one);
            } catch (error) {
              assert.ok(error instanceof Error);
            }
        },
      ),
    );
    assert.throws(() => decodeKeptDraft(frame.subarray(0, frame.length - 1)), RangeError);
  });
});
