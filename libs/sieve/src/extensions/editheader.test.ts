// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { mailOf, outcomeOf, problemTable, scriptTable, testTable } from "../../test/decide.ts";
import { applyEdits } from "../message-edits.ts";

const head = 'require ["editheader", "fileinto", "variables", "relational", "copy"];\n';
const mail = mailOf("Received: here", "X-Tag: one", "Subject: Hi", "X-Tag: two", "X-Tag: three", "", "Body", "");

/** The header that the last action stores. */
function headerAfter(script: string): string {
  const outcome = outcomeOf({ script: head + script, mail });
  const action = outcome.kind === "done" ? outcome.actions.at(-1) : undefined;
  const edits = action !== undefined && "edits" in action ? (action.edits ?? []) : [];
  const raw = Buffer.from(applyEdits(readMessage(Buffer.from(mail)), edits).raw).toString();
  return raw.slice(0, raw.indexOf("\r\n\r\n"));
}

describe("the header that is stored", () => {
  const cases: readonly { script: string; want: readonly string[] }[] = [
    {
      script: 'addheader "X-New" "v";',
      want: ["X-New: v", "Received: here", "X-Tag: one", "Subject: Hi", "X-Tag: two", "X-Tag: three"],
    },
    {
      script: 'addheader :last "X-New" "v";',
      want: ["Received: here", "X-Tag: one", "Subject: Hi", "X-Tag: two", "X-Tag: three", "X-New: v"],
    },
    { script: 'deleteheader "x-tag";', want: ["Received: here", "Subject: Hi"] },
    { script: 'deleteheader :index 2 "X-Tag";', want: ["Received: here", "X-Tag: one", "Subject: Hi", "X-Tag: three"] },
    {
      script: 'deleteheader :index 1 :last "X-Tag";',
      want: ["Received: here", "X-Tag: one", "Subject: Hi", "X-Tag: two"],
    },
    { script: 'deleteheader :contains "X-Tag" ["ne", "hre"];', want: ["Received: here", "Subject: Hi", "X-Tag: two"] },
    {
      script: 'deleteheader :index 2 :is "X-Tag" "one";',
      want: ["Received: here", "X-Tag: one", "Subject: Hi", "X-Tag: two", "X-Tag: three"],
    },
    {
      script: 'deleteheader "Subject"; addheader "Subject" "New";',
      want: ["Subject: New", "Received: here", "X-Tag: one", "X-Tag: two", "X-Tag: three"],
    },
    {
      script: 'set "r" "ceived"; deleteheader "Re${r}"; deleteheader "x-tag";',
      want: ["Received: here", "Subject: Hi"],
    },
    {
      script: 'deleteheader "X-Tag"; addheader "X" "a\\r\\nEvil: b";',
      want: ["X: arnEvil: b", "Received: here", "Subject: Hi"],
    },
    {
      script: 'deleteheader "X-Tag"; addheader "X" text:\na\nEvil: b\n.\n;',
      want: ["X: a Evil: b", "Received: here", "Subject: Hi"],
    },
  ];
  for (const { script, want } of cases) it(script, () => assert.deepEqual(headerAfter(script).split("\r\n"), want));
});

testTable(
  "tests see the changed header",
  ["editheader", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'header "x-new" "v"', before: 'addheader "X-New" "v";', mail, want: true },
    { test: 'exists "x-tag"', before: 'deleteheader "x-tag";', mail, want: false },
    {
      test: 'header :count "eq" :comparator "i;ascii-numeric" "x-tag" "4"',
      before: 'addheader "x-tag" "z";',
      mail,
      want: true,
    },
    { test: 'header "x" "${hex:41}"', before: 'addheader "X" "é"; addheader "X" "${hex:41}";', mail, want: true },
    { test: 'header "x" "é"', before: 'addheader "X" "é";', mail, want: true },
  ],
);

scriptTable("which action stores which mail", [
  {
    script: `${head}fileinto :copy "before"; addheader "X" "1"; fileinto :copy "after"; deleteheader "x-tag";`,
    mail,
    want: ["fileinto before :copy", "fileinto after :copy {add-header}", "implicit keep {add-header delete-header}"],
  },
  { script: `${head}set "n" "a b"; addheader "\${n}" "x";`, want: ["error field-cannot-be line 2", "implicit keep"] },
  {
    script: `${head}addheader "X-A" "1"; deleteheader "X-Tag"; deleteheader "Subject";`,
    mail,
    facts: { protectedFields: { add: new Set(["x-a"]), delete: new Set(["x-tag"]) } },
    want: ["implicit keep {delete-header}"],
  },
  {
    name: "RFC 6785 §3.7: after an IMAP event changes are for copies, not for the mail in its mailbox",
    script: `${head}addheader "X" "1"; fileinto :copy "Away"; keep;`,
    facts: { imapEvent: { cause: "COPY", mailbox: "Archive" } },
    want: ["fileinto Away :copy {add-header}", "keep"],
  },
]);

problemTable("what is wrong with editheader", [
  { script: 'addheader "X" "1";', want: ["1:1 error needs-require"] },
  { script: 'require "editheader"; addheader "X:" "1";', want: ["1:33 error field-cannot-be"] },
  { script: 'require "editheader"; deleteheader "Received";', want: ["1:36 warning field-protected"] },
  { script: 'require "editheader"; deleteheader :last "X";', want: ["1:36 error last-without-index"] },
  { script: 'require "editheader"; deleteheader :index 0 "X";', want: ["1:43 error index-from-one"] },
  {
    script: 'require ["editheader", "relational"]; deleteheader :count "eq" "X" "1";',
    want: ["1:52 error tags-exclusive"],
  },
]);
