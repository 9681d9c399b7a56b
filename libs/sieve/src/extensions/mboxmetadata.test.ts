// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, testTable } from "../../test/decide.ts";
import { annotationKey } from "./mboxmetadata.ts";

const facts = {
  metadata: new Map([
    [annotationKey("INBOX", "/private/comment"), "Mine"],
    [annotationKey("Work", "/shared/count"), "12"],
    [annotationKey("Work", "/private/none"), null],
  ]),
};

testTable(
  "metadata",
  ["mboxmetadata", "variables", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'metadata "INBOX" "/private/comment" "mine"', want: true, facts },
    { test: 'metadata "inbox" "/PRIVATE/Comment" "mine"', want: true, facts },
    { test: 'metadata :comparator "i;octet" "INBOX" "/private/comment" "mine"', want: false, facts },
    { test: 'metadata :value "gt" :comparator "i;ascii-numeric" "Work" "/shared/count" "9"', want: true, facts },
    { test: 'metadata :contains "Work" "/private/none" ""', want: false, facts },
    { test: 'metadata "Work" "/private/other" "x"', want: "need metadata Work /private/other", facts },
    { test: 'metadata "${m}" "/shared/count" "12"', before: 'set "m" "Work";', want: true, facts },
    { test: 'metadataexists "Work" "/shared/count"', want: true, facts },
    { test: 'metadataexists "Work" ["/shared/count", "/private/none"]', want: false, facts },
    { test: 'metadataexists "Work" "/private/x"', want: "need metadata Work /private/x", facts },
    { test: 'metadataexists "Work" "${e}"', before: 'set "e" "nonsense";', want: false, facts },
  ],
);

problemTable("what is wrong with mboxmetadata", [
  { script: 'if metadata "a" "/private/x" "y" {}', want: ["1:4 error needs-require"] },
  { script: 'require "mboxmetadata"; if metadata "a" "comment" "y" {}', want: ["1:41 error bad-annotation"] },
  {
    script: 'require "mboxmetadata"; if metadataexists "a" ["/shared/x", "/shared//x"] {}',
    want: ["1:61 error bad-annotation"],
  },
  { script: 'require "mboxmetadata"; if metadataexists "" "/shared/x" {}', want: ["1:43 error bad-mailbox"] },
]);
