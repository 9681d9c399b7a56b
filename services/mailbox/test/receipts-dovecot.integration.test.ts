import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type MailRead, MDN_SENT, mailRead, RECEIPT_ASKED, RECEIPT_CLAIMED, RECEIPT_GRANTED } from "@tamis/contracts";
import { accountIdOf } from "@tamis/kit";
import { capabilityWithout, type DovecotOptions } from "@tamis/testkit";
import { mail, Pipeline } from "./pipeline.ts";

const ADA = "ada@ac.test";
type Read = MailRead["mails"][number];

/** Two instances, an account for which Tamis answers, and the mails `inbox` and `heads`, for which receipts are asked. */
async function started(options: DovecotOptions) {
  const pipeline = await Pipeline.start(options);
  const reads: Read[] = [];
  await pipeline.bus.tailFacts(`event.*.${mailRead.name}`, ({ payload }) => {
    reads.push(...mailRead.schema.parse(JSON.parse(Buffer.from(payload).toString())).mails);
  });
  const asked = { addFlags: [RECEIPT_ASKED], removeFlags: [] };
  pipeline.decide = (subject) =>
    subject === "inbox"
      ? { copies: [], destination: { kind: "stay", ...asked } }
      : { copies: [], destination: { kind: "folder", mailbox: "Heads", create: true, ...asked } };
  await pipeline.filter();
  for (let i = 0; i < 2; i++) await pipeline.mailbox([ADA], ["receipts_seconds: 0.3"], { receipts: "tamis" });
  await pipeline.untilContact(1);
  for (const name of ["inbox", "heads"]) await pipeline.dovecot.deliver(ADA, mail(name, name));
  await pipeline.untilApplied(2);
  return { pipeline, reads, [Symbol.asyncDispose]: () => pipeline[Symbol.asyncDispose]() };
}

const flagsOf = async (pipeline: Pipeline, name: string): Promise<readonly string[]> =>
  (await pipeline.dovecot.listAll(ADA))
    .filter(({ messageId }) => messageId.startsWith(`<${name}@`))
    .flatMap(({ flags }) => flags.filter((flag) => flag !== "\\Recent"))
    .sort();

const settle = async (pipeline: Pipeline, name: string, read: Pick<Read, "mailId" | "folder" | "fingerprint">) => {
  const { mailId, folder, fingerprint } = read;
  const about = { accountId: accountIdOf(ADA), mailId, folder, fingerprint, messageId: `<${name}@ac.test>` };
  const answer = await pipeline.ask({ op: "settle-receipt", outcome: "sent", ...about });
  return answer.kind === "receipt" ? answer : assert.fail(answer.kind);
};

describe("receipts that others ask for, on Dovecot", { timeout: 60_000 }, () => {
  it("with CONDSTORE: told of when its owner reads it or answers, and settled once, whoever asks at the same moment", async () => {
    await using world = await started({});
    const { pipeline, reads } = world;
    assert.deepEqual(pipeline.batches[0]?.head.receipts, { means: "yes" });
    const client = await pipeline.dovecot.imap(ADA);
    await client.mailboxOpen("INBOX");
    await client.messageFlagsAdd("1:*", ["\\Seen"], { uid: true });
    await client.mailboxOpen("Heads");
    await client.messageFlagsAdd("1:*", ["\\Seen", RECEIPT_GRANTED], { uid: true });
    const told = () => reads.map(({ folder, seen, answer }) => [folder, seen, answer ?? ""].join(" ")).sort();
    await pipeline.until(
      () => reads.length >= 2,
      () => JSON.stringify(told()),
    );
    assert.deepEqual(told(), ["Heads owner send", "INBOX owner "]);
    const [inbox, heads] = ["INBOX", "Heads"].map((name) => reads.find(({ folder }) => folder === name));
    assert.ok(inbox !== undefined && heads !== undefined);
    const answers = await Promise.all([1, 2, 3].map(() => settle(pipeline, "inbox", inbox)));
    assert.deepEqual(new Set(answers.map(({ result }) => result)), new Set(["settled"]));
    assert.match(Buffer.from(answers[0]?.header ?? "", "base64").toString(), /^Subject: inbox\r$/m);
    assert.deepEqual(await flagsOf(pipeline, "inbox"), [MDN_SENT, RECEIPT_CLAIMED, "\\Seen"]);
    await client.messageFlagsAdd("1:*", [MDN_SENT], { uid: true });
    assert.equal((await settle(pipeline, "heads", heads)).result, "elsewhere");
    assert.ok(!(await flagsOf(pipeline, "heads")).includes(RECEIPT_CLAIMED));
    await client.logout();
    assert.equal(reads.length, 2);
  });

  it("without CONDSTORE: said at once, and nothing is settled", async () => {
    await using world = await started({ capability: capabilityWithout("CONDSTORE", "QRESYNC") });
    const { pipeline } = world;
    const [{ head, mails } = assert.fail()] = pipeline.batches;
    assert.deepEqual(head.receipts, { means: "no-condstore" });
    const [{ meta } = assert.fail()] = mails;
    const mailId = `${head.accountId}/${head.folder.id}/${head.folder.uidValidity}/${meta.uid}`;
    const { result } = await settle(pipeline, "inbox", { mailId, folder: "INBOX", fingerprint: meta.fingerprint });
    assert.equal(result, "no-condstore");
    assert.ok(!(await flagsOf(pipeline, "inbox")).includes(MDN_SENT));
  });
});
