// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, problemTable, scriptTable, testTable } from "../../test/decide.ts";

testTable(
  "regex",
  ["regex", "body", "variables", "relational", "comparator-i;ascii-numeric", "envelope"],
  [
    { test: 'header :regex "subject" "^the budget"', want: true },
    { test: 'header :regex "subject" "[0-9]{4}$"', want: true },
    { test: 'header :regex "subject" "[0-9]{5}"', want: false },
    { test: 'header :regex "subject" "BUDGET"', want: true },
    { test: 'header :regex "subject" "[A-F]UDGET"', want: true },
    { test: 'header :regex "subject" "[^b]udget"', want: false },
    { test: 'header :comparator "i;octet" :regex "subject" "BUDGET"', want: false },
    { test: 'header :regex "subject" ["x", "(of|in) [[:digit:]]+"]', want: true },
    { test: 'header :regex ["x-none", "x-tag"] "^t(wo|hree)$"', want: true },
    { test: 'address :domain :regex "from" "^example\\\\.(org|net)$"', want: true },
    { test: 'address :regex "from" "^example"', want: false },
    { test: 'envelope :regex "to" "\\\\+lists@"', want: true },
    { test: 'body :raw :regex "see .* annex\\\\."', want: true },
    { test: 'body :regex "hello.*annex"', want: true },
    { test: 'string :regex "été 3" "^[[:alpha:]]+ [[:digit:]]$"', want: true },
    { test: 'string :regex "a\\\\b" "^a\\\\\\\\b$"', want: true },
    { test: 'string :regex "x*" "${k}"', before: 'set :quoteregex "k" "x*";', want: true },
    { test: 'string :regex "xx" "${k}$"', before: 'set :quoteregex "k" "x*";', want: false },
    { test: 'string :regex "😀!" "^.!$"', want: true },
    { test: 'header :regex "x-none" ".*"', want: false },
  ],
);

const into = (test: string, text: string): string =>
  `require ["fileinto", "variables", "regex"]; if ${test} { fileinto "${text}"; }`;

scriptTable("groups", [
  {
    script: into('header :regex "subject" "the ([a-z]+) of ([0-9]+)"', "${1}/${2}/${0}"),
    want: ["fileinto budget/2024/The budget of 2024"],
  },
  { script: into('address :regex "from" "(a|al)(lice|ice)(x)?@"', "${1},${2},${3}"), want: ["fileinto al,ice,"] },
  {
    name: "a test that fails leaves the match variables",
    script: into('anyof (header :regex "subject" "(b)udget x", header :contains "subject" "of")', "[${1}]"),
    want: ["fileinto []"],
  },
  {
    name: "they keep the case of the mail",
    script: into('header :regex "from" "(ALICE) (M.*) <"', "${2} ${1}"),
    want: ["fileinto Martin Alice"],
  },
  {
    name: "quoteregex",
    script: 'require ["fileinto", "variables", "regex"]; set :quoteregex "a" "1+1 (a.b)"; fileinto "${a}";',
    want: ["fileinto 1\\+1 \\(a\\.b\\)"],
  },
  {
    name: "an expression made at run that is wrong",
    script: into('string :regex "a" "${1}("', "x"),
    want: ["error regex-open-group line 1", "implicit keep"],
  },
  {
    name: "many rules, looked up by what they require",
    script: `require ["fileinto", "regex"];\n${Array.from({ length: 40 }, (_, n) => `if header :regex "subject" "ticket-${n} +[a-z]+$" { fileinto "${n}"; }`).join("\n")}`,
    mail: mailOf("Subject: about ticket-17  open", "", ""),
    want: ["fileinto 17"],
  },
]);

const wrong = (pattern: string): string => `require "regex"; if header :regex "subject" "${pattern}" { keep; }`;

problemTable("what is wrong with an expression", [
  { script: wrong("(a)\\\\1"), want: ["1:45 error regex-back-reference"] },
  { script: wrong("[[:alpha]]"), want: ["1:45 error regex-open-bracket"] },
  { script: wrong("[[:letter:]]"), want: ["1:45 error regex-bad-class"] },
  { script: wrong("[z-a]"), want: ["1:45 error regex-bad-range"] },
  { script: wrong("a{3,2}"), want: ["1:45 error regex-bad-interval"] },
  { script: wrong("a{256}"), want: ["1:45 error regex-bad-interval"] },
  { script: wrong("*a"), want: ["1:45 error regex-bad-repeat"] },
  { script: wrong("a|+"), want: ["1:45 error regex-bad-repeat"] },
  { script: wrong("[a"), want: ["1:45 error regex-open-bracket"] },
  { script: wrong("(a"), want: ["1:45 error regex-open-group"] },
  { script: wrong("a\\\\"), want: ["1:45 error regex-trailing-backslash"] },
  { script: wrong("(".repeat(101)), want: ["1:45 error regex-too-deep"] },
  { script: wrong("\\\\d+"), want: ["1:45 warning regex-odd-escape"] },
  {
    script: 'require "regex"; if header :regex "subject" ["a", "("] { keep; }',
    want: ["1:51 error regex-open-group"],
  },
  { script: 'if header :regex "subject" "a" { keep; }', want: ["1:11 error tag-needs-require"] },
  {
    script:
      'require ["regex", "comparator-i;ascii-numeric"]; if header :comparator "i;ascii-numeric" :regex "a" "b" { keep; }',
    want: ["1:72 error comparator-no-substring"],
  },
]);
