import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type MailboxAnswer, type MailboxAsk, outgoingObjects } from "@tamis/contracts";
import { accountIdOf } from "@tamis/kit";
import { AccountRig } from "./account-rig.ts";
import { once } from "./fake-faults.ts";
import { mail, moveTo, Pipeline } from "./pipeline.ts";

type FileCopy = Extract<MailboxAsk, { op: "file-copy" }>;

const REPLY = mail("Re: x", "tamis.vacation.0123456789abcdef");
const ask = (more: Partial<FileCopy> = {}): FileCopy => ({
  op: "file-copy",
  accountId: "ada",
  mailbox: "Sent",
  create: false,
  flags: ["\\Seen"],
  messageId: "<tamis.vacation.0123456789abcdef@ac.test>",
  date: Date.now(),
  object: "copy-ada-1",
  ...more,
});

/** An account with the folder Sent, and the octets of a reply in the bucket. */
async function rigWithReply(): Promise<AccountRig> {
  const rig = await AccountRig.atRest({ prepare: (imap) => void imap.addFolder("Sent") });
  rig.objects.set("copy-ada-1", Buffer.from(REPLY));
  return rig;
}

const DONE: MailboxAnswer = { kind: "done", mails: 1 };
const COPY = "tamis.vacation.0123456789abcdef";

describe("file-copy: a copy of what was sent (RFC 8580)", () => {
  it("is stored once, with its flags and its date, however often it is asked", async () => {
    await using rig = await rigWithReply();
    const date = Date.now() - 3_600_000;
    for (let i = 0; i < 2; i++) assert.deepEqual(await rig.ask(ask({ date })), DONE);
    const [copy, ...more] = rig.imap.folder("Sent").mails;
    assert.deepEqual(more, []);
    assert.deepEqual([...(copy?.flags ?? [])], ["\\Seen"]);
    assert.equal(copy?.internalDate, Math.floor(date / 1000) * 1000);
    assert.equal(copy?.raw.toString(), REPLY);
  });

  for (const verdict of ["cut", "act-then-cut"] as const)
    for (const verb of ["SELECT", "UID SEARCH", "APPEND"])
      for (const mailbox of ["Sent", "INBOX"])
        it(`the connection is lost at ${verb} (${verdict}) for ${mailbox}, and asked again: one copy`, async () => {
          await using rig = await rigWithReply();
          rig.decide = () => moveTo("Wrong");
          rig.imap.faults.verdict = once(verb, verdict);
          const first = await rig.ask(ask({ mailbox }));
          assert.ok(first.kind === "refused" || (verb === "SELECT" && mailbox === "INBOX"));
          await rig.untilAtRest();
          assert.deepEqual(await rig.ask(ask({ mailbox })), DONE);
          await rig.untilAtRest();
          assert.deepEqual(rig.imap.places(), [`${mailbox}: ${COPY}`]);
          assert.deepEqual(rig.published, []);
        });

  it("in INBOX it is never decided on, and new mail beside it is", async () => {
    await using rig = await rigWithReply();
    rig.decide = () => moveTo("Sent");
    assert.deepEqual(await rig.ask(ask({ mailbox: "inbox", flags: [] })), DONE);
    rig.imap.arrive(mail("y", "next"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.published, ["next"]);
    assert.deepEqual(rig.imap.places(), [`INBOX: ${COPY}`, "Sent: next"]);
  });

  it("one that asks for a receipt is settled, so that nobody is asked for it (RFC 3503 §3)", async () => {
    await using rig = await rigWithReply();
    rig.objects.set("copy-ada-1", Buffer.from(`Disposition-Notification-To: ada@ac.test\r\n${REPLY}`));
    assert.deepEqual(await rig.ask(ask()), DONE);
    assert.deepEqual([...(rig.imap.folder("Sent").mails[0]?.flags ?? [])], ["\\Seen", "$MDNSent"]);
  });

  it("makes the folder where it is to be made, and says so where it is not there", async () => {
    await using rig = await rigWithReply();
    assert.deepEqual(await rig.ask(ask({ mailbox: "Replies" })), { kind: "gone" });
    assert.deepEqual(await rig.ask(ask({ mailbox: "Replies", create: true })), DONE);
    assert.deepEqual(rig.imap.places(), [`Replies: ${COPY}`]);
  });

  it("may be asked again where the octets are gone, the server refuses, or nobody could find it", async () => {
    await using rig = await rigWithReply();
    assert.equal((await rig.ask(ask({ object: "none" }))).kind, "refused");
    rig.imap.faults.verdict = once("APPEND", ["TAG NO [OVERQUOTA] full"]);
    assert.equal((await rig.ask(ask())).kind, "refused");
    for (const messageId of ["", "<a b@c>", '<a"@c>', "<é@c>"])
      assert.equal((await rig.ask(ask({ messageId }))).kind, "refused");
    assert.deepEqual(rig.imap.places(), []);
    assert.deepEqual(await rig.ask(ask()), DONE);
  });

  it("the lease is gone: nothing is stored", async () => {
    await using rig = await rigWithReply();
    rig.isHolder = false;
    assert.notEqual((await rig.ask(ask())).kind, "done");
    assert.deepEqual(rig.imap.places(), []);
  });
});

describe("file-copy, on Dovecot", { timeout: 60_000 }, () => {
  it("stores one copy, in a new folder for it", async () => {
    await using pipeline = await Pipeline.start();
    await pipeline.filter();
    await pipeline.mailbox(["ada@ac.test"]);
    await pipeline.untilContact(1);
    const objects = await pipeline.bus.objects(outgoingObjects);
    await objects.put("copy-ada-1", Buffer.from(REPLY));
    const question = ask({ accountId: accountIdOf("ada@ac.test"), mailbox: "Réponses/Absence", create: true });
    await pipeline.until(
      async () => (await pipeline.ask(question)).kind === "done",
      () => "the copy",
    );
    for (let i = 0; i < 2; i++) assert.deepEqual(await pipeline.ask(question), DONE);
    assert.deepEqual(await pipeline.places("ada@ac.test"), [`Réponses/Absence: ${COPY}`]);
    assert.deepEqual(await pipeline.ask({ ...question, mailbox: "INBOX" }), DONE);
    assert.deepEqual(await pipeline.places("ada@ac.test"), [`INBOX: ${COPY}`, `Réponses/Absence: ${COPY}`]);
  });
});
