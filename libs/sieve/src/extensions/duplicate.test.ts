// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, problemTable, scriptTable, testTable } from "../../test/decide.ts";

const mail = mailOf("Message-ID: <1@example.org>", "X-Event: 42", "X-Empty:", "", "");
const known = (seen: boolean, key = '["","<1@example.org>"]') => ({ duplicates: new Map([[key, seen]]) });

scriptTable("duplicate", [
  { script: 'require "duplicate"; if duplicate { discard; }', mail, want: ['need duplicate ["","<1@example.org>"]'] },
  {
    script: 'require "duplicate"; if duplicate { discard; }',
    mail,
    facts: known(false),
    want: ['remember "[\\"\\",\\"<1@example.org>\\"]" for 43200 s', "implicit keep"],
  },
  { script: 'require "duplicate"; if duplicate { discard; }', mail, facts: known(true), want: ["discard"] },
  {
    script: 'require "duplicate"; if duplicate :last { discard; }',
    mail,
    facts: known(true),
    want: ['remember "[\\"\\",\\"<1@example.org>\\"]" for 43200 s', "discard"],
  },
  {
    script: 'require "duplicate"; if duplicate :seconds 60 { } if duplicate :seconds 90 { }',
    mail,
    facts: known(false),
    want: ['remember "[\\"\\",\\"<1@example.org>\\"]" for 90 s', "implicit keep"],
  },
  {
    script: 'require "duplicate"; if duplicate { discard; }',
    mail: mailOf("Subject: x", "", ""),
    want: ["implicit keep"],
  },
  { script: 'require "duplicate"; if duplicate :header "x-empty" { discard; }', mail, want: ["implicit keep"] },
  {
    script: 'require "vnd.dovecot.duplicate"; if duplicate :value "v" { discard; }',
    facts: known(true, '["","v"]'),
    want: ["discard"],
  },
]);

testTable(
  "what duplicate looks at",
  ["duplicate", "variables"],
  [
    { test: 'duplicate :header "x-event"', mail, want: true, facts: known(true, '["","42"]') },
    { test: 'duplicate :uniqueid "42"', mail, want: true, facts: known(true, '["","42"]') },
    { test: 'duplicate :handle "h" :uniqueid "42"', mail, want: 'need duplicate ["h","42"]' },
    {
      test: 'duplicate :uniqueid "${a}-x"',
      before: 'set "a" "1";',
      mail,
      want: true,
      facts: known(true, '["","1-x"]'),
    },
  ],
);

problemTable("what is wrong with duplicate", [
  { script: "if duplicate { }", want: ["1:4 error needs-require"] },
  {
    script: 'require "duplicate"; if duplicate :header "a" :uniqueid "b" { }',
    want: ["1:25 error tags-exclusive"],
  },
  { script: 'require "duplicate"; if duplicate :header "a b" { }', want: ["1:43 error field-cannot-be"] },
  { script: 'require "duplicate"; if duplicate :value "b" { }', want: ["1:42 error only-in-dialect"] },
  { script: 'require "vnd.dovecot.duplicate"; if duplicate { }', want: ["1:9 warning capability-outdated"] },
]);
