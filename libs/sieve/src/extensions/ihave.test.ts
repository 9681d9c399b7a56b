// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable } from "../../test/decide.ts";

scriptTable("ihave", [
  { script: 'require "ihave"; if ihave "fileinto" { fileinto "A"; } else { discard; }', want: ["fileinto A"] },
  { script: 'require "ihave"; if ihave "x-none" { frobnicate :all "A"; } else { discard; }', want: ["discard"] },
  {
    script:
      'require "ihave"; if ihave ["fileinto", "x-none"] { discard; } elsif ihave "copy" { redirect :copy "a@b.c"; }',
    want: ["redirect a@b.c :copy", "implicit keep"],
  },
  { script: 'require "ihave"; if not ihave "fileinto" { frobnicate; } fileinto "A";', want: ["fileinto A"] },
  {
    script: 'require "ihave"; if allof (ihave "envelope", envelope "from" "sender@example.org") { discard; }',
    want: ["discard"],
  },
  { script: 'require "ihave"; if allof (ihave "x-none", frob "from" "x") { discard; }', want: ["implicit keep"] },
  { script: 'require "ihave"; if not ihave "x-none" { stop; } frobnicate;', want: ["implicit keep"] },
  {
    script: 'require "ihave"; if ihave ["variables", "fileinto"] { set "a" "b"; fileinto "${a}"; }',
    want: ["fileinto b"],
  },
]);

scriptTable("error", [
  { script: 'require "ihave"; discard;\nerror "no way";', want: ["error script-error line 2", "implicit keep"] },
  {
    script: 'require "ihave";\nif not ihave "x-none" { error "needs x"; }',
    want: ["error script-error line 2", "implicit keep"],
  },
  {
    script: 'require "ihave"; if ihave "x-none" { keep; } elsif exists "nothing" { error "x"; } else { discard; }',
    want: ["discard"],
  },
]);

problemTable("what is wrong with ihave", [
  { script: 'if ihave "fileinto" { keep; }', want: ["1:4 error needs-require"] },
  { script: 'require ["ihave", "variables"]; if ihave "${x}" { keep; }', want: ["1:42 error variable-not-allowed"] },
  { script: 'require "ihave"; if ihave "x-none" { keep; } frobnicate;', want: ["1:46 error unknown-command"] },
  { script: 'require "ihave"; if ihave "x-none" { frob; } else { frob; }', want: ["1:53 error unknown-command"] },
  { script: 'require "ihave"; if false { frob; } keep;', want: ["1:29 error unknown-command"] },
  { script: 'require "ihave"; if anyof (true, frob "x") { keep; }', want: ["1:34 error unknown-test"] },
  { script: 'require "ihave"; if ihave "copy" { stop; } elsif frob { frob; } frob;', want: [] },
  { script: 'require "ihave"; error "x"; keep;', want: ["1:29 warning unreachable"] },
]);
