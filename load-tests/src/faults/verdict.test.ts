import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { faultMail } from "./fault-mails.ts";
import { type Delivered, describeWrong, type FoundCopy, judge } from "./verdict.ts";

const mail: Delivered = {
  key: 7,
  accountId: "a1",
  sort: "copy",
  places: [
    { folder: "Copies", flags: [] },
    { folder: "INBOX", flags: [] },
  ],
};
const copy = (folder: string, flags: readonly string[] = []): FoundCopy => ({
  key: 7,
  accountId: "a1",
  uid: 1,
  folder,
  flags,
});

describe("judge", () => {
  const cases = [
    { name: "both copies in place", found: [copy("INBOX"), copy("Copies")], want: [0, 0, 0] },
    { name: "no copy anywhere is lost", found: [], want: [1, 0, 0] },
    {
      name: "the copy of another account does not help",
      found: [{ ...copy("INBOX"), accountId: "a2" }],
      want: [1, 0, 0],
    },
    { name: "a third copy is a duplicate", found: [copy("INBOX"), copy("Copies"), copy("Copies")], want: [0, 1, 0] },
    { name: "a copy too few is misplaced", found: [copy("INBOX")], want: [0, 0, 1] },
    { name: "another folder", found: [copy("INBOX"), copy("Copie")], want: [0, 0, 1] },
    { name: "\\Seen that nobody asked for", found: [copy("INBOX", ["\\Seen"]), copy("Copies")], want: [0, 0, 1] },
  ];
  for (const { name, found, want } of cases) {
    it(name, () => {
      const { lost, duplicated, misplaced } = judge([mail], found);
      assert.deepEqual([lost, duplicated, misplaced], want);
    });
  }

  it("does not mind the order of flags", () => {
    const flagged = { ...mail, places: [{ folder: "INBOX", flags: ["\\Flagged", "$Label1"] }] };
    assert.deepEqual(judge([flagged], [copy("INBOX", ["$Label1", "\\Flagged"])]).wrong, []);
  });
});

it("says what is wrong in one line", () => {
  const [wrong] = judge([mail], [copy("Trash")]).wrong;
  assert.ok(wrong);
  assert.equal(describeWrong(wrong), "misplaced: mail 7 [copy] of a1: expected Copies () + INBOX (), found Trash ()");
});

it("makes every sort of mail, the same for the same key", () => {
  const sorts = new Set(Array.from({ length: 9 }, (_, key) => faultMail(key).sort));
  assert.equal(sorts.size, 9);
  assert.equal(faultMail(4).raw, faultMail(4).raw);
});
