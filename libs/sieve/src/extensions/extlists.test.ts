// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problemTable, programOf, scriptTable, testTable } from "../../test/decide.ts";
import { listName } from "../list-name.ts";

const book = ":addrbook:default";
const clients = "tag:example.org,2024:Clients";
const lists = new Map([
  [
    book,
    new Map([
      ["alice@example.org", true],
      ["dan@sub.example.org", false],
      ["eve+tag@example.com", false],
    ]),
  ],
  [
    clients,
    new Map([
      ["alice@example.org", false],
      ["one", true],
      ["two", false],
      ["three", false],
    ]),
  ],
  ["tag:x:none", null],
]);

testTable(
  ":list",
  ["extlists", "variables", "envelope"],
  [
    { test: `address :list "from" "${book}"`, facts: { lists }, want: true },
    { test: `address :list "from" ["${clients}", ":ADDRBOOK:%44efault"]`, facts: { lists }, want: true },
    { test: `address :list "cc" "urn:ietf:params:sieve:addrbook:default"`, facts: { lists }, want: false },
    { test: `header :list "x-tag" "${clients}"`, facts: { lists }, want: true },
    { test: `header :list "x-none" "${clients}"`, facts: { lists }, want: false },
    { test: `string :list "one" "${clients}"`, facts: { lists }, want: true },
    { test: `string :list "one" "\${l}"`, before: `set "l" "${clients}";`, facts: { lists }, want: true },
    { test: `header :list "x-tag" "${clients}"`, want: `need list ${clients} one two three` },
    {
      test: `header :list ["x-tag", "from"] "${clients}"`,
      facts: {
        lists: new Map([
          [
            clients,
            new Map([
              ["one", false],
              ["two", true],
            ]),
          ],
        ]),
      },
      want: `need list ${clients} three Alice Martin <alice@example.org>`,
    },
    { test: `valid_ext_list ["${book}", "${clients}"]`, facts: { lists }, want: true },
    { test: `valid_ext_list ["${book}", "tag:x:none"]`, facts: { lists }, want: false },
    { test: 'valid_ext_list "nothing"', facts: { lists }, want: false },
    { test: 'valid_ext_list "tag:x:y"', want: "need list tag:x:y" },
  ],
);

const head = 'require ["extlists", "variables", "fileinto", "copy"];\n';

scriptTable("lists", [
  {
    name: "${0} is the value found",
    script: `${head} if header :list "x-tag" "${clients}" { fileinto "\${0}"; }`,
    facts: { lists },
    want: ["fileinto one"],
  },
  {
    name: "a list that is not there",
    script: `${head} if header :list "x-tag" "tag:x:none" { keep; }`,
    facts: { lists },
    want: ["error no-such-list line 2", "implicit keep"],
  },
  {
    name: "a name that is none, made at run",
    script: `${head} if header :list "x-tag" "\${0}x" { keep; }`,
    want: ["error bad-list-name line 2", "implicit keep"],
  },
  {
    name: "redirect :list",
    script: `${head} redirect :copy :list ":addrbook:Default";`,
    facts: { lists },
    want: [`redirect :copy :list "${book}"`, "implicit keep"],
  },
  { name: "redirect :list asks", script: `${head} redirect :list "${clients}";`, want: [`need list ${clients}`] },
  {
    name: "redirect :list to nothing",
    script: `${head} redirect :list "tag:x:none";`,
    facts: { lists },
    want: ["error no-such-list line 2", "implicit keep"],
  },
]);

problemTable("what is wrong with lists", [
  { script: 'require "extlists"; if header :list "a" "b" { keep; }', want: ["1:41 error bad-list-name"] },
  {
    script: 'require "extlists"; if header :list :comparator "i;octet" "a" "tag:b" { keep; }',
    want: ["1:49 error tags-exclusive"],
  },
  { script: 'require ["extlists", "body"]; if body :list "tag:b" { keep; }', want: ["1:34 error match-not-here"] },
  { script: 'require "extlists"; redirect :list "a@example.org";', want: ["1:36 error bad-list-name"] },
  { script: 'if header :list "a" "tag:b" { keep; }', want: ["1:11 error tag-needs-require"] },
]);

describe("listName", () => {
  for (const [text, want] of [
    [":addrbook:default", book],
    [":aDdRbOOk:DeFauLt", book],
    [":AddrBook:%44%65%66ault", book],
    ["URN:ietf:params:SIEVE:addrbook:default", book],
    [":addrbook:Personal", ":addrbook:Personal"],
    ["tag:example.org,2024:caf%C3%A9", "tag:example.org,2024:café"],
    ["tag:%zz", "tag:%zz"],
    [":addrbook", null],
    ["addrbook", null],
    ["tag: x", null],
    ["", null],
  ] as const) {
    it(text, () => assert.equal(listName(text), want));
  }
});

it("a program says which lists it looks at", () => {
  const program = programOf(`${head} if valid_ext_list ":ADDRBOOK:default" { redirect :list "${clients}"; }`);
  assert.deepEqual(program.uses.lists, [book, clients]);
});
