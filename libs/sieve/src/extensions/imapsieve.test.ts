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
    {
      test: 'environment :matches "imap.cause" "*"',
      want: false,
      facts: { imapEvent: { cause: "unknown", mailbox: "A" } },
    },
    {
      test: 'environment :matches "imap.user" "*"',
      want: false,
      facts: { imapEvent: { cause: "COPY", mailbox: "A" } },
    },
    { test: 'environment :matches "imap.cause" "*"', want: false },
  ],
);

const error = ["error not-in-imap-event line 1", "implicit keep"];

scriptTable("what has no meaning after an IMAP event", [
  { script: 'require "vacation"; vacation "a";', facts, want: error },
  { script: 'require "reject"; reject "a";', facts, want: error },
  { script: 'require "editheader"; addheader "X" "a";', facts, want: error },
  { script: 'require "editheader"; deleteheader "X";', facts, want: error },
  { script: 'require "fileinto"; fileinto "a";', facts, want: ["fileinto a"] },
  { script: 'require "enotify"; notify "mailto:a@b.c";', facts, want: ['notify "mailto:a@b.c"', "implicit keep"] },
  { script: "discard;", facts, want: ["discard"] },
]);

problemTable("imapsieve", [{ script: 'require "imapsieve"; keep;', want: [] }]);
