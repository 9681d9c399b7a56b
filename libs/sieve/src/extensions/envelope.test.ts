import { problemTable, testTable } from "../../test/decide.ts";

const nullPath = { envelope: { from: null, to: "me@example.net" } };

testTable(
  "envelope",
  ["envelope"],
  [
    { test: 'envelope "from" "sender@example.org"', want: true },
    { test: 'envelope :domain :is ["FROM"] "EXAMPLE.org"', want: true },
    { test: 'envelope :localpart "to" "me+lists"', want: true },
    { test: 'envelope :all :contains ["from", "to"] "example.net"', want: true },
    { test: 'envelope "auth" "me"', want: false },
    { test: 'envelope :matches "auth" "*"', want: false },
    { test: 'envelope "auth" "me"', want: true, facts: { envelope: { auth: "me" } } },
    { test: 'envelope "from" ""', want: true, facts: nullPath },
    { test: 'envelope :domain "from" ""', want: true, facts: nullPath },
    { test: 'envelope "from" ""', want: true, facts: { envelope: { from: "<>" } } },
    { test: 'envelope "from" ""', want: false, facts: { envelope: {} } },
    { test: 'envelope :contains "from" ""', want: false, facts: { envelope: {} } },
    { test: 'envelope "from" "a@b.c"', want: true, facts: { envelope: { from: "<a@b.c>" } } },
    {
      test: 'envelope :domain "from" "école.example"',
      want: true,
      facts: { envelope: { from: "a@xn--cole-9oa.example" } },
    },
    { test: 'envelope :domain :contains "to" ""', want: false, facts: { envelope: { to: "local" } } },
  ],
);

problemTable("what is wrong with envelope", [
  { script: 'require "envelope"; if envelope "subject" "x" { keep; }', want: ["1:33 error unknown-envelope-part"] },
  { script: 'if envelope "from" "x" { keep; }', want: ["1:4 error needs-require"] },
]);
