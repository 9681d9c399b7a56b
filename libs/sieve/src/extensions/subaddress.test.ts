import { mailOf, problemTable, testTable } from "../../test/decide.ts";

const mail = mailOf("From: me+a+b@example.org", "To: plain@example.org", "Cc: end+@example.org", "", "");

testTable(
  "subaddress",
  ["subaddress", "envelope"],
  [
    { test: 'address :user "from" "me"', want: true, mail },
    { test: 'address :detail "from" "a+b"', want: true, mail },
    { test: 'address :user "to" "plain"', want: true, mail },
    { test: 'address :detail "to" ""', want: false, mail },
    { test: 'address :detail :contains "to" ""', want: false, mail },
    { test: 'address :detail "cc" ""', want: true, mail },
    { test: 'envelope :detail "to" "lists"', want: true },
    { test: 'address :user "from" "me+a"', want: true, mail, facts: { addressSeparator: "+b" } },
    { test: 'address :detail "from" "a+b"', want: false, mail, facts: { addressSeparator: "-" } },
  ],
);

problemTable("what is wrong with subaddress", [
  { script: 'if address :user "from" "x" { keep; }', want: ["1:12 error tag-needs-require"] },
  {
    script: 'require "subaddress"; if address :user :domain "from" "x" { keep; }',
    want: ["1:40 error tags-exclusive"],
  },
]);
