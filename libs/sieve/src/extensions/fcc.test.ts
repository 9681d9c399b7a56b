// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problemTable } from "../../test/decide.ts";
import { actionOf } from "../../test/records.ts";

const head =
  'require ["fcc", "vacation", "enotify", "mailbox", "imap4flags", "special-use", "mailboxid", "variables"];\n';
const facts = {
  specialUse: new Map([["\\sent", ["Sent Items"]]]),
  mailboxIds: new Map([["F1", "Renamed"]]),
};

describe("fcc", () => {
  const cases = [
    { tags: ':fcc "Sent"', want: { mailbox: "Sent", create: false } },
    { tags: ':create :fcc "Sent"', want: { mailbox: "Sent", create: true } },
    { tags: ':flags ["\\\\Seen", "x"] :fcc "Sent"', want: { mailbox: "Sent", create: false, flags: ["\\Seen", "x"] } },
    { tags: ':fcc "Sent" :specialuse "\\\\Sent"', want: { mailbox: "Sent Items", create: false } },
    {
      tags: ':fcc "Drafts" :specialuse "\\\\Drafts" :create',
      want: { mailbox: "Drafts", create: true, specialUse: "\\Drafts" },
    },
    { tags: ':fcc "Sent" :mailboxid "F1"', want: { mailbox: "Renamed", create: false } },
    { tags: ':fcc "A${x}"', want: { mailbox: "A", create: false } },
  ];
  for (const { tags, want } of cases) {
    it(`vacation ${tags}`, () =>
      assert.deepEqual(actionOf("vacation", { script: `${head}vacation ${tags} "a";`, facts }).fcc, want));
    it(`notify ${tags}`, () =>
      assert.deepEqual(actionOf("notify", { script: `${head}notify ${tags} "mailto:a@b.c";`, facts }).fcc, want));
  }
});

problemTable("what is wrong with fcc", [
  { script: 'require "vacation"; vacation :fcc "x" "a";', want: ["1:30 error tag-needs-require"] },
  { script: 'require ["fcc", "vacation"]; vacation :fcc "" "a";', want: ["1:44 error bad-mailbox"] },
  {
    script: 'require ["fcc", "vacation", "mailbox"]; vacation :create "a";',
    want: ["1:50 error tag-needs-other"],
  },
  { script: 'require ["fcc", "vacation"]; vacation :create :fcc "x" "a";', want: ["1:39 error tag-needs-require"] },
  {
    script: 'require ["fcc", "reject"]; reject :fcc "x" "a";',
    want: ["1:35 error unknown-tag", "1:44 error extra-argument"],
  },
]);
