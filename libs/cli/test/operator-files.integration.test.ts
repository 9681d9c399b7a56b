import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type SmtpSink, startSmtpSink, waitFor } from "@tamis/testkit";
import { QUICK_LEASE, RunningSystem } from "./running-system.ts";

const ANNA = "anna@example.org";
const SCRIPT = `require ["vacation", "fcc", "mailbox", "fileinto", "extlists", "include", "vnd.dovecot.filter"];
include :global "school";
if header :contains "subject" "[away]" { vacation :fcc "Replies/Sent" :create "Back on Monday."; stop; }
if header :contains "subject" "[team]" { redirect :list "tag:example.org,2026:team"; stop; }
if header :contains "subject" "[stamp]" { filter "stamp" ["3eB"]; fileinto :create "Stamped"; stop; }
if header :contains "subject" "[broken]" { filter "broken"; }
`;

const idOf = (subject: string): string => `<${subject.split(" ").at(-1)}@example.net>`;

const mail = (subject: string): string =>
  `Received: from mx by local; ${new Date().toUTCString()}\r
From: Bob <bob@example.net>\r\nTo: ${ANNA}\r\nSubject: ${subject}\r\nMessage-ID: ${idOf(subject)}\r\n\r\nhello\r\n`;

/** Programs must belong to root; who is not root can show only that nothing of theirs is run. */
const isRoot = process.getuid?.() === 0;

/** mailbox, filter, outbox and programs as processes, beside NATS, Dovecot and a relay. */
describe("lists, global scripts, programs and copies of replies, with everything running", { timeout: 240_000 }, () => {
  let sink: SmtpSink;
  let system: RunningSystem;
  const deliver = (subject: string) => system.dovecot.deliver(ANNA, mail(subject), "bob@example.net");
  const foldersOf = async (id: (messageId: string) => boolean): Promise<readonly string[]> =>
    (await system.dovecot.listAll(ANNA)).filter(({ messageId }) => id(messageId)).map(({ folder }) => folder);
  const lies = (subject: string, folders: readonly string[]): Promise<unknown> =>
    waitFor(
      async () => {
        assert.deepEqual(await foldersOf((id) => id === idOf(subject)), folders);
        return true;
      },
      { timeoutMs: 60_000 },
    );

  before(async () => {
    sink = await startSmtpSink();
    const lists = `lists: [{ name: "tag:example.org,2026:team", file: ./team.txt }]`;
    const organisation = "organisation: { global_scripts: ./global }";
    const sections = `mailbox: { ${QUICK_LEASE} }
filter: { envelope: { from: return-path }, ${lists}, ${organisation} }
outbox: { relay: { host: 127.0.0.1, port: ${sink.port}, tls: none }, retry: { first_ms: 300, max_ms: 1000 }, lease_ms: 5000 }
programs: { folder: ./programs, accounts: all, uid: ${isRoot ? 65_534 : (process.getuid?.() ?? 1)} }
`;
    system = new RunningSystem(ANNA, sections, ["mailbox", "filter", "outbox", "programs"]);
    const { site } = system;
    await system.start(async () => {
      chmodSync(site.dir.path, 0o755);
      for (const folder of ["global", "programs"]) mkdirSync(site.path(folder), { mode: 0o755 });
      const write = (name: string, text: string, mode: number): void => writeFileSync(site.path(name), text, { mode });
      write("team.txt", `carl@example.com\nDora <dora@example.com>\n${ANNA}\n`, 0o644);
      const school =
        'require ["fileinto", "mailbox"]; if header :contains "subject" "[school]" { fileinto :create "School"; stop; }';
      write("global/school.sieve", school, 0o644);
      write("programs/stamp", `#!/bin/sh\necho "X-Stamp: $1"\nexec cat\n`, 0o755);
      write("programs/broken", "#!/bin/sh\nexit 1\n", 0o755);
    });
    const put = ["scripts", "put", "main", "-", "--activate", "--account", ANNA];
    const { code, err } = await site.tamis(put, { stdin: SCRIPT });
    assert.equal(code, 0, err);
  });
  after(async () => {
    await system.stop();
    await sink.stop();
  });

  it("a global script decides before what includes it goes on", async () => {
    await deliver("[school] one");
    await lies("[school] one", ["School"]);
  });

  it("a list is redirected to, each member once; the owner keeps hers", async () => {
    await deliver("[team] two");
    await sink.received(2);
    assert.deepEqual(sink.mails.flatMap(({ to }) => to).toSorted(), ["carl@example.com", "dora@example.com"]);
    await lies("[team] two", ["INBOX"]);
  });

  it("a reply has one copy in the folder that is made for it, read, also when mailbox is killed meanwhile", async () => {
    const before = sink.mails.length;
    await deliver("[away] three");
    await waitFor(() => sink.mails.length > before, { timeoutMs: 60_000, describe: "the reply" });
    await system.killService("mailbox");
    const isReply = (id: string): boolean => id.startsWith("<tamis.vacation.");
    await waitFor(async () => (await foldersOf(isReply)).length > 0, { timeoutMs: 120_000, describe: "the copy" });
    // Whatever was under way is over once the next mail went its way.
    await deliver("[school] four");
    await lies("[school] four", ["School"]);
    const copies = (await system.dovecot.listAll(ANNA)).filter(({ messageId }) => isReply(messageId));
    assert.deepEqual(
      copies.map(({ folder, flags }) => [folder, flags.includes("\\Seen")]),
      [["Replies/Sent", true]],
    );
    await lies("[away] three", ["INBOX"]);
  });

  it("a mail is exchanged for what a program makes of it, and stays where the program fails", async () => {
    await deliver("[stamp] five");
    await deliver("[broken] six");
    // Who is not root has no program that may be run: an error, and a keep.
    await lies("[stamp] five", [isRoot ? "Stamped" : "INBOX"]);
    await lies("[broken] six", ["INBOX"]);
    if (!isRoot) return;
    const ask = ["why", "--account", ANNA, "--message-id", idOf("[broken] six")];
    await waitFor(async () => /the program broken made no mail of this one/.test((await system.site.tamis(ask)).out), {
      timeoutMs: 60_000,
      describe: "what the owner is told",
    });
    const stamped = await system.dovecot.listAll(ANNA);
    assert.equal(stamped.filter(({ folder }) => folder === "Stamped").length, 1);
  });
});
