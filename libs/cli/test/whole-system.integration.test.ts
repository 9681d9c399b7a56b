import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { wakeKeyword } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { QUICK_LEASE, RunningSystem } from "./running-system.ts";

const ANNA = "anna@example.org";
const SCRIPT = `require ["fileinto", "mailbox"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto :create "Lists"; }
`;

const mail = (subject: string): string =>
  `From: Bob <bob@example.net>\r\nTo: ${ANNA}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, "")}@example.net>\r\n\r\nhello\r\n`;

/** The command as an operator uses it, beside real servers and services. */
describe("tamis with everything running", { timeout: 240_000 }, () => {
  const system = new RunningSystem(ANNA, `mailbox: { ${QUICK_LEASE} }`);
  const { site } = system;
  /** How many mails are in each folder. */
  const places = async (): Promise<Readonly<Record<string, number>>> => {
    const counts: Record<string, number> = {};
    for (const { folder } of await system.dovecot.listAll(ANNA)) counts[folder] = (counts[folder] ?? 0) + 1;
    return counts;
  };

  before(() => system.start());
  after(() => system.stop());

  it("scripts put --activate, and a mail is where its rule says", async () => {
    const put = await site.tamis(["scripts", "put", "main", "-", "--activate", "--account", ANNA], { stdin: SCRIPT });
    assert.equal(put.code, 0, put.err);
    await system.dovecot.deliver(ANNA, mail("[info] first"));
    await waitFor(async () => (await places())["Lists"] === 1, { timeoutMs: 30_000 });
  });

  it("log names rule and folder, undo moves the mail back, sort sorts it again", async () => {
    const [entry] = await waitFor(async () => {
      const lines = (await site.tamis(["log", "--account", ANNA, "--json"])).out;
      return lines.includes("moved") ? lines.split("\n").map((line) => JSON.parse(line)) : null;
    });
    assert.deepEqual([entry.decided.rule, entry.applied.result, entry.applied.folder], ["Lists", "moved", "Lists"]);
    const undo = await site.tamis(["undo", entry.mailId]);
    assert.equal(undo.code, 0, undo.err);
    assert.deepEqual(await places(), { INBOX: 1 });

    const dry = await site.tamis(["sort", "--account", ANNA, "--dry-run"]);
    assert.deepEqual([dry.code, dry.err], [0, "mails to sort: 1\nsorted: 1 (1 → Lists)"], dry.out);
    assert.deepEqual(await places(), { INBOX: 1 });
    const sort = await site.tamis(["sort", "--account", ANNA]);
    assert.deepEqual([sort.code, sort.err], [0, "mails to sort: 1\nsorted: 1 (1 moved)"], sort.out);
    assert.deepEqual(await places(), { Lists: 1 });
  });

  it("snooze puts a mail off; it comes back, and log, why and status tell of it", async () => {
    const script = 'require "snooze";\nsnooze :weekdays "0" "08:00";\n';
    const put = await site.tamis(["scripts", "put", "main", "-", "--activate", "--account", ANNA], { stdin: script });
    assert.equal(put.code, 0, put.err);
    await system.dovecot.deliver(ANNA, mail("later"));
    await waitFor(async () => (await places())["Snoozed"] === 1, { timeoutMs: 30_000 });
    const status = JSON.parse((await site.tamis(["status", "--json"])).out);
    assert.equal(new Date(status.instances[0].snooze.nextAt).getDay(), 0);
    await waitFor(async () =>
      /line 2 → snoozed until .*, then INBOX {2}\[moved, until/.test(
        (await site.tamis(["log", "--account", ANNA])).out,
      ),
    );

    const owner = await system.dovecot.imap(ANNA);
    await owner.mailboxOpen("Snoozed");
    await owner.messageFlagsAdd("1:*", [wakeKeyword(1)]);
    await owner.logout();
    await system.killService("mailbox");
    await waitFor(async () => (await places())["INBOX"] === 1, { timeoutMs: 60_000 });
    const why = async (): Promise<string> =>
      (await site.tamis(["why", "--account", ANNA, "--message-id", "later@example.net"])).out;
    await waitFor(async () => /snoozed in Snoozed until .*[\s\S]*woken, due 1970.*: moved to INBOX/.test(await why()), {
      timeoutMs: 30_000,
      describe: await why(),
    });
    assert.deepEqual(await places(), { INBOX: 1, Lists: 1 });
  });

  it("doctor finds nothing to mend", async () => {
    const run = await site.tamis(["doctor"]);
    assert.equal(run.code, 0, run.out);
  });
});
