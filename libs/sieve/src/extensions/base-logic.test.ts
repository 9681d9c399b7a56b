import { problemTable, testTable } from "../../test/decide.ts";

testTable(
  "logic",
  [],
  [
    { test: "true", want: true },
    { test: "false", want: false },
    { test: "not false", want: true },
    { test: "not not true", want: true },
    { test: "allof (true, true)", want: true },
    { test: "allof (true, false)", want: false },
    { test: "anyof (false, true)", want: true },
    { test: "anyof (false, false)", want: false },
    { test: "allof (true)", want: true },
    { test: 'allof (exists "subject", exists "from")', want: true },
    { test: 'allof (exists "subject", exists "x-none")', want: false },
    { test: 'anyof (exists "x-none", exists "from")', want: true },
    { test: 'anyof (exists "x-none", not exists "from")', want: false },
    { test: 'not anyof (exists "x-none", allof (exists "from", exists "x-none"))', want: true },
    { test: 'allof (exists "subject", anyof (false, not exists "x-none"), true)', want: true },
  ],
);

problemTable("what is wrong with logic", [
  { script: "if allof true { keep; }", want: ["1:4 error missing-test-list"] },
  { script: "if anyof () { keep; }", want: ["1:10 error empty-test-list"] },
  { script: "if not { keep; }", want: ["1:4 error missing-test"] },
  { script: "if (true, false) { keep; }", want: ["1:1 error list-instead-of-test"] },
  { script: "if not (true, false) { keep; }", want: ["1:4 error list-instead-of-test"] },
  { script: "if true (false) { keep; }", want: ["1:10 error unexpected-test"] },
  { script: 'if true "a" { keep; }', want: ["1:9 error extra-argument"] },
  { script: "if maybe { keep; }", want: ["1:4 error unknown-test"] },
  { script: "if discard { keep; }", want: ["1:4 error command-as-test"] },
  { script: "if allof (true false) { keep; }", want: ["1:15 error missing-comma"] },
  { script: "if allof (true, ) { keep; }", want: ["1:15 error extra-comma"] },
  { script: "if allof (true { keep; }", want: ["1:10 error missing-parenthesis"] },
]);
