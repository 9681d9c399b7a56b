import { scriptTable } from "../../test/decide.ts";

const envelope = { from: "alice@example.org", to: "bob@example.net" };

scriptTable("ereject", [
  { script: 'require "ereject"; ereject "no";', facts: { envelope }, want: ['ereject to "alice@example.org"'] },
  { script: 'require "ereject"; ereject "no"; ereject "no";', want: ["error action-conflict line 1", "implicit keep"] },
]);
