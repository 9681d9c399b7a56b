// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable, testTable } from "../../test/decide.ts";

const facts = {
  mailboxIds: new Map([
    ["F1", "Work/New name"],
    ["F2", null],
  ]),
};

testTable(
  "mailboxidexists",
  ["mailboxid", "variables"],
  [
    { test: 'mailboxidexists "F1"', want: true, facts },
    { test: 'mailboxidexists ["F1", "F2"]', want: false, facts },
    { test: 'mailboxidexists ["F2", "unknown"]', want: false, facts },
    { test: 'mailboxidexists "F3"', want: "need mailbox-id F3", facts },
    { test: 'mailboxidexists "${x}"', before: 'set "x" "F1";', want: true, facts },
  ],
);

const head = 'require ["mailboxid", "fileinto", "mailbox", "special-use"];\n';

scriptTable("fileinto :mailboxid", [
  { script: `${head}fileinto :mailboxid "F1" "Work/Old name";`, facts, want: ["fileinto Work/New name"] },
  { script: `${head}fileinto :mailboxid "F2" "Work/Old name";`, facts, want: ["fileinto Work/Old name"] },
  { script: `${head}fileinto :mailboxid "F2" :create "Work";`, facts, want: ["fileinto Work :create"] },
  { script: `${head}fileinto :mailboxid "F3" "Work";`, facts, want: ["need mailbox-id F3"] },
]);

problemTable("what is wrong with mailboxid", [
  { script: 'require "fileinto"; fileinto :mailboxid "F1" "x";', want: ["1:30 error tag-needs-require"] },
  {
    script: `${head}fileinto :mailboxid "F1" :specialuse "\\\\Junk" "x";`,
    want: ["2:21 error tags-exclusive"],
  },
]);
