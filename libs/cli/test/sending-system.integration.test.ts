import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type SmtpSink, type SunkMail, startSmtpSink, waitFor } from "@tamis/testkit";
import { RunningSystem } from "./running-system.ts";

const ANNA = "anna@example.org";
const SCRIPT = `require ["vacation", "ereject", "copy", "fileinto", "mailbox", "duplicate"];
if header :contains "subject" "[on]" { redirect "carla@example.com"; stop; }
if header :contains "subject" "[refused]" { redirect "nobody@example.com"; stop; }
if header :contains "subject" "[no]" { ereject "Not wanted."; stop; }
if header :contains "subject" "[away]" { vacation :days 3 "Back on Monday."; stop; }
if header :contains "subject" "[twice]" { if duplicate { fileinto :create "Doubles"; } }
`;

const idOf = (subject: string): string => `<${subject.split(" ").at(-1)}@example.net>`;

/** As the mail server writes it that stands before Dovecot: authenticated, just now. */
const mail = (subject: string, more = ""): string =>
  `Received: from mx by local; ${new Date().toUTCString()}\r
Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bob@example.net\r
From: Bob <bob@example.net>\r\nTo: ${ANNA}\r\nSubject: ${subject}\r\nMessage-ID: ${idOf(subject)}\r\n${more}\r\nhello\r\n`;

const subjectOf = ({ raw }: SunkMail): string => /^Subject: (.*)\r$/m.exec(raw.toString("latin1"))?.[1] ?? "";

/** mailbox, filter and outbox as processes, beside NATS, Dovecot and a relay. */
describe("what scripts make leave, with everything running", { timeout: 240_000 }, () => {
  let sink: SmtpSink;
  let system: RunningSystem;
  const deliver = (subject: string, more?: string) =>
    system.dovecot.deliver(ANNA, mail(subject, more), "bob@example.net");
  /** The folders in which a mail of this subject lies, with its keywords. */
  const placesOf = async (subject: string): Promise<readonly string[]> => {
    const mails = await system.dovecot.listAll(ANNA);
    return mails
      .filter(({ messageId }) => messageId === idOf(subject))
      .map(({ folder, flags }) => [folder, ...flags.filter((flag) => flag.startsWith("$"))].join(" "));
  };
  const lies = (subject: string, places: readonly string[]): Promise<unknown> =>
    waitFor(
      async () => {
        assert.deepEqual(await placesOf(subject), places);
        return true;
      },
      { timeoutMs: 40_000 },
    );
  const sent = (subject: string): readonly SunkMail[] => sink.mails.filter((one) => subjectOf(one) === subject);

  before(async () => {
    sink = await startSmtpSink();
    const sections = `filter: { envelope: { from: return-path }, authentication: { authserv_ids: [mx.example.org] } }
outbox: { relay: { host: 127.0.0.1, port: ${sink.port}, tls: none }, retry: { first_ms: 300, max_ms: 1000 }, lease_ms: 5000,
  lookup: { mailbox: { address: ${ANNA}, folder: Copies }, after_ms: 100 } }
`;
    system = new RunningSystem(ANNA, sections, ["mailbox", "filter", "outbox"]);
    await system.start();
    const put = ["scripts", "put", "main", "-", "--activate", "--account", ANNA];
    const { code, err } = await system.site.tamis(put, { stdin: SCRIPT });
    assert.equal(code, 0, err);
  });
  after(async () => {
    await system.stop();
    await sink.stop();
  });

  it("a redirect leaves as it came, and the mail goes to Trash", async () => {
    await deliver("[on] one");
    await lies("[on] one", ["Trash"]);
    const [one] = await waitFor(() => (sent("[on] one").length > 0 ? sent("[on] one") : null), { timeoutMs: 30_000 });
    assert.deepEqual([one?.from, one?.to], [ANNA, ["carla@example.com"]]);
    assert.match(one?.raw.toString("latin1") ?? "", /^X-Tamis-Redirected: [\s\S]*\r\n\r\nhello\r\n$/);
  });

  it("one that the relay refuses is back in INBOX, marked", async () => {
    sink.answer({ recipient: (address) => (address === "nobody@example.com" ? "550 5.1.1 no such user" : undefined) });
    await deliver("[refused] two");
    await lies("[refused] two", ["INBOX $TamisNotSent"]);
    assert.deepEqual(sent("[refused] two"), []);
  });

  it("an ereject is a report from nobody to an authenticated sender", async () => {
    await deliver("[no] three");
    await lies("[no] three", ["Trash"]);
    const [report] = await waitFor(
      () =>
        sent("Undelivered mail returned to sender").length > 0 ? sent("Undelivered mail returned to sender") : null,
      {
        timeoutMs: 30_000,
      },
    );
    assert.deepEqual([report?.from, report?.to], ["", ["bob@example.net"]]);
  });

  it("one to a sender that nobody vouches for tells nobody: the mail goes to Junk", async () => {
    const forged = mail("[no] four").replace("spf=pass", "spf=fail");
    await system.dovecot.deliver(ANNA, forged, "bob@example.net");
    await lies("[no] four", ["Junk"]);
  });

  it("a vacation answers a sender once", async () => {
    await deliver("[away] five");
    await deliver("[away] six");
    await lies("[away] five", ["INBOX"]);
    await lies("[away] six", ["INBOX"]);
    const replies = (): readonly SunkMail[] => sink.mails.filter((one) => subjectOf(one).startsWith("Auto: [away]"));
    await waitFor(() => replies().length > 0, { timeoutMs: 30_000 });
    // The next one is decided on after both: nothing more may have left when it has.
    await deliver("[on] seven");
    await waitFor(() => sent("[on] seven").length > 0, { timeoutMs: 30_000 });
    assert.equal(replies().length, 1);
  });

  it("a reply whose answer was lost is known to have arrived by its copy, and leaves once", async () => {
    const answers = (): readonly SunkMail[] => sink.mails.filter((one) => subjectOf(one) === "Auto: [away] ten");
    // As a relay keeps a journal: the copy is there, and then the connection breaks.
    sink.answer({
      data: async (one) => {
        if (subjectOf(one) !== "Auto: [away] ten") return "accept";
        await system.dovecot.appendFast(ANNA, [one.raw], { folder: "Copies" });
        return "keep-and-cut";
      },
    });
    const from = "eve@example.net";
    await system.dovecot.deliver(ANNA, mail("[away] ten").replaceAll("bob@example.net", from), from);
    await waitFor(() => answers().length > 0, { timeoutMs: 30_000 });
    await waitFor(
      async () => {
        const { out } = await system.site.tamis(["outbox", "list", "--account", ANNA, "--json"]);
        const sendings: readonly { readonly to: string; readonly state: string; readonly reply: string }[] =
          JSON.parse(out);
        const one = sendings.find(({ to }) => to === from);
        assert.deepEqual([one?.state, one?.reply], ["accepted", "looked up: it arrived"]);
        return true;
      },
      { timeoutMs: 40_000 },
    );
    assert.equal(answers().length, 1);
  });

  it("a double is known", async () => {
    const twice = mail("[twice] eight");
    await system.dovecot.deliver(ANNA, twice, "bob@example.net");
    await system.dovecot.deliver(ANNA, twice.replace("from mx", "from list"), "bob@example.net");
    await waitFor(async () => (await placesOf("[twice] eight")).toSorted().join() === "Doubles,INBOX", {
      timeoutMs: 30_000,
    });
  });

  it("kill -9 of outbox while the relay is away: one copy arrives when both are back", async () => {
    await sink.down();
    await deliver("[on] nine");
    await lies("[on] nine", ["Trash"]);
    await system.killService("outbox");
    await sink.up();
    await waitFor(() => sent("[on] nine").length > 0, { timeoutMs: 60_000 });
    const list = await waitFor(
      async () => {
        const { code, out } = await system.site.tamis(["outbox", "list", "--account", ANNA, "--json"]);
        return code === 0 && !/"(scheduled|claimed|begun|deferred)"/.test(out) ? out : null;
      },
      { timeoutMs: 60_000 },
    );
    assert.match(list, /"accepted"/);
    assert.equal(sent("[on] nine").length, 1);
  });

  it("doctor finds nothing to mend", async () => {
    const { code, out } = await system.site.tamis(["doctor"]);
    assert.equal(code, 0, out);
  });
});
