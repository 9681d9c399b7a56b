// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { plainFacts, problemTable, scriptTable, testTable } from "../../test/decide.ts";

const envelope = {
  ...plainFacts.envelope,
  notify: ["SUCCESS", "DELAY"],
  orcpt: "rfc822;me@example.com",
  ret: "HDRS",
  envid: "a b",
  deliverBy: { secondsLeft: -90, mode: "return", trace: true },
} as const;
const facts = { envelope };
const numeric = ["relational", "comparator-i;ascii-numeric"];

testTable(
  "envelope-dsn",
  ["envelope", "envelope-dsn", "variables", ...numeric],
  [
    { test: 'envelope "notify" "success"', facts, want: true },
    { test: 'envelope "NOTIFY" "FAILURE"', facts, want: false },
    { test: 'envelope :count "eq" :comparator "i;ascii-numeric" "notify" "2"', facts, want: true },
    { test: 'envelope :count "eq" :comparator "i;ascii-numeric" ["notify", "ret"] "0"', want: true },
    { test: 'envelope :matches "orcpt" "rfc822;*@example.com"', facts, want: true },
    { test: 'envelope "ret" "hdrs"', facts, want: true },
    { test: 'envelope "envid" "a b"', facts, want: true },
    { test: 'envelope ["ret", "from"] "sender@example.org"', facts, want: true },
    { test: 'envelope "${p}" "a b"', before: 'set "p" "EnvId";', facts, want: true },
    { test: 'envelope :contains "notify" ""', want: false },
  ],
);

testTable(
  "envelope-deliverby",
  ["envelope", "envelope-deliverby", ...numeric],
  [
    { test: 'envelope "bytimerelative" "-90"', facts, want: true },
    { test: 'envelope :zone "+0000" "bytimeabsolute" "2024-02-29T23:28:45Z"', facts, want: true },
    { test: 'envelope :zone "-0530" "bytimeabsolute" "2024-02-29T17:58:45-05:30"', facts, want: true },
    { test: 'envelope "bytimeabsolute" "2024-03-01T00:28:45+01:00"', facts, want: true },
    { test: 'envelope "bymode" "return"', facts, want: true },
    { test: 'envelope "bytrace" "trace"', facts, want: true },
    {
      test: 'envelope "bytrace" ""',
      facts: { envelope: { deliverBy: { secondsLeft: 1, mode: "notify", trace: false } } },
      want: true,
    },
    { test: 'envelope "bytrace" ""', want: false },
  ],
);

const head = 'require ["redirect-dsn", "redirect-deliverby", "copy", "variables"];\n';

scriptTable("redirect", [
  {
    script: `${head} redirect :notify "Never" :ret "full" "a@example.org";`,
    want: ['redirect :notify "NEVER" :ret "FULL" "a@example.org"'],
  },
  {
    script: `${head} redirect :copy :notify "success,DELAY,success" "a@example.org";`,
    want: ['redirect :copy :notify "SUCCESS,DELAY" "a@example.org"', "implicit keep"],
  },
  {
    script: `${head} redirect :bytimerelative 600 "a@example.org";`,
    want: ['redirect :bytimeabsolute "2024-02-29T23:40:15.000Z" :bymode "return" "a@example.org"'],
  },
  {
    script: `${head} set "d" "2024-03-01"; redirect :bymode "notify" :bytrace :bytimeabsolute "\${d}T08:00:00+0100" "a@example.org";`,
    want: ['redirect :bytimeabsolute "2024-03-01T07:00:00.000Z" :bymode "notify" :bytrace "a@example.org"'],
  },
  {
    script: `${head} redirect :bytimeabsolute "\${d}" "a@example.org";`,
    want: ["error bad-deliver-time line 2", "implicit keep"],
  },
]);

problemTable("what is wrong", [
  {
    script: 'require ["envelope", "envelope-dsn"]; if envelope :domain "orcpt" "a" { keep; }',
    want: ["1:59 error part-has-no-address"],
  },
  { script: 'require "envelope"; if envelope "orcpt" "a" { keep; }', want: ["1:33 error envelope-part-needs-require"] },
  { script: 'require "redirect-dsn"; redirect :notify "never,delay" "a@b.c";', want: ["1:42 error bad-dsn-notify"] },
  { script: 'require "redirect-dsn"; redirect :ret "all" "a@b.c";', want: ["1:39 error tag-value-unknown"] },
  { script: 'require "redirect-deliverby"; redirect :bytrace "a@b.c";', want: ["1:40 error tag-needs-other"] },
  {
    script: 'require "redirect-deliverby"; redirect :bytimeabsolute "tomorrow" "a@b.c";',
    want: ["1:56 error bad-deliver-time"],
  },
  {
    script: 'require "redirect-deliverby"; redirect :bytimerelative 1 :bymode "x" "a@b.c";',
    want: ["1:66 error tag-value-unknown"],
  },
  {
    script: 'require "redirect-deliverby"; redirect :bytimerelative 1 :bytimeabsolute "2024-03-01T08:00:00Z" "a@b.c";',
    want: ["1:74 error tags-exclusive"],
  },
]);
