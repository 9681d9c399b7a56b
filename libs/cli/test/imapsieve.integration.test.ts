import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { QUICK_LEASE, RunningSystem } from "./running-system.ts";

const ANNA = "anna@example.org";
const MAILS = 30;

const mail = (id: string): string =>
  `From: Bob <bob@example.net>\r\nTo: ${ANNA}\r\nSubject: x\r\nMessage-ID: <${id}@example.net>\r\n\r\nhello ${id}\r\n`;

/** Of the organisation's: what its owner takes for spam is marked, and a copy goes to those who learn from it. */
const JUNK = `require ["imapsieve", "environment", "fileinto", "copy", "mailbox", "imap4flags"];
if environment :is "imap.cause" "COPY" {
  addflag "$Learnt";
  fileinto :copy :create "Learn";
}
`;

/** Of the owner's: what gets a star moves on, and what is dropped there is marked as read. */
const STARRED = `require ["imapsieve", "environment", "fileinto", "mailbox", "imap4flags"];
if allof (environment :contains "imap.changedflags" "\\\\Flagged", hasflag "\\\\Flagged") { fileinto :create "Starred"; }
elsif environment "imap.cause" "APPEND" { setflag "\\\\Seen"; }
`;

const SECTIONS = `imapsieve:
  folders:
    - { folder: "\\\\Junk", script: junk.sieve }
    - { folder: Work, owner_script: starred, causes: [APPEND, COPY, FLAG] }
mailbox: { republish_seconds: 2, ${QUICK_LEASE} }
`;

describe("scripts that run on IMAP events, with everything running", { timeout: 240_000 }, () => {
  const system = new RunningSystem(ANNA, SECTIONS);
  const list = async () =>
    (await system.dovecot.listAll(ANNA)).map(({ folder, messageId, flags }) => ({
      place: `${folder}: ${messageId.replace(/^<|@.*$/g, "")}`,
      flags: flags.filter((flag) => flag !== "\\Recent").sort(),
    }));
  const places = async (): Promise<readonly string[]> => (await list()).map(({ place }) => place).sort();

  before(async () => {
    await system.start(async (dovecot) => {
      system.site.write("junk.sieve", JUNK);
      await dovecot.createFolder(ANNA, "Work");
      await dovecot.appendFast(ANNA, [mail("old")], { folder: "Work" });
    });
    const put = await system.site.tamis(["scripts", "put", "starred", "-", "--account", ANNA], { stdin: STARRED });
    assert.equal(put.code, 0, put.err);
  });
  after(() => system.stop());

  it("the owner's own script: a mail dropped there, then a star", async () => {
    await system.dovecot.appendFast(ANNA, [mail("dropped")], { folder: "Work" });
    await waitFor(
      async () => (await list()).some(({ place, flags }) => place === "Work: dropped" && flags[0] === "\\Seen"),
      {
        timeoutMs: 30_000,
        describe: "the dropped mail is read",
      },
    );
    const client = await system.dovecot.imap(ANNA);
    await client.mailboxOpen("Work");
    await client.messageFlagsAdd({ header: { "message-id": "<old@example.net>" } }, ["\\Flagged"]);
    await client.logout();
    await waitFor(async () => (await places()).includes("Starred: old"), { timeoutMs: 30_000, describe: "the move" });
    assert.deepEqual(await places(), ["Starred: old", "Work: dropped"]);
  });

  it(`${MAILS} mails moved to Junk by their owner, mailbox killed with -9 among them: each is learnt once`, async () => {
    for (let i = 0; i < MAILS; i++) await system.dovecot.deliver(ANNA, mail(`m${i}`));
    const settled = async (): Promise<number> =>
      JSON.parse((await system.site.tamis(["status", "--json"])).out).instances[0]?.settled;
    await waitFor(async () => (await settled()) >= MAILS, { timeoutMs: 30_000, describe: "all came" });
    const client = await system.dovecot.imap(ANNA);
    await client.mailboxOpen("INBOX");
    for (let i = 0; i < MAILS; i++) {
      await client.messageMove({ header: { "message-id": `<m${i}@example.net>` } }, "Junk");
      if (i === MAILS / 3 || i === (2 * MAILS) / 3) await system.killService("mailbox");
    }
    await client.logout();
    const inFolder = async (folder: string) => (await places()).filter((place) => place.startsWith(`${folder}: m`));
    await waitFor(async () => (await inFolder("Learn")).length >= MAILS, {
      timeoutMs: 90_000,
      describe: "all are learnt",
    });
    await waitFor(async () => (await list()).filter(({ flags }) => flags.includes("$Learnt")).length >= MAILS, {
      timeoutMs: 30_000,
      describe: "all are marked",
    });
    const all = Array.from({ length: MAILS }, (_, i) => `m${i}`).sort();
    assert.deepEqual(
      await inFolder("Learn"),
      all.map((id) => `Learn: ${id}`),
    );
    assert.deepEqual(
      await inFolder("Junk"),
      all.map((id) => `Junk: ${id}`),
    );
  });

  it("doctor finds nothing to mend", async () => {
    const run = await system.site.tamis(["doctor"]);
    assert.equal(run.code, 0, run.out);
    assert.match(run.out, /2 folders are watched/);
  });
});
