// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { mailOf, problemTable, testTable } from "../../test/decide.ts";

const mail = mailOf("X-Score: 0042 points", "X-Word: none", "X-Big: 123456789012345678901234567890", "", "");
const numeric = ':comparator "i;ascii-numeric"';

testTable(
  "i;ascii-numeric",
  ["relational", "comparator-i;ascii-numeric"],
  [
    { test: `header :is ${numeric} "x-score" "42"`, want: true, mail },
    { test: `header :is ${numeric} "x-score" "042abc"`, want: true, mail },
    { test: `header :is ${numeric} "x-score" "43"`, want: false, mail },
    { test: `header :is ${numeric} "x-word" "also none"`, want: true, mail },
    { test: `header :value "gt" ${numeric} "x-word" "99999999999999999999"`, want: true, mail },
    { test: `header :value "lt" ${numeric} "x-score" "100"`, want: true, mail },
    { test: `header :value "gt" ${numeric} "x-score" "5"`, want: true, mail },
    { test: `header :value "gt" ${numeric} "x-big" "123456789012345678901234567889"`, want: true, mail },
    { test: `header :value "eq" ${numeric} "x-score" "-42"`, want: false, mail },
  ],
);

problemTable("what is wrong with i;ascii-numeric", [
  {
    script: `require "comparator-i;ascii-numeric"; if header :contains ${numeric} "a" "1" { keep; }`,
    want: ["1:71 error comparator-no-substring"],
  },
  {
    script: `require "comparator-i;ascii-numeric"; if header :matches ${numeric} "a" "1" { keep; }`,
    want: ["1:70 error comparator-no-substring"],
  },
]);
