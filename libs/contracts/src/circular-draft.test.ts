import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type DraftedCircular, decodeCircularDraft, encodeCircularDraft } from "./circular-draft.ts";

const drafted = (more: Partial<DraftedCircular["head"]> = {}): DraftedCircular => ({
  head: {
    v: 1,
    from: { address: "recteur@academie.example", name: "La rectrice" },
    subject: "Rentrée de {{prenom}}",
    text: "Bonjour {{prenom}}",
    attachments: [],
    tracked: true,
    ...more,
  },
  attachments: [],
});

describe("a circular's draft as a frame", () => {
  it("comes back with its attachments", () => {
    const attachments = [{ filename: "note.pdf", type: "application/pdf" }];
    const draft = { ...drafted({ attachments }), attachments: [Uint8Array.of(0, 255, 13, 10)] };
    assert.deepEqual(decodeCircularDraft(encodeCircularDraft(draft)), draft);
  });
  for (const { name, draft } of [
    { name: "an attachment without octets", draft: drafted({ attachments: [{ filename: "a", type: "a/b" }] }) },
    { name: "octets that no attachment names", draft: { ...drafted(), attachments: [Uint8Array.of(1)] } },
    { name: "one that says nothing", draft: drafted({ text: undefined }) },
  ])
    it(`refuses ${name}`, () => assert.throws(() => decodeCircularDraft(encodeCircularDraft(draft))));
  it("throws on garbage, and nothing but an Error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        assert.throws(() => decodeCircularDraft(octets), Error);
      }),
    );
  });
});
