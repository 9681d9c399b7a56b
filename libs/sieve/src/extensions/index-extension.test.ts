import { mailOf, problemTable, testTable } from "../../test/decide.ts";

const mail = mailOf(
  "Received: from a; Mon, 1 Jan 2024 10:00:00 +0000",
  "Received: from b; Tue, 2 Jan 2024 11:00:00 +0000",
  "Received: from c; Wed, 3 Jan 2024 12:00:00 +0000",
  "To: one@example.org",
  "To: two@example.org",
  "",
  "",
);

testTable(
  "index",
  ["index", "date", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'header :index 1 :contains "received" "from a"', want: true, mail },
    { test: 'header :index 2 :contains "received" "from a"', want: false, mail },
    { test: 'header :index 2 :contains "received" "from b"', want: true, mail },
    { test: 'header :index 1 :last :contains "received" "from c"', want: true, mail },
    { test: 'header :last :index 3 :contains "received" "from a"', want: true, mail },
    { test: 'header :index 4 :contains "received" ""', want: false, mail },
    { test: 'header :index 1 :contains ["received", "to"] "from a"', want: true, mail },
    { test: 'header :index 2 :contains ["to", "received"] "from a"', want: false, mail },
    { test: 'header :index 1 :last :contains ["to", "received"] "from c"', want: true, mail },
    { test: 'header :index 1 :last :contains ["received", "to"] "from c"', want: false, mail },
    {
      test: 'header :index 1 :count "eq" :comparator "i;ascii-numeric" ["to", "received"] "1"',
      want: true,
      mail,
    },
    { test: 'address :index 2 :localpart "to" "two"', want: true, mail },
    { test: 'address :index 1 :localpart "to" "two"', want: false, mail },
    { test: 'date :index 1 :last :zone "+0000" "received" "day" "03"', want: true, mail },
    { test: 'date :index 1 :zone "+0000" "received" "day" "03"', want: false, mail },
    { test: 'header :index 2 :count "eq" :comparator "i;ascii-numeric" "received" "1"', want: true, mail },
    {
      test: 'allof (header :index 1 :contains "received" "from a", header :index 1 :last :contains "received" "from c", header :contains "received" "from b")',
      want: true,
      mail,
    },
  ],
);

problemTable("what is wrong with index", [
  { script: 'require "index"; if header :last "a" "b" { keep; }', want: ["1:28 error last-without-index"] },
  { script: 'require "index"; if header :index 0 "a" "b" { keep; }', want: ["1:35 error index-from-one"] },
  {
    script: 'require "index"; if exists :index 1 "a" { keep; }',
    want: ["1:28 error unknown-tag", "1:35 error wrong-kind", "1:37 error extra-argument"],
  },
  { script: 'if header :index 1 "a" "b" { keep; }', want: ["1:11 error tag-needs-require"] },
]);
