// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable } from "../../test/decide.ts";

const head = 'require "fileinto";\n';

scriptTable("if, elsif, else", [
  {
    script: `${head}if false { fileinto "a"; } elsif true { fileinto "b"; } else { fileinto "c"; }`,
    want: ["fileinto b"],
  },
  {
    script: `${head}if false { fileinto "a"; } elsif false { fileinto "b"; } else { fileinto "c"; }`,
    want: ["fileinto c"],
  },
  { script: `${head}if true { fileinto "a"; } elsif true { fileinto "b"; }`, want: ["fileinto a"] },
  {
    script: `${head}if exists "from" { if exists "none" { fileinto "a"; } else { fileinto "b"; } } fileinto "c";`,
    want: ["fileinto b", "fileinto c"],
  },
  { script: "if true { }", want: ["implicit keep"] },
  { script: "IF TRUE { DISCARD; }", want: ["discard"] },
]);

scriptTable("stop", [
  { script: "stop;", want: ["implicit keep"] },
  { script: `${head}if true { fileinto "a"; stop; } fileinto "b";`, want: ["fileinto a"] },
  { script: `${head}if exists "from" { if exists "to" { stop; } } fileinto "b";`, want: ["implicit keep"] },
]);

scriptTable("an empty script keeps", [
  { script: "", want: ["implicit keep"] },
  { script: "# nothing\n/* at\nall */\r\n", want: ["implicit keep"] },
]);

problemTable("what is wrong with control commands", [
  { script: 'keep;\nrequire "fileinto";', want: ["2:1 error require-too-late"] },
  { script: 'require "fileinto";\nrequire ["copy", "body"];\nkeep;', want: [] },
  { script: 'if true { require "fileinto"; }', want: ["1:11 error require-too-late"] },
  {
    script: 'require ["fileinto", "nope", "vnd.dovecot.config"];',
    want: ["1:22 error unknown-capability", "1:30 error capability-not-here"],
  },
  {
    script: 'require "body"; require "copy";',
    want: ["1:9 error capability-not-offered"],
    options: { capabilities: ["copy"] },
  },
  {
    script: 'require ["body", "vacation", "duplicate"]; if body "x" { vacation :days 3 "y"; } if duplicate { frob; }',
    options: { capabilities: [] },
    want: [
      "1:10 error capability-not-offered",
      "1:18 error capability-not-offered",
      "1:30 error capability-not-offered",
      "1:97 error unknown-command",
    ],
  },
  { script: "require;", want: ["1:1 error missing-argument"] },
  { script: 'require ["a", 1];', want: ["1:10 error unknown-capability", "1:15 error list-of-strings"] },
  { script: 'require "Fileinto";', want: ["1:9 error unknown-capability"] },
  { script: "elsif true { keep; }", want: ["1:1 error branch-without-if"] },
  {
    script: "if true { keep; } else { keep; } else { keep; }",
    want: ["1:19 warning unreachable", "1:34 error branch-without-if"],
  },
  { script: "if true { keep; } keep; else { keep; }", want: ["1:25 error branch-without-if"] },
  {
    script: "if true { keep; } else true { keep; }",
    want: ["1:19 error else-takes-no-test", "1:19 warning unreachable"],
  },
  { script: "if true { keep; } else if true { keep; }", want: ["1:19 warning unreachable", "1:24 error else-if"] },
  { script: "if { keep; }", want: ["1:1 error missing-test"] },
  { script: "if true keep;", want: ["1:8 error missing-block"] },
  { script: "if true { keep; ", want: ["1:9 error missing-brace"] },
  { script: "keep; }", want: ["1:7 error unmatched-brace"] },
  { script: "keep { stop; }", want: ["1:1 error unexpected-block"] },
  { script: "stop; keep; frob;", want: ["1:7 warning unreachable", "1:13 error unknown-command"] },
  { script: 'if exists "a" { stop; } else { stop; } keep; discard;', want: ["1:40 warning unreachable"] },
  { script: 'if exists "a" { stop; } elsif exists "b" { stop; } keep;', want: [] },
  { script: "if true { stop; } else { keep; } keep;", want: ["1:19 warning unreachable", "1:34 warning unreachable"] },
  { script: "stop; keep;", want: ["1:7 warning unreachable"] },
  { script: 'if exists "a" { stop; discard; }', want: ["1:23 warning unreachable"] },
  { script: 'header "a" "b";', want: ["1:1 error test-as-command"] },
  { script: "keep true;", want: ["1:6 error unexpected-test"] },
  { script: ";", want: ["1:1 error empty-command"] },
  { script: '"keep";', want: ["1:1 error expected-command"] },
  { script: "keep\nstop;", want: ["1:5 error missing-semicolon"] },
  { script: 'if exists "a" { keep }', want: ["1:21 error missing-semicolon"] },
]);
