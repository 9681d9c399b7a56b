import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault, imapsieveSection, loadSettings } from "@tamis/kit";
import { HEAD, loaded } from "../test/plain-world.ts";
import { openEventRules } from "./event-rules.ts";
import { scriptFile } from "./organisation-script.ts";

const folder = mkdtempSync(join(tmpdir(), "event-rules-"));
after(() => rmSync(folder, { recursive: true }));

function settingsOf(folders: string) {
  const path = join(folder, "tamis.yaml");
  writeFileSync(path, `imapsieve: { folders: [${folders}] }\n`);
  return loadSettings(path, { imapsieve: imapsieveSection(scriptFile("a script", true)) }).imapsieve;
}

/** What is run of an account's folder: `layer name`, and which annotations were asked for. */
async function rulesFor(folders: string, watched: string, annotations: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const rules = openEventRules({
    settings: settingsOf(folders),
    clock: () => 0,
    onUnusable: () => assert.fail("no script is at fault"),
    scripts: { stored: async (name) => (name === "mine" ? { ...loaded("keep;"), name } : null) },
    asker: {
      metadata: async (_, entries) =>
        entries.map(({ mailbox, entry }) => {
          asked.push(`${mailbox ?? "server"} ${entry}`);
          return annotations[mailbox ?? "server"] ?? null;
        }),
    },
  });
  const place = { id: "0a0b0c0d", name: "Spam", uidValidity: 9 };
  const { script, scripts } = await rules({
    ...HEAD,
    purpose: "event",
    folder: place,
    watched: { folder: watched, user: "anna" },
  });
  return { asked, runs: scripts.map(({ layer }) => `${layer} ${script?.name}`) };
}

describe("the script that runs on IMAP events", () => {
  writeFileSync(join(folder, "junk.sieve"), 'require "imapsieve"; keep;');
  for (const { name, folders, annotations, want } of [
    { name: "a file of the organisation's", folders: "{ folder: J, script: junk.sieve }", want: ["before junk.sieve"] },
    { name: "one that the owner stored", folders: "{ folder: J, owner_script: mine }", want: ["user mine"] },
    { name: "one that the owner has not", folders: "{ folder: J, owner_script: other }", want: [] },
    { name: "a folder that is not watched", folders: "{ folder: K, owner_script: mine }", want: [] },
    {
      name: "a folder that is watched for others",
      folders: "{ folder: J, owner_script: mine, accounts: [ben@example.org] }",
      want: [],
    },
    {
      name: "the first entry that is for the account",
      folders:
        "{ folder: J, script: junk.sieve, accounts: [ben@example.org] }, { folder: J, owner_script: mine, accounts: [Anna@example.org] }, { folder: J, script: junk.sieve }",
      want: ["user mine"],
    },
    {
      name: "the folder's annotation",
      folders: "{ folder: J, metadata: true }",
      annotations: { Spam: "mine", server: "other" },
      want: ["user mine"],
    },
    {
      name: "the server's",
      folders: "{ folder: J, metadata: true }",
      annotations: { server: "mine" },
      want: ["user mine"],
    },
    {
      name: "an empty one of the folder's is none, whatever the server's",
      folders: "{ folder: J, metadata: true }",
      annotations: { Spam: "", server: "mine" },
      want: [],
    },
    { name: "no annotation", folders: "{ folder: J, metadata: true }", want: [] },
  ])
    it(name, async () => assert.deepEqual((await rulesFor(folders, "J", annotations)).runs, want));

  it("asks for annotations where they are to count alone", async () => {
    const { asked } = await rulesFor("{ folder: J, metadata: true }", "J");
    assert.deepEqual(asked, ["Spam /shared/imapsieve/script", "server /shared/imapsieve/script"]);
    assert.deepEqual((await rulesFor("{ folder: J, owner_script: mine }", "J")).asked, []);
  });

  for (const { name, folders, problem } of [
    { name: "INBOX", folders: "{ folder: inbox, owner_script: a }", problem: /is where mail comes/ },
    { name: "two scripts", folders: "{ folder: A, owner_script: a, metadata: true }", problem: /one script is run/ },
    { name: "no script", folders: "{ folder: A }", problem: /one script is run/ },
  ])
    it(`refuses ${name}`, () =>
      assert.throws(
        () => settingsOf(folders),
        (error) => error instanceof ConfigFault && problem.test(JSON.stringify(error.faults)),
      ));

  it("refuses a script that answers a delivery, at its place", () => {
    writeFileSync(join(folder, "bad.sieve"), 'require "fileinto";\nrequire "vacation"; vacation "a";');
    assert.throws(
      () => settingsOf("{ folder: A, script: bad.sieve }"),
      (error) => error instanceof ConfigFault && /bad\.sieve:2:9: .*vacation/.test(error.faults[0]?.problem ?? ""),
    );
  });
});
