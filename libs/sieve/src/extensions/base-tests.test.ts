// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, plainMail, problemTable, testTable } from "../../test/decide.ts";

testTable(
  "address",
  [],
  [
    { test: 'address "from" "alice@example.org"', want: true },
    { test: 'address :is "from" "Alice Martin"', want: false },
    { test: 'address :all :is ["from", "to"] "CAROL@example.net"', want: true },
    { test: 'address :localpart "to" ["bob"]', want: true },
    { test: 'address :domain :is "to" "example.net"', want: true },
    { test: 'address :domain :is "to" "example.org"', want: false },
    { test: 'address :domain :matches "cc" "*.example.org"', want: true },
    { test: 'address :localpart "cc" "eve+tag"', want: true },
    { test: 'address :contains "bcc" ""', want: false },
    { test: 'address :is "to" ""', want: false, mail: mailOf("To: undisclosed-recipients:;", "", "") },
    { test: 'address :domain "from" "example.org"', want: true, mail: mailOf("From: (x) a@example.org (y)", "", "") },
    {
      test: 'address :is "from" "a.b@example.org"',
      want: true,
      mail: mailOf('From: "Q, R" <a.b@example.org>', "", ""),
    },
  ],
);

testTable(
  "header",
  [],
  [
    { test: 'header "x-tag" "two"', want: true },
    { test: 'header ["x-none", "X-TAG"] ["three"]', want: true },
    { test: 'header "x-none" ""', want: false },
    { test: 'header :is "subject" ""', want: true, mail: mailOf("Subject:", "", "") },
    {
      test: 'header "subject" "folded over lines"',
      want: true,
      mail: mailOf("Subject: folded", " over", " lines", "", ""),
    },
    {
      test: 'header :contains "subject" "réunion"',
      want: true,
      mail: mailOf("Subject: =?iso-8859-1?q?La_r=E9union?=", "", ""),
    },
    { test: 'header :is "subject" "x"', want: true, mail: mailOf("Subject:   x  ", "", "") },
    { test: 'header :is "from" "Alice Martin <alice@example.org>"', want: true },
  ],
);

testTable(
  "exists",
  [],
  [
    { test: 'exists "subject"', want: true },
    { test: 'exists ["Subject", "X-TAG"]', want: true },
    { test: 'exists ["subject", "x-none"]', want: false },
    { test: 'exists "body"', want: false },
  ],
);

const odd = mailOf("From:", "To: undisclosed-recipients:;", "Cc: nobody at all", "Bcc: a@example.org, nobody", "", "");

testTable(
  "fields without an address",
  ["relational", "comparator-i;ascii-numeric"],
  [
    { test: 'address :contains "to" "undisclosed"', want: true, mail: odd },
    { test: 'address "cc" "nobody at all"', want: true, mail: odd },
    { test: 'address :localpart :matches "cc" "*"', want: false, mail: odd },
    { test: 'address :domain :matches "to" "*"', want: false, mail: odd },
    { test: 'address "from" ""', want: true, mail: odd },
    { test: 'address "bcc" "a@example.org"', want: true, mail: odd },
    { test: 'address :count "eq" :comparator "i;ascii-numeric" ["cc", "to"] "0"', want: true, mail: odd },
    { test: 'address :matches "sender" "*"', want: false, mail: odd },
  ],
);

const abroad = mailOf("From: a@xn--cole-9oa.example", "To: b@bücher.example", "", "");

testTable(
  "internationalised domains (RFC 5890 §2.3.2.1)",
  ["relational", "comparator-i;ascii-numeric", "variables", "subaddress", "fileinto"],
  [
    { test: 'address :domain "from" "école.example"', want: true, mail: abroad },
    { test: 'address "from" "a@école.example"', want: true, mail: abroad },
    { test: 'address "from" "a@xn--cole-9oa.example"', want: true, mail: abroad },
    { test: 'address :domain :matches "from" "écol?.example"', want: true, mail: abroad },
    { test: 'address :domain "to" "xn--bcher-kva.example"', want: true, mail: abroad },
    { test: 'address :contains "to" "@bücher."', want: true, mail: abroad },
    { test: 'address :localpart "from" "a"', want: true, mail: abroad },
    { test: 'address :user "from" "a"', want: true, mail: abroad },
    { test: 'address :count "eq" :comparator "i;ascii-numeric" ["from", "to"] "2"', want: true, mail: abroad },
    { test: 'address :domain :value "ne" "from" "xn--cole-9oa.example"', want: false, mail: abroad },
    { test: 'header :contains "from" "école"', want: false, mail: abroad },
    {
      test: 'address :domain "from" "paypal.example"',
      want: false,
      mail: mailOf("From: a@xn--paypal-.example", "", ""),
    },
  ],
);

testTable(
  "size",
  [],
  [
    { test: "size :over 10", want: true },
    { test: "size :over 1K", want: false },
    { test: "size :under 1K", want: true },
    { test: `size :over ${plainMail.length}`, want: false },
    { test: `size :under ${plainMail.length}`, want: false },
    { test: `size :over ${plainMail.length - 1}`, want: true },
    { test: `size :under ${plainMail.length + 1}`, want: true },
  ],
);

problemTable("what is wrong with tests on the mail", [
  { script: 'if address "subject" "x" { keep; }', want: ["1:12 error not-an-address-field"] },
  { script: 'if header "Subject:" "x" { keep; }', want: ["1:11 warning field-name-with-colon"] },
  { script: 'if exists ["a", "b c"] { keep; }', want: ["1:17 warning bad-field-name"] },
  { script: 'if header "subject" " x" { keep; }', want: ["1:21 warning key-with-blanks"] },
  { script: 'if header :contains "subject" " x" { keep; }', want: [] },
  { script: 'if address :domain "from" ["a.b", "x@a.b"] { keep; }', want: ["1:35 warning key-with-at"] },
  { script: "if size 10 { keep; }", want: ["1:4 error tag-missing", "1:9 error extra-argument"] },
  { script: "if size :over :under 10 { keep; }", want: ["1:4 error tags-exclusive", "1:9 error tag-needs-value"] },
  { script: "if size :over 10 :under 5 { keep; }", want: ["1:4 error tags-exclusive"] },
  {
    script: 'if size :over "10" { keep; }',
    want: ["1:15 error wrong-kind"],
  },
  { script: 'if header "a" { keep; }', want: ["1:4 error missing-argument"] },
  { script: 'if header 1 "a" { keep; }', want: ["1:11 error wrong-kind"] },
  { script: 'if header "a" "b" "c" { keep; }', want: ["1:19 error extra-argument"] },
  { script: 'if header "a" :is "b" { keep; }', want: ["1:15 error tag-after-argument"] },
  { script: 'if header :domain "a" "b" { keep; }', want: ["1:11 error unknown-tag"] },
  {
    script: "if size :constructor 5 { keep; }",
    want: ["1:4 error tag-missing", "1:9 error unknown-tag", "1:22 error extra-argument"],
  },
  { script: 'require "vacation"; vacation :__proto__ "x";', want: ["1:30 error unknown-tag"] },
]);
