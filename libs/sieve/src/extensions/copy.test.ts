// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable } from "../../test/decide.ts";

const head = 'require ["fileinto", "copy"];\n';

scriptTable("copy", [
  { script: `${head}fileinto :copy "A";`, want: ["fileinto A :copy", "implicit keep"] },
  { script: `${head}redirect :copy "a@example.org";`, want: ["redirect a@example.org :copy", "implicit keep"] },
  { script: `${head}fileinto :copy "inbox";`, want: ["fileinto inbox :copy"] },
  { script: `${head}fileinto :copy "A"; discard;`, want: ["fileinto A :copy", "discard"] },
  { script: `${head}fileinto :copy "A"; fileinto "A";`, want: ["fileinto A"] },
  { script: `${head}fileinto "A"; fileinto :copy "A";`, want: ["fileinto A"] },
  {
    script: `${head}fileinto :copy "A"; redirect "a@example.org";`,
    want: ["fileinto A :copy", "redirect a@example.org"],
  },
]);

problemTable("what is wrong with :copy", [
  { script: 'require "copy"; keep :copy;', want: ["1:22 error unknown-tag"] },
  { script: 'require "copy"; redirect :copy :copy "a@b.c";', want: ["1:32 error duplicate-tag"] },
]);
