// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable, testTable } from "../../test/decide.ts";

const facts = {
  specialUse: new Map([
    ["\\junk", ["Spam"]],
    ["\\archive", ["Archive/2023", "Archive"]],
  ]),
};

testTable(
  "specialuse_exists",
  ["special-use", "variables"],
  [
    { test: 'specialuse_exists "\\\\Junk"', want: true, facts },
    { test: 'specialuse_exists ["\\\\JUNK", "\\\\Archive"]', want: true, facts },
    { test: 'specialuse_exists ["\\\\Junk", "\\\\Sent"]', want: false, facts },
    { test: 'specialuse_exists "Archive" "\\\\Archive"', want: true, facts },
    { test: 'specialuse_exists "Spam" ["\\\\Junk", "\\\\Archive"]', want: false, facts },
    { test: 'specialuse_exists "INBOX" "\\\\Junk"', want: false, facts },
    { test: 'specialuse_exists "\\\\Junk"', want: "need special-use" },
    { test: 'specialuse_exists "${v}"', before: 'set "v" "\\\\Junk";', want: true, facts },
  ],
);

const head = 'require ["special-use", "fileinto", "mailbox", "variables"];\n';

scriptTable("fileinto :specialuse", [
  { script: `${head}fileinto :specialuse "\\\\Junk" "INBOX/Junk";`, facts, want: ["fileinto Spam"] },
  { script: `${head}fileinto :specialuse "\\\\Archive" "Archive";`, facts, want: ["fileinto Archive"] },
  { script: `${head}fileinto :specialuse "\\\\Archive" "Other";`, facts, want: ["fileinto Archive/2023"] },
  { script: `${head}fileinto :specialuse "\\\\Sent" "Sent";`, facts, want: ["fileinto Sent"] },
  { script: `${head}fileinto :create :specialuse "\\\\Sent" "Sent";`, facts, want: ["fileinto Sent :create"] },
  { script: `${head}fileinto :specialuse "\\\\Sent" "Sent";`, want: ["need special-use"] },
  {
    script: `${head}set "u" "Sent"; fileinto :specialuse "\${u}" "Sent";`,
    facts,
    want: ["error bad-special-use line 2", "implicit keep"],
  },
]);

problemTable("what is wrong with special-use", [
  { script: 'require "fileinto"; fileinto :specialuse "\\\\Junk" "x";', want: ["1:30 error tag-needs-require"] },
  {
    script: 'require ["fileinto", "special-use"]; fileinto :specialuse "Junk" "x";',
    want: ["1:59 error bad-special-use"],
  },
  {
    script: 'require "special-use"; if specialuse_exists ["\\\\Junk", "Junk"] {}',
    want: ["1:56 error bad-special-use"],
  },
]);
