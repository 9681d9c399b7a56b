import { problemTable, scriptTable, testTable } from "../../test/decide.ts";

const imapEvent = {
  cause: "FLAG",
  mailbox: "Work",
  user: "bob",
  email: "bob@example.net",
  changedFlags: ["\\Seen", "$x"],
} as const;
const facts = { imapEvent };

testTable(
  "items of imapsieve",
  ["imapsieve", "environment"],
  [
    { test: 'environment "imap.cause" "flag"', want: true, facts },
    { test: 'environment "imap.mailbox" "Work"', want: true, facts },
    { test: 'environment "imap.user" "bob"', want: true, facts },
    { test: 'environment "imap.email" "bob@example.net"', want: true, facts },
    { test: 'environment :contains "imap.changedflags" "$x"', want: true, facts },
    { test: 'environment "imap.user" ""', want: true, facts: { imapEvent: { cause: "COPY", mailbox: "A" } } },
    { test: 'environment "imap.changedflags" ""', want: true, facts: { imapEvent: { cause: "COPY", mailbox: "A" } } },
    { test: 'environment "location" "MS"', want: true, facts },
    { test: 'environment "phase" "post"', want: true, facts },
    { test: 'environment :matches "imap.cause" "*"', want: false },
    { test: 'environment "imap.user" ""', want: true },
    { test: 'environment "imap.email" ""', want: true },
    { test: 'environment "imap.changedflags" ""', want: true },
  ],
);

const error = ["error not-in-imap-event line 1", "implicit keep"];

scriptTable("what has no meaning after an IMAP event", [
  { script: 'require "vacation"; vacation "a";', facts, want: error },
  { script: 'require "reject"; reject "a";', facts, want: error },
  { script: 'require "envelope"; if envelope "to" "a" { stop; }', facts, want: error },
  {
    script: 'require "envelope"; if false { stop; } elsif anyof (true, envelope "to" "a") { keep; }',
    facts,
    want: ["keep"],
  },
  { script: 'require "fileinto"; fileinto "a";', facts, want: ["fileinto a"] },
  { script: 'require "enotify"; notify "mailto:a@b.c";', facts, want: ['notify "mailto:a@b.c"', "implicit keep"] },
  { script: "discard;", facts, want: ["discard"] },
]);

scriptTable("a mail that is in its mailbox is changed for what leaves it alone", [
  { script: 'require "editheader"; addheader "X" "a";', facts, want: ["implicit keep"] },
  { script: 'require "editheader"; deleteheader "X-Tag"; keep;', facts, want: ["keep"] },
  {
    script:
      'require ["editheader", "fileinto", "copy"]; addheader "X" "a"; fileinto :copy "A"; redirect :copy "a@b.c";',
    facts,
    want: ["fileinto A :copy {add-header}", "redirect a@b.c :copy {add-header}", "implicit keep"],
  },
]);

problemTable("imapsieve", [{ script: 'require "imapsieve"; keep;', want: [] }]);
