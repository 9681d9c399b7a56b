// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, problemTable, scriptTable, testTable } from "../../test/decide.ts";

const head = 'require ["fileinto", "variables"];\n';
const into = (before: string, text: string): string => `${head}${before} fileinto "${text}";`;

scriptTable("references", [
  { script: into('set "Name" "x";', "a.${name}.${NAME}"), want: ["fileinto a.x.x"] },
  { script: into('set "a" "x"; set "b" "${a}y"; set "a" "z";', "${a}${b}"), want: ["fileinto zxy"] },
  { script: into("", "[${unset}]"), want: ["fileinto []"] },
  { script: into("", "&%${}!"), want: ["fileinto &%${}!"] },
  { script: into('set "company" "ACME";', "${BAD${Company}"), want: ["fileinto ${BADACME"] },
  {
    script: into('set "company" "ACME";', "${President, ${Company} Inc.}"),
    want: ["fileinto ${President, ACME Inc.}"],
  },
  { script: into('set "a" "$"; set "b" "{c}"; set "c" "no";', "${a}${b}"), want: ["fileinto ${c}"] },
  { script: 'require "fileinto"; fileinto "${a}";', want: ["fileinto ${a}"] },
]);

scriptTable("set and its modifiers", [
  { script: into('set :lower "a" "ABCé";', "${a}"), want: ["fileinto abcé"] },
  { script: into('set :upper "a" "abcÉé";', "${a}"), want: ["fileinto ABCÉé"] },
  { script: into('set :lowerfirst "a" "JuMBLE";', "${a}"), want: ["fileinto juMBLE"] },
  { script: into('set :upperfirst :lower "a" "juMBlEd lETteRS";', "${a}"), want: ["fileinto Jumbled letters"] },
  { script: into('set :quotewildcard "a" "Rock*?\\\\";', "${a}"), want: ["fileinto Rock\\*\\?\\\\"] },
  { script: into('set :length "a" "été 😀";', "${a}"), want: ["fileinto 5"] },
  { script: into('set :length :quotewildcard "a" "**";', "${a}"), want: ["fileinto 4"] },
  { script: into('set :length "a" "";', "${a}"), want: ["fileinto 0"] },
]);

scriptTable("match variables", [
  {
    script: into('if header :matches "subject" "The * of *" {}', "${1}-${2}-${0}-${3}-${01}"),
    want: ["fileinto budget-2024-The budget of 2024--budget"],
  },
  { script: into('if address :matches "from" "*@*" {}', "${1} at ${2}"), want: ["fileinto alice at example.org"] },
  {
    name: "a test that fails leaves them",
    script: into('if header :matches "subject" "*budget*" {} if header :matches "subject" "x*" {}', "${1}"),
    want: ["fileinto The "],
  },
  {
    name: "another match type leaves them",
    script: into('if header :matches "subject" "*budget*" {} if header :contains "subject" "of" {}', "${1}"),
    want: ["fileinto The "],
  },
  {
    name: "they keep the case of the mail",
    script: into('if header :matches "subject" "THE*" {}', "${1}"),
    want: ["fileinto  budget of 2024"],
  },
  {
    name: "inside an anyof the one that matched",
    script: into('if anyof (header :matches "subject" "x*", header :matches "from" "Alice *") {}', "${1}"),
    want: ["fileinto Martin <alice@example.org>"],
  },
  { name: "none before any match", script: into("", "[${1}]"), want: ["fileinto []"] },
  {
    name: "of a string test, of a variable",
    script: into('set "a" "x-y"; if string :matches "${a}" "*-*" { set "a" "${2}"; }', "${a}${1}"),
    want: ["fileinto yx"],
  },
  {
    name: "a key made of variables",
    script: into('set "k" "*get*"; if header :matches "subject" "${k}" {}', "${1}/${2}"),
    want: ["fileinto The bud/ of 2024"],
  },
]);

testTable(
  "string",
  ["variables", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'string "a" "A"', want: true },
    { test: 'string :is ["a", "b"] ["c", "b"]', want: true },
    { test: 'string :contains "${x}" "ell"', before: 'set "x" "Hello";', want: true },
    { test: 'string "${unset}" ""', want: true },
    { test: 'string :count "eq" :comparator "i;ascii-numeric" ["a", "", "${unset}"] "1"', want: true },
    {
      test: 'string :value "gt" :comparator "i;ascii-numeric" "${n}" "5"',
      before: 'set :length "n" "123456";',
      want: true,
    },
    { test: 'header :is "${h}" "two"', before: 'set "h" "X-Tag";', want: true },
    { test: 'address :is ["${h}", "cc"] "carol@example.net"', before: 'set "h" "to";', want: true },
    { test: 'exists "${h}"', before: 'set "h" "x-none";', want: false },
  ],
);

scriptTable("limits", [
  { script: into('set "a" "12345";', "${a}"), limits: { variableLength: 3 }, want: ["fileinto 123"] },
  { script: into('set "a" "12😀";', "${a}"), limits: { variableLength: 3 }, want: ["fileinto 12"] },
  {
    script: into('if header :matches "subject" "*b*o*" {}', "${0}${1}${2}"),
    limits: { matchVariables: 2 },
    want: ["fileinto The budget of 2024The "],
    mail: mailOf("Subject: The budget of 2024", "", ""),
  },
]);

problemTable("what is wrong with variables", [
  { script: 'require "variables"; keep; set "1" "x";', want: ["1:32 error match-variable-read-only"] },
  { script: 'require "variables"; set "a b" "x";', want: ["1:26 error bad-variable-name"] },
  { script: 'require "variables"; set "a.b" "x";', want: ["1:26 error unknown-namespace"] },
  { script: 'require "variables"; set "${a}" "x";', want: ["1:26 error variable-not-allowed"] },
  { script: 'require "variables"; set "a" "${b.c}";', want: ["1:30 error unknown-namespace"] },
  { script: 'require "variables"; set "a" "${b.1}";', want: ["1:30 error unknown-namespace"] },
  { script: 'require "variables"; set "a" "${33}";', want: ["1:30 error match-variable-too-high"] },
  { script: 'require "variables"; set "a" "${1.b}";', want: [] },
  { script: 'require "variables"; set :lower :upper "a" "b";', want: ["1:33 error tags-exclusive"] },
  { script: 'require "variables"; set :lower :lower "a" "b";', want: ["1:33 error tags-exclusive"] },
  { script: 'require "variables"; set :loud "a" "b";', want: ["1:26 error unknown-tag"] },
  { script: 'set "a" "b";', want: ["1:1 error needs-require"] },
  { script: `require "variables"; set "a" "\${${"x".repeat(65)}}";`, want: ["1:30 error variable-name-too-long"] },
  {
    script: 'require "variables"; set "a" "x"; set "A" "y"; set "b" "z";',
    options: { limits: { variables: 1 } },
    want: ["1:48 error too-many-variables"],
  },
]);
