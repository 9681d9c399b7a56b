import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { buckets, partitionOf, recipientsTracked } from "@tamis/contracts";
import { accountIdOf } from "@tamis/kit";
import { type SmtpSink, startSmtpSink, waitFor } from "@tamis/testkit";
import { keptKey, makeToken, type TokenKeys, tokenKeysOf } from "@tamis/tokens";
import { RunningSystem } from "./running-system.ts";

/** The mailbox that the operator watches for reports. */
const BOUNCES = "retours@example.org";
const FIRST = 1_000_000_000;
const recipientOf = (n: number): string => `r${n}@college.example`;

/** mailbox, filter, outbox and receipts as processes, beside NATS and Dovecot: a report in a mailbox becomes a state. */
describe("reports on what was sent, with everything running", { timeout: 400_000 }, () => {
  let sink: SmtpSink;
  let system: RunningSystem;
  let keys: TokenKeys;
  const tokenOf = (n: number): string => makeToken(String(FIRST + n), keys);

  const report = (n: number, token: string, action: string): string =>
    [
      "From: MAILER-DAEMON@mx.college.example",
      `To: retours+${token}@example.org`,
      `Message-ID: <report-${n}-${action}-${token.length}@mx.college.example>`,
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
      "",
      "--b",
      "",
      "In words",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.college.example",
      "",
      `Final-Recipient: rfc822; ${recipientOf(n)}`,
      `Action: ${action}`,
      "Status: 5.2.2",
      "--b",
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: <${tokenOf(n)}@example.org>`,
      "--b--",
      "",
    ].join("\r\n");
  const deliver = (n: number, token: string, action: string) =>
    system.dovecot.deliver(BOUNCES, report(n, token, action), "");
  const tamis = async (...args: readonly string[]) => {
    const run = await system.site.tamis(["receipts", ...args, "--account", BOUNCES, "--json"]);
    assert.equal(run.code, 0, run.err);
    return JSON.parse(run.out);
  };
  const becomes = (n: number, want: object): Promise<unknown> =>
    waitFor(
      async () => {
        const { receipts } = await tamis("list", "--after", String(FIRST + n - 1), "-n", "1");
        const { state, unverified } = receipts[0] ?? {};
        assert.deepEqual({ id: receipts[0]?.id, state, unverified }, { id: String(FIRST + n), ...want });
        return true;
      },
      { timeoutMs: 40_000, describe: `recipient ${n}` },
    );
  const folders = async (n: number, action: string): Promise<readonly string[]> =>
    (await system.dovecot.listAll(BOUNCES))
      .filter(({ messageId }) => messageId?.startsWith(`<report-${n}-${action}-`) === true)
      .map(({ folder }) => folder);

  before(async () => {
    sink = await startSmtpSink();
    const sections = `receipts: { answers: { policy: always } }
mailbox: { receipts_seconds: 1 }
filter: { envelope: { from: return-path } }
outbox: { relay: { host: 127.0.0.1, port: ${sink.port}, tls: none } }
`;
    const services = ["mailbox", "filter", "outbox", "receipts"];
    system = new RunningSystem(BOUNCES, sections, services, { answers: "tamis" });
    await system.start();
    const { bus } = system.site;
    const bucket = await bus.bucket(buckets.tokenKeys);
    keys = await waitFor(
      async () => {
        const [id] = await bucket.keys();
        const entry = id === undefined ? null : await bucket.get(id);
        return entry === null
          ? null
          : tokenKeysOf({ v: 1, keys: [keptKey.parse(JSON.parse(Buffer.from(entry.value).toString()))] });
      },
      { timeoutMs: 150_000, describe: "a key of the outbox" },
    );
    await waitFor(async () => (await tamis("counts")).recipients === 0, { timeoutMs: 60_000, describe: "receipts" });
    const accountId = accountIdOf(BOUNCES);
    const recipients = [1, 2, 3].map((n) => ({
      id: String(FIRST + n),
      address: recipientOf(n),
      messageId: `<${tokenOf(n)}@example.org>`,
      asksDisposition: true,
      sentAt: Date.now(),
    }));
    await bus.publishFact(recipientsTracked, partitionOf(accountId), { v: 1, accountId, recipients }, "tracked/1");
    await waitFor(async () => (await tamis("counts")).recipients === 3, { timeoutMs: 30_000, describe: "the fact" });
  });
  after(async () => {
    await system.stop();
    await sink.stop();
  });

  it("one with a token changes the state and goes out of the way", async () => {
    await deliver(1, tokenOf(1), "failed");
    await becomes(1, { state: "failed", unverified: 0 });
    await waitFor(async () => (await folders(1, "failed")).join() === "Receipts", { timeoutMs: 30_000 });
  });

  it("a forged one is a note, and stays where it came", async () => {
    await deliver(2, `aa${tokenOf(2).slice(2, -1)}`, "failed");
    await becomes(2, { state: "none", unverified: 1 });
    assert.deepEqual(await folders(2, "failed"), ["INBOX"]);
  });

  /** Mails on which receipts are asked of the account, read by its owner. */
  async function askAndRead(numbers: readonly number[]): Promise<void> {
    const asking = (n: number): string =>
      [
        "From: Head <head@college.example>",
        `To: ${BOUNCES}`,
        `Subject: meeting ${n}`,
        `Message-ID: <meeting-${n}@college.example>`,
        "Disposition-Notification-To: <head@college.example>",
        "",
        "Monday",
        "",
      ].join("\r\n");
    const open = { keyword: "$TamisReceiptAsked" };
    for (const n of numbers) await system.dovecot.deliver(BOUNCES, asking(n), "head@college.example");
    const client = await system.dovecot.imap(BOUNCES);
    const isMarked = async (): Promise<boolean> => {
      await client.mailboxOpen("INBOX");
      return ((await client.search(open, { uid: true })) || []).length === numbers.length;
    };
    await waitFor(isMarked, { timeoutMs: 60_000, describe: "marked mails" });
    await client.messageFlagsAdd(open, ["\\Seen"]);
    await client.logout();
  }

  it("kill -9 of receipts and mailbox loses nothing and doubles nothing: reports, and receipts that leave once", async () => {
    await deliver(3, tokenOf(3), "delayed");
    await askAndRead([1, 2]);
    for (const name of ["receipts", "mailbox"]) system.killService(name);
    await deliver(3, tokenOf(3), "delivered");
    const sent = await waitFor(() => (sink.mails.length >= 2 ? sink.mails : null), { timeoutMs: 90_000 });
    await becomes(3, { state: "delivered", unverified: 0 });
    await waitFor(async () => (await tamis("reports", String(FIRST + 3))).length === 2, { timeoutMs: 60_000 });
    await waitFor(async () => (await folders(3, "delayed")).join() === "Receipts", { timeoutMs: 60_000 });
    const isSent = async (): Promise<boolean> =>
      (await tamis("requests")).requests.every(({ state }: { readonly state: string }) => state === "sent");
    await waitFor(isSent, { timeoutMs: 60_000, describe: "receipts" });
    assert.deepEqual(sink.mails.map(({ raw }) => /^Original-Message-ID: (.*)\r$/m.exec(raw.toString())?.[1]).sort(), [
      "<meeting-1@college.example>",
      "<meeting-2@college.example>",
    ]);
    for (const { from, to, raw } of sent) {
      assert.deepEqual([from, to], ["", ["head@college.example"]]);
      assert.match(raw.toString(), /Disposition: manual-action\/MDN-sent-automatically; displayed/);
    }
  });
});
