// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, problemTable, testTable } from "../../test/decide.ts";

const parts = mailOf(
  "Subject: parts",
  "From: a@example.org",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="out"',
  "",
  "--out",
  "Content-Type: Text/Plain; charset=utf-8; format=flowed",
  "",
  "Hello",
  "--out",
  "Content-Type: application/pdf; name=a.pdf",
  "Content-Disposition: attachment; filename*=utf-8''bulletin%20%C3%A9t%C3%A9.pdf; size=120",
  "X-Scan: clean",
  "",
  "%PDF",
  "--out",
  "Content-Type: message/rfc822",
  "",
  "From: Inner <inner@example.net>",
  "Subject: inner",
  "",
  "text",
  "--out--",
  "",
);
const broken = mailOf("Content-Type: plain", "Content-Disposition: INLINE", "X-Other: a/b; c=d", "", "x");

testTable(
  "header :mime",
  ["mime", "relational", "comparator-i;ascii-numeric", "variables"],
  [
    { test: 'header :mime :type "content-type" "multipart"', want: true, mail: parts },
    { test: 'header :mime :subtype "content-type" "mixed"', want: true, mail: parts },
    { test: 'header :mime :contenttype "content-type" "multipart/mixed"', want: true, mail: parts },
    { test: 'header :mime :param "boundary" "content-type" "out"', want: true, mail: parts },
    { test: 'header :mime :contenttype "content-type" "text/plain"', want: false, mail: parts },
    { test: 'header :mime :anychild :contenttype "content-type" "text/plain"', want: true, mail: parts },
    { test: 'header :mime :anychild :type "content-disposition" "attachment"', want: true, mail: parts },
    { test: 'header :mime :anychild :subtype "content-disposition" ""', want: true, mail: parts },
    {
      test: 'header :mime :anychild :param ["x", "FileName"] "content-disposition" "bulletin été.pdf"',
      want: true,
      mail: parts,
    },
    {
      test: 'header :mime :anychild :param "size" :contains ["content-type", "content-disposition"] "12"',
      want: true,
      mail: parts,
    },
    {
      test: 'header :mime :anychild :param "${p}" "content-type" "flowed"',
      before: 'set "p" "format";',
      want: true,
      mail: parts,
    },
    { test: 'header :mime :anychild "x-scan" "clean"', want: true, mail: parts },
    { test: 'header :mime "x-scan" "clean"', want: false, mail: parts },
    { test: 'header :mime :anychild "subject" "inner"', want: true, mail: parts },
    {
      test: 'header :mime :anychild :count "eq" :comparator "i;ascii-numeric" "content-type" "4"',
      want: true,
      mail: parts,
    },
    { test: 'header :mime :contenttype "content-type" ""', want: true, mail: broken },
    { test: 'header :mime :type "content-type" ""', want: true, mail: broken },
    { test: 'header :mime :type "content-disposition" "inline"', want: true, mail: broken },
    { test: 'header :mime :type "x-other" ""', want: true, mail: broken },
    { test: 'header :mime :param "c" "x-other" "d"', want: true, mail: broken },
    { test: 'header :mime :type "content-type" ""', want: false },
  ],
);

testTable(
  "address and exists :mime",
  ["mime"],
  [
    { test: 'address :mime :anychild "from" "inner@example.net"', want: true, mail: parts },
    { test: 'address :mime "from" "inner@example.net"', want: false, mail: parts },
    { test: 'address :mime :anychild :domain "from" "example.org"', want: true, mail: parts },
    { test: 'exists :mime :anychild ["x-scan", "content-type"]', want: true, mail: parts },
    { test: 'exists :mime "x-scan"', want: false, mail: parts },
    { test: 'exists "x-scan"', want: false, mail: parts },
  ],
);

problemTable("what is wrong with :mime", [
  { script: 'require "mime"; if header :anychild "a" "b" { keep; }', want: ["1:27 error tag-needs-other"] },
  { script: 'require "mime"; if header :type "a" "b" { keep; }', want: ["1:27 error tag-needs-other"] },
  { script: 'require "mime"; if header :mime :type :subtype "a" "b" { keep; }', want: ["1:39 error tags-exclusive"] },
  { script: 'require "mime"; if exists :mime :type "a" { keep; }', want: ["1:33 error unknown-tag"] },
  { script: 'if header :mime "a" "b" { keep; }', want: ["1:11 error tag-needs-require"] },
]);
