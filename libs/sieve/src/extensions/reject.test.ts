import { mailOf, problemTable, scriptTable } from "../../test/decide.ts";

const head = 'require ["reject", "ereject", "fileinto", "vacation", "copy"];\n';
const envelope = { from: "alice@example.org", to: "bob@example.net" };
const conflict = ["error action-conflict line 2", "implicit keep"];

scriptTable("reject", [
  { script: `${head}reject "no";`, facts: { envelope }, want: ['reject to "alice@example.org"'] },
  { script: `${head}discard; reject "no";`, facts: { envelope }, want: ["discard", 'reject to "alice@example.org"'] },
  { script: `${head}reject "no"; keep;`, want: conflict },
  { script: `${head}keep; reject "no";`, want: conflict },
  { script: `${head}fileinto :copy "x"; reject "no";`, want: conflict },
  { script: `${head}reject "no"; redirect "a@b.c";`, want: conflict },
  { script: `${head}reject "no"; vacation "a";`, want: conflict },
  { script: `${head}reject "no"; ereject "no";`, want: conflict },
]);

scriptTable("who is not told", [
  { script: `${head}reject "no";`, facts: { envelope: { from: null } }, want: ["reject (not sent: sender-null)"] },
  { script: `${head}reject "no";`, facts: { envelope: {} }, want: ["reject (not sent: sender-unknown)"] },
  {
    script: `${head}reject "no";`,
    facts: { envelope: { from: "bob@example.net", to: "bob@example.net" } },
    want: ["reject (not sent: own)"],
  },
  {
    script: `${head}reject "no";`,
    facts: { envelope: { from: "mailer-daemon@example.org" } },
    want: ["reject (not sent: robot)"],
  },
  {
    script: `${head}reject "no";`,
    facts: { envelope },
    mail: mailOf("List-Id: <l.example.org>", "", ""),
    want: ["reject (not sent: list)"],
  },
  {
    script: `${head}reject "no";`,
    facts: { envelope },
    mail: mailOf("Auto-Submitted: auto-generated", "", ""),
    want: ["reject (not sent: automatic)"],
  },
]);

problemTable("what is wrong with reject", [
  { script: 'reject "no";', want: ["1:1 error needs-require"] },
  { script: 'require "reject"; ereject "no";', want: ["1:19 error needs-require"] },
  { script: 'require "reject"; reject;', want: ["1:19 error missing-argument"] },
]);
