// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { testTable } from "../../test/decide.ts";

const facts = {
  environment: new Map([
    ["host", "mx.example.org"],
    ["remote-ip", "192.0.2.1"],
  ]),
};

testTable(
  "environment",
  ["environment", "variables", "relational", "comparator-i;ascii-numeric"],
  [
    { test: 'environment "name" "Tamis"', want: true },
    { test: 'environment :is "location" "MS"', want: true },
    { test: 'environment "phase" "post"', want: true },
    { test: 'environment :matches "host" "mx.*"', want: true, facts },
    { test: 'environment "HOST" "mx.example.org"', want: true, facts },
    { test: 'environment :contains "host" ""', want: false },
    { test: 'environment :contains "no-such-item" ""', want: false, facts },
    { test: 'environment :is "${item}" "192.0.2.1"', before: 'set "item" "remote-ip";', want: true, facts },
    { test: 'environment :count "eq" :comparator "i;ascii-numeric" "domain" "0"', want: false, facts },
    { test: 'environment :count "eq" :comparator "i;ascii-numeric" "host" "1"', want: true, facts },
    { test: 'environment :count "eq" :comparator "i;ascii-numeric" "imap.user" "0"', want: true, facts },
    { test: 'environment "imap.user" ""', want: true, facts },
  ],
);
