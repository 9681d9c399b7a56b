// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable } from "../../test/decide.ts";

const head = 'require ["fileinto", "encoded-character"];\n';
const into = (text: string): string => `${head}fileinto "${text}";`;

scriptTable("encoded-character", [
  { script: into("$${hex:40}"), want: ["fileinto $@"] },
  { script: into("${hex: 40 }"), want: ["fileinto @"] },
  { script: into("${HEX: 40}"), want: ["fileinto @"] },
  { script: into("${hex:40"), want: ["fileinto ${hex:40"] },
  { script: into("${hex:400}"), want: ["fileinto ${hex:400}"] },
  { script: into("${hex:4${hex:30}}"), want: ["fileinto ${hex:40}"] },
  { script: into("${unicode:40}"), want: ["fileinto @"] },
  { script: into("${ unicode:40}"), want: ["fileinto ${ unicode:40}"] },
  { script: into("${UNICODE:40}"), want: ["fileinto @"] },
  { script: into("${UnICoDE:0000040}"), want: ["fileinto @"] },
  { script: into("${Unicode:Cool}"), want: ["fileinto ${Unicode:Cool}"] },
  { script: into("${unicode:}"), want: ["fileinto ${unicode:}"] },
  { script: into("${hex: c3 a9}${hex:C3}${hex:A9}"), want: ["fileinto éé"] },
  { script: into("${hex: e9}t"), want: ["fileinto ét"] },
  { script: into("${unicode: e9 20ac 1f600}"), want: ["fileinto é€😀"] },
  { script: 'require "fileinto"; fileinto "${hex:40}";', want: ["fileinto ${hex:40}"] },
  {
    name: "before variables",
    script: 'require ["fileinto", "encoded-character", "variables"]; set "a" "b"; fileinto "${hex:24}{a}";',
    want: ["fileinto b"],
  },
]);

problemTable("what is wrong with encoded characters", [
  { script: into("${unicode:200000}"), want: ["2:10 error bad-character"] },
  { script: into("a${unicode:DF01}"), want: ["2:10 error bad-character"] },
]);
