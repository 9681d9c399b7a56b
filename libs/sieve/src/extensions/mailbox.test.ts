// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable, testTable } from "../../test/decide.ts";

const facts = {
  mailboxExists: new Map([
    ["A", true],
    ["B", true],
    ["C", false],
  ]),
};

testTable(
  "mailboxexists",
  ["mailbox", "variables"],
  [
    { test: 'mailboxexists "A"', want: true, facts },
    { test: 'mailboxexists ["A", "B", "inbox"]', want: true, facts },
    { test: 'mailboxexists ["A", "C"]', want: false, facts },
    { test: 'mailboxexists ["C", "unknown"]', want: false, facts },
    { test: 'mailboxexists "D"', want: "need mailbox-exists D", facts },
    { test: 'mailboxexists "${x}"', before: 'set "x" "A";', want: true, facts },
  ],
);

scriptTable("needs", [
  {
    script: 'require "mailbox"; if mailboxexists ["A", "D", "E"] { discard; }',
    facts,
    want: ["need mailbox-exists D", "need mailbox-exists E"],
  },
  { script: 'require "mailbox"; if allof (false, mailboxexists "D") { discard; }', want: ["implicit keep"] },
]);

scriptTable("fileinto :create", [
  { script: 'require ["fileinto", "mailbox"]; fileinto :create "A";', want: ["fileinto A :create"] },
  { script: 'require ["fileinto", "mailbox"]; fileinto "A"; fileinto :create "A";', want: ["fileinto A :create"] },
  {
    script: 'require ["fileinto", "mailbox", "copy"]; fileinto :create :copy "A";',
    want: ["fileinto A :copy :create", "implicit keep"],
  },
]);

problemTable("what is wrong with mailbox", [
  { script: 'require "fileinto"; fileinto :create "A";', want: ["1:30 error tag-needs-require"] },
  { script: 'require "mailbox"; if mailboxexists ["A", ""] { keep; }', want: ["1:43 error bad-mailbox"] },
]);
