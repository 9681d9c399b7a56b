import { problemTable, testTable } from "../../test/decide.ts";
import { annotationKey } from "./mboxmetadata.ts";

const facts = {
  metadata: new Map([
    [annotationKey(null, "/shared/admin"), "mailto:postmaster@example.net"],
    [annotationKey(null, "/private/none"), null],
  ]),
};

testTable(
  "servermetadata",
  ["servermetadata"],
  [
    { test: 'servermetadata :contains "/shared/admin" "postmaster"', want: true, facts },
    { test: 'servermetadata "/private/none" ""', want: false, facts },
    { test: 'servermetadata "/shared/x" ""', want: "need metadata server /shared/x", facts },
    { test: 'servermetadataexists "/shared/admin"', want: true, facts },
    { test: 'servermetadataexists ["/shared/admin", "/private/none"]', want: false, facts },
  ],
);

problemTable("what is wrong with servermetadata", [
  { script: 'require "mboxmetadata"; if servermetadata "/shared/x" "y" {}', want: ["1:28 error needs-require"] },
  { script: 'require "servermetadata"; if servermetadataexists "/other/x" {}', want: ["1:51 error bad-annotation"] },
]);
