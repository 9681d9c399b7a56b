// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { problemTable, scriptTable, testTable } from "../../test/decide.ts";
import { flagsOf } from "./imap4flags.ts";

const head = 'require ["fileinto", "imap4flags", "variables"];\n';
const facts = { flags: ["\\Seen", "$Label1"] };

scriptTable("setflag, addflag, removeflag", [
  { script: `${head}keep;`, want: ["keep"] },
  { script: `${head}setflag "\\\\Seen";`, want: ["implicit keep [\\Seen]"] },
  { script: `${head}setflag ["\\\\Seen", "a b"]; keep;`, want: ["keep [\\Seen a b]"] },
  { script: `${head}addflag "a"; addflag ["b", "A"]; fileinto "X";`, want: ["fileinto X [a b]"] },
  { script: `${head}setflag ["a", "b"]; removeflag "A"; keep;`, want: ["keep [b]"] },
  {
    script: `${head}setflag "a"; fileinto "X"; setflag "b"; fileinto "Y";`,
    want: ["fileinto X [a]", "fileinto Y [b]"],
  },
  { script: `${head}setflag "";`, want: ["implicit keep []"] },
  { script: `${head}addflag "b";`, facts, want: ["implicit keep [\\Seen $Label1 b]"] },
  { script: `${head}removeflag "\\\\seen";`, facts, want: ["implicit keep [$Label1]"] },
  { script: `${head}setflag "x"; discard;`, want: ["discard"] },
]);

scriptTable(":flags", [
  { script: `${head}keep :flags "\\\\Flagged";`, want: ["keep [\\Flagged]"] },
  { script: `${head}setflag "a"; fileinto :flags ["b", "c"] "X"; keep;`, want: ["fileinto X [b c]", "keep [a]"] },
  { script: `${head}set "f" "a b"; fileinto :flags "\${f}" "X";`, want: ["fileinto X [a b]"] },
  { script: `${head}fileinto :flags "a" "X"; fileinto :flags "b" "X";`, want: ["fileinto X [b]"] },
  { script: `${head}setflag "a"; keep :flags "";`, want: ["keep []"] },
]);

scriptTable("flags in variables", [
  { script: `${head}setflag "v" ["a", "b"]; fileinto "\${v}";`, want: ["fileinto a b"] },
  {
    script: `${head}setflag "v" "a"; addflag "v" ["b", "a"]; removeflag "v" "a"; fileinto :flags "\${v}" "X";`,
    want: ["fileinto X [b]"],
  },
  { script: `${head}setflag "v" "a"; keep;`, want: ["keep"] },
]);

const before = 'setflag ["A", "B"]; setflag "v" ["C D"];';

testTable(
  "hasflag",
  ["imap4flags", "variables", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'hasflag "a"', before, want: "fileinto yes [A B]" },
    { test: 'hasflag ["x", "b"]', before, want: "fileinto yes [A B]" },
    { test: 'hasflag "x b"', before, want: "fileinto yes [A B]" },
    { test: 'hasflag "v" "d"', before: 'setflag "v" ["C D"];', want: true },
    { test: 'hasflag :contains ["v", "w"] ["c"]', before: 'setflag "v" "abc";', want: true },
    { test: 'hasflag :matches "$label?"', want: true, facts },
    { test: 'hasflag "\\\\seen"', want: true, facts },
    { test: 'hasflag "\\\\seen"', want: false },
    { test: 'hasflag :count "eq" :comparator "i;ascii-numeric" "2"', want: true, facts },
    { test: 'hasflag :count "ge" :comparator "i;ascii-numeric" "v" "2"', before: 'setflag "v" "a b c";', want: true },
  ],
);

problemTable("what is wrong with flags", [
  { script: 'require "imap4flags"; setflag "v" "a";', want: ["1:31 error flag-variable-needs-require"] },
  {
    script: 'require "imap4flags"; setflag ["\\\\Seen", "\\\\Recent", "a(b"];',
    want: ["1:42 warning bad-flag", "1:54 warning bad-flag"],
  },
  { script: 'require "imap4flags"; keep :flags;', want: ["1:28 error tag-needs-value"] },
  { script: 'require ["imap4flags", "variables"]; setflag "1" "a";', want: ["1:46 error match-variable-read-only"] },
  {
    script:
      'require ["imap4flags", "variables"]; set "v" "f"; addflag "${v}" "a"; if hasflag ["f", "${v}"] "a" { keep; }',
    want: ["1:59 error variable-not-allowed", "1:88 error variable-not-allowed"],
  },
  {
    script: 'require ["imap4flags", "variables"]; if hasflag ["f", "1"] "a" { keep; }',
    want: ["1:55 error match-variable-read-only"],
  },
  { script: 'require "imap4flags"; if hasflag "a" "b" { keep; }', want: ["1:34 error flag-variable-needs-require"] },
  {
    script: 'require "imap4flags"; discard :flags "a";',
    want: ["1:31 error unknown-tag", "1:38 error extra-argument"],
  },
  { script: 'keep :flags "a";', want: ["1:6 error tag-needs-require"] },
]);

describe("flagsOf", () => {
  it("takes valid flags once, up to the limit", () => {
    assert.deepEqual(flagsOf(["a  b", "\\SEEN \\Nope", "B é x{ y]"], 128), ["a", "b", "\\SEEN"]);
    assert.deepEqual(flagsOf(["a b c d"], 3), ["a", "b", "c"]);
  });
});

scriptTable("the older imapflags", [
  { script: 'require "imapflags"; mark; addflag "x"; keep;', want: ["keep [\\Flagged x]"] },
  { script: 'require "imapflags"; mark; unmark; keep;', want: ["keep []"] },
]);

problemTable("what is wrong with imapflags", [
  { script: 'require "imapflags"; mark;', want: ["1:9 warning capability-outdated"] },
  { script: 'require "imap4flags"; mark;', want: ["1:23 error only-in-dialect"] },
]);
