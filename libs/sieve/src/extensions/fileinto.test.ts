// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable } from "../../test/decide.ts";

const head = 'require ["fileinto", "variables"];\n';

scriptTable("fileinto", [
  { script: `${head}fileinto "A/B";`, want: ["fileinto A/B"] },
  { script: `${head}fileinto "Été";`, want: ["fileinto Été"] },
  { script: `${head}fileinto "A"; fileinto "A"; fileinto "B";`, want: ["fileinto A", "fileinto B"] },
  { script: `${head}fileinto "A"; fileinto "a";`, want: ["fileinto A", "fileinto a"] },
  { script: `${head}keep; fileinto "inbox";`, want: ["keep"] },
  { script: `${head}fileinto "INBOX"; keep;`, want: ["keep"] },
  { script: `${head}fileinto "INBOX"; fileinto "Inbox";`, want: ["fileinto INBOX"] },
  { script: `${head}set "x" ""; fileinto "\${x}";`, want: ["error bad-mailbox line 2", "implicit keep"] },
  { script: `${head}set "x" "C"; fileinto "A.\${x}";`, want: ["fileinto A.C"] },
]);

problemTable("what is wrong with fileinto", [
  { script: 'require "fileinto"; fileinto "";', want: ["1:30 error bad-mailbox"] },
  { script: 'require "fileinto"; fileinto "a\tb";', want: ["1:30 error bad-mailbox"] },
  { script: 'require "fileinto"; fileinto ["a", "b"];', want: ["1:30 error wrong-kind"] },
  { script: 'require "fileinto"; fileinto :copy "a";', want: ["1:30 error tag-needs-require"] },
]);
