// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { problemTable, scriptTable, testTable } from "../../test/decide.ts";

const head = 'require ["comparator-i;unicode-casemap", "variables", "regex", "fileinto"];\n';
const by = ':comparator "i;unicode-casemap"';

testTable(
  "i;unicode-casemap",
  ["comparator-i;unicode-casemap", "variables", "relational", "regex"],
  [
    { test: `string ${by} "ÉTÉ" "été"`, want: true },
    { test: `string ${by} "e\u0301te\u0301" "ÉTÉ"`, want: true },
    { test: `string ${by} :contains "Préfecture" "PRÉF"`, want: true },
    { test: `string ${by} :matches "L'Élève sage" "*élève*"`, want: true },
    { test: `string ${by} "ﬁn" "FIN"`, want: false },
    { test: `string ${by} "Straße" "STRASSE"`, want: false },
    { test: `string ${by} "ǆ" "Ǆ"`, want: true },
    { test: `string ${by} "ᾳ" "ᾼ"`, want: true },
    { test: `string ${by} "μ" "µ"`, want: true },
    { test: `string ${by} "ДОМ" "дом"`, want: true },
    { test: `string ${by} :value "lt" "a" "É"`, want: true },
    { test: `string ${by} :regex "Un ÉTÉ" "^un été$"`, want: true },
    { test: 'string "ÉTÉ" "été"', want: false },
  ],
);

scriptTable("match variables", [
  {
    script: `require ["comparator-i;unicode-casemap", "variables", "fileinto"]; if string ${by} :matches "le lundi" "LE *" { fileinto "\${1}"; }`,
    want: ["fileinto lundi"],
  },
  ...[
    { test: ':matches "Réunion de rentrée" "réunion *"', want: "de rentrée-" },
    { test: ':matches "ﬁn Île ﬂot" "* île *"', want: "ﬁn-ﬂot" },
    { test: ':matches "Réu" "re*"', want: "u-" },
    { test: ':regex "Réunion à Voiron 😀" "^réunion à ([[:alpha:]]+) (.)$"', want: "Voiron-😀" },
  ].map(({ test, want }) => ({
    script: `${head}if string ${by} ${test} { fileinto "\${1}-\${2}"; }`,
    want: [`fileinto ${want}`],
  })),
]);

problemTable("without require", [
  { script: `if header ${by} "a" "b" { keep; }`, want: ["1:23 error comparator-needs-require"] },
]);
