import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { folderIdOf, formatMailId, parseMailId } from "./mail-id.ts";

const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const key = fc.record(
  {
    accountId: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
    folderId: fc.string().map(folderIdOf),
    uidValidity: uint32,
    uid: fc.integer({ min: 1, max: 0xffffffff }),
  },
  { noNullPrototype: true },
);

describe("a mailId", () => {
  it("is read back as it was written", () => {
    fc.assert(fc.property(key, (mail) => assert.deepEqual(parseMailId(formatMailId(mail)), mail)));
  });

  it("of garbage is none, and never throws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseMailId(text);
        if (parsed !== null) assert.equal(typeof parsed.uid, "number");
      }),
    );
  });

  const none = [
    { name: "empty", text: "" },
    { name: "without a UID", text: "acc/0f0f0f0f/1" },
    { name: "UID zero", text: "acc/0f0f0f0f/1/0" },
    { name: "UID with a leading zero", text: "acc/0f0f0f0f/1/01" },
    { name: "folder of seven digits", text: "acc/0f0f0f0/1/2" },
    { name: "folder in upper case", text: "acc/0F0F0F0F/1/2" },
    { name: "an account with a slash", text: "a/b/0f0f0f0f/1/2" },
    { name: "an account with a dot, which a KV key would split", text: "a.b/0f0f0f0f/1/2" },
    { name: "an account too long", text: `${"a".repeat(65)}/0f0f0f0f/1/2` },
    { name: "a step behind", text: "acc/0f0f0f0f/1/2/apply" },
    { name: "a line break behind", text: "acc/0f0f0f0f/1/2\n" },
  ];
  for (const { name, text } of none) it(`is none: ${name}`, () => assert.equal(parseMailId(text), null));
});

describe("folderIdOf", () => {
  it("is 8 hex digits for any name", () => {
    fc.assert(fc.property(fc.string(), (name) => assert.match(folderIdOf(name), /^[0-9a-f]{8}$/)));
  });

  it("INBOX is one folder in any case, others are not", () => {
    assert.equal(folderIdOf("inbox"), folderIdOf("INBOX"));
    assert.equal(folderIdOf("InBox"), folderIdOf("INBOX"));
    assert.notEqual(folderIdOf("Trash"), folderIdOf("TRASH"));
    assert.notEqual(folderIdOf("Envoyés"), folderIdOf("Envoyes"));
  });
});
