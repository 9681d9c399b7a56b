import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dateText } from "@tamis/message";
import { type SmtpSink, type SunkMail, startSmtpSink, waitFor } from "@tamis/testkit";
import { QUICK_LEASE, RunningSystem } from "./running-system.ts";

const ANNA = "anna@example.org";
const HIDDEN = "Tamis-scheduled";
const MANY = 6;

const draft = (subject: string, more = ""): string =>
  `X-Mozilla-Status: 0001\r\nX-Identity-Key: id1\r\n${more}From: Anna <${ANNA}>\r\nTo: bob@example.com\r\nBcc: carl@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.split(" ").at(-1)}@draft.example.org>\r\n\r\nBonjour\r\n`;

const sendLater = (at: number, more = ""): string => `X-Send-Later-At: ${dateText(at)}\r\n${more}`;
const subjectOf = (raw: Buffer): string => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1] ?? "";

/** mailbox, filter and outbox as processes, beside NATS, Dovecot and a relay. */
describe("drafts that are sent later, with everything running", { timeout: 240_000 }, () => {
  let sink: SmtpSink;
  let system: RunningSystem;
  /** When the first of each subject came to the relay. */
  const cameAt = new Map<string, number>();
  const sent = (subject: string): readonly SunkMail[] => sink.mails.filter(({ raw }) => subjectOf(raw) === subject);
  const put = (folder: string, ...drafts: readonly string[]) =>
    system.dovecot.appendFast(ANNA, drafts, { folder, flags: ["\\Draft"] });
  /** `Folder: subject keywords` of every mail. */
  const lying = async (): Promise<readonly string[]> => {
    const mails = await system.dovecot.listAll(ANNA);
    const lines = mails.map(async ({ folder, uid, flags }) => {
      const subject = subjectOf(await system.dovecot.readMail(ANNA, folder, uid));
      const told = flags.filter((flag) => /^\$TamisNot|^\\Seen/.test(flag));
      return [`${folder}:`, subject, ...told].join(" ");
    });
    return (await Promise.all(lines)).sort();
  };
  const liesAt = (line: string, timeoutMs = 40_000) =>
    waitFor(
      async () => {
        const lines = await lying();
        if (!lines.includes(line)) throw new Error(`not there: ${line}; there: ${lines.join("; ")}`);
        return true;
      },
      { timeoutMs, intervalMs: 100 },
    );
  const listed = async () =>
    JSON.parse((await system.site.tamis(["outbox", "list", "--account", ANNA, "--limit", "200", "--json"])).out);

  before(async () => {
    sink = await startSmtpSink();
    sink.answer({
      data: ({ raw }) => {
        if (!cameAt.has(subjectOf(raw))) cameAt.set(subjectOf(raw), Date.now());
        return "accept";
      },
    });
    const sections = `mailbox: { ${QUICK_LEASE} }
outbox: { relay: { host: 127.0.0.1, port: ${sink.port}, tls: none }, retry: { first_ms: 300, max_ms: 1000 }, lease_ms: 3000, sweep_ms: 500 }
drafts: { folders: [Scheduled, "Envoi différé"], create: true, send_later: handed-over, quiet_seconds: 0.5, poll_seconds: 0.2, zone: Europe/Paris }
`;
    system = new RunningSystem(ANNA, sections, ["mailbox", "filter", "outbox"]);
    await system.start();
  });
  after(async () => {
    await system.stop();
    await sink.stop();
  });

  it("one in Drafts, by Send Later's fields: at its time, to hidden recipients too, then it is in Sent", async () => {
    const at = Math.floor(Date.now() / 1000) * 1000 + 5_000;
    await put("Drafts", draft("plain"), draft("alone", sendLater(at, "X-Send-Later-Recur: none\r\n")));
    const [mail] = await waitFor(() => (sent("alone").length > 0 ? sent("alone") : null), { timeoutMs: 40_000 });
    assert.ok((cameAt.get("alone") ?? 0) >= at, "never before its time");
    assert.deepEqual([mail?.from, mail?.to], [ANNA, ["bob@example.com", "carl@example.com"]]);
    const text = mail?.raw.toString("latin1") ?? "";
    assert.doesNotMatch(text, /^(?:Bcc|X-)/im);
    assert.equal(Date.parse(/^Date: (.*)\r$/m.exec(text)?.[1] ?? ""), at);
    await liesAt("Sent: alone \\Seen");
    await waitFor(async () => (await lying()).length === 2, { timeoutMs: 20_000, describe: "it is gone" });
    assert.deepEqual(await lying(), ["Drafts: plain", "Sent: alone \\Seen"]);
    assert.equal(sent("alone").length, 1);
  });

  it("one in the folder for them, by its subject: listed, and cancelled it is back in Drafts", async () => {
    await put("Envoi différé", draft("[[dans 30 jours à 8h]] cancelled"));
    const lines = await waitFor(
      async () => {
        const scheduled = (await listed()).filter(({ state }: { state: string }) => state === "scheduled");
        return scheduled.length === 2 ? scheduled : null;
      },
      { timeoutMs: 40_000, intervalMs: 200, describe: "two recipients that wait" },
    );
    const { out, code } = await system.site.tamis(["outbox", "cancel", lines[0].id, "--account", ANNA]);
    assert.equal(code, 0, out);
    await liesAt("Drafts: [[dans 30 jours à 8h]] cancelled $TamisNotScheduled");
    assert.deepEqual(
      (await listed()).filter(({ state }: { state: string }) => state === "scheduled"),
      [],
    );
  });

  it("one that says no time stays, and its owner is told", async () => {
    await put("Scheduled", draft("whenever"));
    await liesAt("Scheduled: whenever $TamisNotScheduled");
    await liesAt("INBOX: Not scheduled: whenever");
  });

  it("one that is sent until somebody answers is back when somebody has", async () => {
    const at = Math.floor(Date.now() / 1000) * 1000 + 1_000;
    const again = "X-Send-Later-Recur: daily\r\nX-Send-Later-Cancel-On-Reply: yes\r\n";
    await put("Scheduled", draft("reminder", sendLater(at, again)));
    await liesAt("Sent: reminder \\Seen");
    const raw = sent("reminder")[0]?.raw.toString("latin1") ?? "";
    const messageId = /^Message-ID: (.*)\r$/m.exec(raw)?.[1] ?? "";
    const answer = `From: bob@example.com\r\nTo: ${ANNA}\r\nSubject: Re\r\nMessage-ID: <re@example.com>\r\nIn-Reply-To: ${messageId}\r\n\r\nyes\r\n`;
    await system.dovecot.deliver(ANNA, answer, "bob@example.com");
    await liesAt("Drafts: reminder $TamisNotScheduled");
    await liesAt("INBOX: Not sent any more: reminder");
    assert.equal(sent("reminder").length, 1);
  });

  it(`${MANY} of them, mailbox and outbox killed with -9 among them: none twice, none lost`, async () => {
    const subjects = Array.from({ length: MANY }, (_, i) => `many-${i}`);
    const at = Date.now() + 2_000;
    await put("Scheduled", ...subjects.map((subject, i) => draft(subject, sendLater(at + i * 500))));
    const isHidden = async (): Promise<boolean> => (await lying()).some((line) => line.startsWith(HIDDEN));
    await waitFor(isHidden, { timeoutMs: 40_000, intervalMs: 20, describe: "one is on its way" });
    await system.killService("mailbox");
    await waitFor(() => sent("many-0").length > 0, { timeoutMs: 60_000, intervalMs: 5 });
    await system.killService("outbox");
    const ends = async (): Promise<readonly string[]> =>
      (await lying()).filter((line) => /^(?:Sent|Drafts): many-/.test(line));
    await waitFor(async () => (await ends()).length >= MANY, { timeoutMs: 90_000, describe: "all have ended" });
    await waitFor(async () => !(await isHidden()), { timeoutMs: 30_000, describe: "none lies hidden" });
    const lines = await ends();
    for (const subject of subjects) {
      const copies = sent(subject).length;
      const places = lines.filter((line) => line.split(" ")[1] === subject);
      // What the kill caught between DATA and the answer is nobody's to send again.
      const want = places[0] === `Sent: ${subject} \\Seen` ? [1] : [0, 1];
      assert.ok(want.includes(copies), `${copies} copies of ${subject}, which is at ${places}`);
      assert.equal(places.length, 1, places.join());
    }
    assert.ok(lines.filter((line) => line.startsWith("Sent")).length >= MANY - 5, lines.join("; "));
  });
});
