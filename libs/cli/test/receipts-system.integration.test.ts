import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type SmtpSink, type SunkMail, startSmtpSink, waitFor } from "@tamis/testkit";
import { tokensIn } from "@tamis/tokens";
import { type Answered, autoReply, delivery, displayed } from "./answers.ts";
import { QUICK_LEASE, RunningSystem } from "./running-system.ts";

/** Who writes, and the mailbox that reports come back to. */
const RECTORAT = "rectorat@example.org";
const account = ["--account", RECTORAT];
const recipientOf = (n: number): string => `r${n}@college.example`;
const NUMBERS = [1, 2, 3, 4, 5];

const fieldOf = ({ raw }: SunkMail, name: string): string =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)\\r$`, "im").exec(raw.toString())?.[1] ?? "";

interface Known {
  readonly address: string;
  readonly state: string;
  readonly receipt: { readonly state: string; readonly meaning: string | null; readonly unverified: number } | null;
}

/** mailbox, filter, outbox and receipts as processes, beside NATS, Dovecot and a relay: a circular and what comes back. */
describe("a circular that is followed, with everything running", { timeout: 400_000 }, () => {
  let sink: SmtpSink;
  let system: RunningSystem;
  const mails = new Map<string, SunkMail>();

  const mailTo = (n: number): SunkMail => mails.get(recipientOf(n)) ?? assert.fail(`no mail to ${n}`);
  const answered = (n: number): Answered => {
    const mail = mailTo(n);
    return { to: mail.from, recipient: recipientOf(n), messageId: fieldOf(mail, "Message-ID") };
  };
  /** As the server of the domain delivers it: a subaddress lies with its mailbox. */
  const deliver = (to: string, raw: string) => system.dovecot.deliver(to, raw, "");
  const tamis = async (...args: readonly string[]): Promise<string> => {
    const run = await system.site.tamis(args);
    assert.equal(run.code, 0, run.err);
    return run.out;
  };
  const report = async (): Promise<readonly Known[]> =>
    (await tamis("circular", "report", "1", ...account, "--json")).split("\n").map((line) => JSON.parse(line));
  const becomes = (n: number, want: object): Promise<unknown> =>
    waitFor(
      async () => {
        const { receipt } = (await report()).find(({ address }) => address === recipientOf(n)) ?? {};
        assert.deepEqual({ state: receipt?.state, unverified: receipt?.unverified }, { unverified: 0, ...want });
        return true;
      },
      // What cannot be handed over at once is published again.
      { timeoutMs: 90_000, describe: `what is known of ${n}` },
    );
  const foldersOf = async (messageId: string): Promise<string> =>
    (await system.dovecot.listAll(RECTORAT))
      .filter((mail) => mail.messageId === messageId)
      .map(({ folder }) => folder)
      .join();
  const liesIn = (messageId: string, folder: string): Promise<unknown> =>
    waitFor(async () => (await foldersOf(messageId)) === folder, { timeoutMs: 40_000, describe: `${messageId} filed` });

  before(async () => {
    sink = await startSmtpSink({ hideDSN: false });
    const sections = `receipts: { answers: { policy: always } }
mailbox: { receipts_seconds: 1, republish_seconds: 2, ${QUICK_LEASE} }
filter: { envelope: { from: return-path } }
outbox:
  relay: { host: 127.0.0.1, port: ${sink.port}, tls: none }
  receipts: { address: ${RECTORAT} }
  circulars: { undo_ms: 0 }
  sweep_ms: 500
`;
    const services = ["mailbox", "filter", "outbox", "receipts"];
    system = new RunningSystem(RECTORAT, sections, services, { answers: "tamis", logs: "info" });
    await system.start();
    const counts = () => system.site.tamis(["receipts", "counts", ...account]);
    await waitFor(async () => (await counts()).code === 0, { timeoutMs: 60_000, describe: "receipts" });
    const list = system.site.write("list.csv", `address\n${NUMBERS.map(recipientOf).join("\n")}\n`);
    const text = system.site.write("text.txt", "Bonjour");
    const files = ["--text", text, "--recipients", list];
    await tamis("circular", "create", ...account, "--subject", "Rentrée", ...files, "--receipts", "read");
    await tamis("circular", "schedule", "1", ...account, "--now");
    for (const mail of await sink.received(NUMBERS.length)) mails.set(mail.to.join(), mail);
  });
  after(async () => {
    await system.stop();
    await sink.stop();
  });

  it("each mail has one token in four places, and asks for reports", async () => {
    for (const n of NUMBERS) {
      const mail = mailTo(n);
      const [token = ""] = tokensIn(mail.from);
      assert.equal(mail.from, `rectorat+${token}@example.org`);
      assert.equal(fieldOf(mail, "Disposition-Notification-To"), mail.from);
      assert.equal(mail.mailParameters["ENVID"], token);
      assert.ok(fieldOf(mail, "Message-ID").startsWith(`<${token}@`));
      assert.equal(mail.recipientParameters[0]?.["NOTIFY"], "SUCCESS,FAILURE,DELAY");
    }
    await waitFor(async () => (await report()).every(({ receipt }) => receipt?.state === "none"), {
      timeoutMs: 30_000,
      describe: "what outbox tells of its recipients",
    });
  });

  it("a delivery report of Postfix and a receipt of Thunderbird change states, and go out of the way", async () => {
    const failed = delivery(answered(1), { action: "failed", status: "5.1.1" });
    const read = displayed(answered(2));
    await deliver(mailTo(1).from, failed.raw);
    await deliver(mailTo(2).from, read.raw);
    await becomes(1, { state: "failed" });
    await becomes(2, { state: "displayed" });
    await liesIn(failed.messageId, "Receipts");
    await liesIn(read.messageId, "Receipts");
  });

  it("an automatic reply is told apart; a forged receipt is a note, and stays where it came", async () => {
    const away = autoReply(answered(3));
    const forged = displayed({ ...answered(4), to: RECTORAT }, { original: `<${"a".repeat(28)}@example.org>` });
    await deliver(mailTo(3).from, away.raw);
    await deliver(RECTORAT, forged.raw);
    await becomes(4, { state: "none", unverified: 1 });
    await liesIn(away.messageId, "Receipts");
    await becomes(3, { state: "none" });
    assert.equal(JSON.parse(await tamis("receipts", "counts", ...account, "--json")).autoReplies, 1);
    assert.equal(await foldersOf(forged.messageId), "INBOX");
  });

  it("kill -9 of receipts loses nothing and doubles nothing", async () => {
    const delayed = delivery(answered(5), { action: "delayed", status: "4.4.1" });
    const delivered = delivery(answered(5), { action: "delivered", status: "2.0.0" });
    await deliver(mailTo(5).from, delayed.raw);
    await system.killService("receipts");
    await deliver(mailTo(5).from, delivered.raw);
    const isBack = async () => (await system.site.tamis(["receipts", "counts", ...account])).code === 0;
    await waitFor(isBack, { timeoutMs: 60_000, describe: "receipts" });
    await becomes(5, { state: "delivered" });
    await liesIn(delayed.messageId, "Receipts");
    await liesIn(delivered.messageId, "Receipts");
  });

  /** Mails on which receipts are asked of the account, read by its owner. */
  async function askAndRead(numbers: readonly number[]): Promise<void> {
    const asking = (n: number): string =>
      [
        "From: Head <head@college.example>",
        `To: ${RECTORAT}`,
        `Subject: meeting ${n}`,
        `Message-ID: <meeting-${n}@college.example>`,
        "Disposition-Notification-To: <head@college.example>",
        "",
        "Monday",
        "",
      ].join("\r\n");
    const open = { keyword: "$TamisReceiptAsked" };
    for (const n of numbers) await system.dovecot.deliver(RECTORAT, asking(n), "head@college.example");
    const client = await system.dovecot.imap(RECTORAT);
    const isMarked = async (): Promise<boolean> => {
      await client.mailboxOpen("INBOX");
      return ((await client.search(open, { uid: true })) || []).length === numbers.length;
    };
    await waitFor(isMarked, { timeoutMs: 60_000, describe: "marked mails" });
    await client.messageFlagsAdd(open, ["\\Seen"]);
    await client.logout();
  }

  it("kill -9 of receipts and mailbox: receipts that others ask for leave once", async () => {
    await askAndRead([1, 2]);
    for (const name of ["receipts", "mailbox"]) await system.killService(name);
    const idOf = ({ raw }: SunkMail): string => /^Original-Message-ID: (.*)\r$/m.exec(raw.toString())?.[1] ?? "";
    const sent = (): readonly SunkMail[] => sink.mails.filter((mail) => idOf(mail).startsWith("<meeting-"));
    await waitFor(() => sent().length >= 2, { timeoutMs: 90_000, describe: "receipts that leave" });
    const isSent = async (): Promise<boolean> => {
      const { code, out } = await system.site.tamis(["receipts", "requests", ...account, "--json"]);
      return code === 0 && JSON.parse(out).requests.every(({ state }: { readonly state: string }) => state === "sent");
    };
    await waitFor(isSent, { timeoutMs: 60_000, describe: "requests that are settled" });
    assert.deepEqual(sent().map(idOf).toSorted(), ["<meeting-1@college.example>", "<meeting-2@college.example>"]);
    for (const { from, to, raw } of sent()) {
      assert.deepEqual([from, to], ["", ["head@college.example"]]);
      assert.match(raw.toString(), /Disposition: manual-action\/MDN-sent-automatically; displayed/);
    }
  });

  it("is reported, counted, and those who did not read it are reminded", async () => {
    const csv = await tamis("circular", "report", "1", ...account, "--csv");
    assert.match(csv, /^\d+,r1@college\.example,,accepted,[^,]+,[^,]*,failed,[^,]+,5\.1\.1,/m);
    const status = JSON.parse(await tamis("circular", "status", "1", ...account, "--json"));
    assert.deepEqual(status.receipts, {
      recipients: 5,
      counts: { none: 2, delivered: 1, failed: 1, displayed: 1 },
      autoReplies: 1,
      complaints: 0,
    });
    assert.match(await tamis("circular", "remind", "--of", "1", ...account), /^circular 2: 3 recipients$/m);
    assert.match(await tamis("circular", "remind", "--of", "1", "--silent", ...account), /^circular 3: 2 recipients$/m);
  });

  it("who reads it before the reminder leaves is not reminded", async () => {
    await deliver(mailTo(3).from, displayed(answered(3)).raw);
    await becomes(3, { state: "displayed" });
    const before = sink.mails.length;
    await tamis("circular", "schedule", "2", ...account, "--now");
    const statusOf = async () => JSON.parse(await tamis("circular", "status", "2", ...account, "--json"));
    await waitFor(async () => (await statusOf()).state === "done", { timeoutMs: 60_000, describe: "the reminder" });
    assert.deepEqual((await statusOf()).counts, { accepted: 2, suppressed: 1 });
    const reminded = sink.mails.slice(before).map(({ to }) => to.join());
    assert.deepEqual(reminded.toSorted(), [recipientOf(4), recipientOf(5)]);
  });

  it("doctor sends itself a report, and finds it", async () => {
    sink.answer({
      data: async (mail) => {
        await deliver(mail.to.join(), mail.raw.toString());
        return "accept" as const;
      },
    });
    const { code, out } = await system.site.tamis(["doctor", "--json"]);
    const findings: readonly { id: string; ok: boolean; text: string }[] = JSON.parse(out);
    assert.match(findings.find(({ id }) => id === "outbox.receipts")?.text ?? out, /come back: one took \d+ ms/);
    assert.equal(code, 0, out);
  });

  it("no log has a word of who got what, or read it", () => {
    const { said } = system;
    for (const service of ["mailbox", "filter", "outbox", "receipts"])
      assert.match(said, new RegExp(`"service":"${service}"`));
    for (const word of ["college.example", "Rentrée", ...[...mails.values()].flatMap(({ from }) => tokensIn(from))])
      assert.ok(!said.includes(word), word);
  });
});
