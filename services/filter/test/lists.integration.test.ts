import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { StartedService } from "@tamis/kit";
import { waitFor } from "@tamis/testkit";
import { World } from "./nats-world.ts";

const TEAM = "tag:example.org,2026:team";
const FILTER =
  `, lists: [{ name: "${TEAM}", file: ./team.csv, column: address }, { name: ":addrbook:default", folder: ./books }]` +
  ", organisation: { global_scripts: ./global }";

const SCRIPT = `require ["extlists", "fileinto", "include", "copy"];
include :global "school";
if address :list "from" ":addrbook:default" { fileinto "Friends"; stop; }
if header :contains "subject" "for all" { redirect :list "${TEAM}"; stop; }
`;

const mail = (from: string, subject: string): string =>
  [`From: ${from}`, `Date: ${new Date().toUTCString()}`, `Subject: ${subject}`, "", "Hello"].join("\n");

describe("lists and global scripts, over NATS", { timeout: 120_000 }, () => {
  const world = new World();
  let filter: StartedService | undefined;
  const path = (name: string): string => join(world.dir.path, name);
  /** As an operator's export does it: beside the file, then in its place. */
  const replace = (name: string, text: string): void => {
    writeFileSync(path(`${name}.new`), text, { mode: 0o644 });
    renameSync(path(`${name}.new`), path(name));
  };
  const receive = async (text: string) => (await world.receive("anna", [{ text }]))[0];
  /** Files are looked at every two seconds: what changed shows with one of the next mails. */
  const comesTo = (text: string, folder: string) =>
    waitFor(async () => (await world.destinationOf(await receive(text))) === folder, { describe: `mail in ${folder}` });

  before(async () => {
    for (const folder of ["books", "global"]) mkdirSync(path(folder), { mode: 0o755 });
    const files = { "team.csv": "name;address\nCarl;carl@x.org\nDora;dora@x.org\nAnna;anna@example.org\n" };
    replace("global/school.sieve", 'require "fileinto"; if header "subject" "school" { fileinto "School"; }');
    await world.open({ filter: FILTER, more: "outbox: {}\n", files });
    filter = await world.start();
    await world.attend("anna");
    await world.activate("anna", SCRIPT, "v1");
    await world.outbox();
  });

  after(async () => {
    await filter?.stop();
    await world.close();
  });

  it("redirects to the members of a list, and leaves the owner hers", async () => {
    const uid = await receive(mail("bob@example.net", "for all"));
    assert.equal(await world.destinationOf(uid), "stay");
    const [submission] = world.submissions.filter(({ mailId }) => mailId.endsWith(`/${uid}`));
    assert.deepEqual(
      submission?.sendings.map(({ to }) => to),
      [["carl@x.org"], ["dora@x.org"]],
    );
  });

  it("knows each account's own list, and what is written there later", async () => {
    assert.equal(await world.destinationOf(await receive(mail("bob@example.net", "x"))), "stay");
    replace("books/anna@example.org", "Bob@Example.net\n");
    await comesTo(mail("bob@example.net", "x"), "Friends");
  });

  it("lets mail wait while a list is away, and goes on with what is there then", async () => {
    renameSync(path("books"), path("books.away"));
    const away = mail("bob@example.net", "x");
    // What was read before is good for two seconds.
    const waiting: (number | undefined)[] = [];
    await waitFor(
      async () => {
        const uid = await receive(away);
        const decided = await world.destinationOf(uid, 1_000).catch(() => null);
        if (decided === null) waiting.push(uid);
        return decided === null;
      },
      { describe: "a mail that waits" },
    );
    renameSync(path("books.away"), path("books"));
    assert.equal(await world.destinationOf(waiting[0]), "Friends");
  });

  it("runs the global script as it is now, and tells which there are where it went", async () => {
    await comesTo(mail("eve@x.org", "school"), "School");
    replace("global/school.sieve", 'require "fileinto"; if header "subject" "school" { fileinto "Classes"; }');
    await comesTo(mail("eve@x.org", "school"), "Classes");
    renameSync(path("global/school.sieve"), path("global/classes.sieve"));
    await comesTo(mail("eve@x.org", "school"), "stay");
    const uid = await receive(mail("eve@x.org", "school"));
    assert.match((await world.factOf(uid)).error ?? "", /no global script called “school” \(there are: classes\)/);
  });
});
