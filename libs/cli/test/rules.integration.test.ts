import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { RunningSystem } from "./running-system.ts";

const ANNA = "anna@example.org";
const FOR_ANNA = ["--account", ANNA];
const ACTIVE = `require ["fileinto", "mailbox", "copy"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto :create "Lists"; }
# rule:[Nowhere]
elsif header :contains "subject" "[nowhere]" { fileinto "Missing"; }
`;
const DRAFT = `require ["fileinto", "mailbox", "copy", "imap4flags", "vacation", "duplicate", "editheader"];
# rule:[Infos]
if header :contains "subject" "[info]" { fileinto :create "Infos"; }
# rule:[Bins]
elsif header :contains "subject" "offer" { discard; }
# rule:[Flags]
elsif header :contains "subject" "urgent" { addflag "\\\\Flagged"; keep; }
# rule:[Away]
elsif header :contains "subject" "hello" { vacation "I am away"; redirect "bob@example.net"; }
# rule:[Both]
elsif header :contains "subject" "twice" { fileinto :create "A"; fileinto :create "B"; }
# rule:[Seen]
elsif duplicate { discard; }
`;

/** Sending is configured, so that drafts may require it; nobody is there to send. */
const SENDING = `outbox: {}
filter: { envelope: { from: return-path } }
`;

const mail = (subject: string, id: string, from = "Bob Builder <bob@example.net>"): string =>
  `Return-Path: <bob@example.net>\r\nFrom: ${from}\r\nTo: ${ANNA}\r\nSubject: ${subject}\r\nMessage-ID: <${id}@example.net>\r\n\r\nhello\r\n`;

const DAY_MS = 86_400_000;

/** The command before real servers: drafts on mail that is stored, carried out, taken back, and told of. */
describe("tamis rules and why", { timeout: 240_000 }, () => {
  const system = new RunningSystem(ANNA, SENDING);
  const { site } = system;
  const stored = async (): Promise<readonly string[]> =>
    (await system.dovecot.listAll(ANNA))
      .map(({ folder, messageId, flags }) => [folder, messageId.replace(/^<|@.*$/g, ""), ...flags].join(" "))
      .sort();
  const draft = (text = DRAFT): string => site.write("draft.sieve", text);
  const why = async (id: string): Promise<string> => {
    const run = await site.tamis(["why", ...FOR_ANNA, "--message-id", `<${id}@example.net>`]);
    assert.equal(run.code, 0, run.err);
    return run.out;
  };

  before(async () => {
    await system.start(async (dovecot) => {
      const at = (daysAgo: number): { readonly internalDate: Date } => ({
        internalDate: new Date(Date.now() - daysAgo * DAY_MS),
      });
      const inbox = [
        mail("=?UTF-8?Q?Pri=C3=A8re_urgent?=", "urgent"),
        mail("hello you", "hello"),
        mail("it says twice", "twice"),
        mail("nothing", "nothing"),
        mail("an offer\r\n\t\u001b[31mred", "offer", "=?utf-8?q?Pub=E2=80=AEx?= <pub@example.net>"),
      ];
      await dovecot.appendFast(ANNA, inbox, at(2));
      await dovecot.appendFast(ANNA, [mail("[info] old", "list-1"), mail("other", "list-2")], {
        folder: "Lists",
        ...at(3),
      });
      await dovecot.appendFast(ANNA, [mail("[info] gone", "trash")], { folder: "Trash", ...at(1) });
    });
    const put = await site.tamis(["scripts", "put", "main", "-", "--activate", ...FOR_ANNA], { stdin: ACTIVE });
    assert.equal(put.code, 0, put.err);
  });
  after(() => system.stop());

  it("refuses a draft with errors, with their place, and wrong usage", async () => {
    const file = draft('require "fileinto";\nif header :contains "subject" "x" { fileinto; }\n');
    const run = await site.tamis(["rules", "preview", ...FOR_ANNA, "--script", file]);
    assert.equal(run.code, 1);
    assert.match(run.err, /draft\.sieve:2:\d+: error: [\s\S]*\^[\s\S]*not tried: the script has errors/);
    const json = await site.tamis(["rules", "apply", ...FOR_ANNA, "--script", file, "--json"]);
    assert.deepEqual([json.code, JSON.parse(json.out).diagnostics[0].line], [1, 2]);
    for (const wrong of [
      [],
      ["--script", file, "--active"],
      ["--active", "--last", "0"],
      ["--active", "--last", "10001"],
    ])
      assert.equal((await site.tamis(["rules", "apply", ...FOR_ANNA, ...wrong])).code, 2, wrong.join(" "));
    assert.match(
      (await site.tamis(["rules", "preview", ...FOR_ANNA, "--active", "--folder", "No/Where"])).err,
      /there is no folder "No\/Where"/,
    );
  });

  it("previews what would go where, and what differs from the active script, and changes nothing", async () => {
    const before = await stored();
    const run = await site.tamis(["rules", "preview", ...FOR_ANNA, "--script", draft(), "--last", "500"]);
    assert.equal(run.code, 0, run.err);
    const lines = run.out.split("\n").map((line) => line.replace(/^[\d-]+ [\d:]+ +/, "").replace(/ {2,}/g, " | "));
    assert.deepEqual(lines.slice(0, 7).sort(), [
      "Bob Builder | Prière urgent | INBOX → INBOX, +\\Flagged | was: INBOX | Flags (line 7)",
      "Bob Builder | [info] old | Lists → Infos | was: Lists | Infos (line 3)",
      "Bob Builder | hello you | INBOX → INBOX | not done: vacation, redirect",
      "Bob Builder | it says twice | INBOX → B, copy to A | was: INBOX | Both (line 11) | not done: copies",
      "Bob Builder | nothing | INBOX → INBOX | not done: duplicate",
      "Bob Builder | other | Lists → INBOX | not done: duplicate",
      "Pub x | an offer [31mred | INBOX → discard | was: INBOX | Bins (line 5)",
    ]);
    assert.deepEqual(lines.slice(7), [
      "→ INBOX: 4 (was: 6)",
      "→ discard: 1 (was: 0)",
      "→ A: 1 (was: 0)",
      "→ B: 1 (was: 0)",
      "→ Infos: 1 (was: 0)",
      "→ Lists: 0 (was: 1)",
      "mails: 7, treated otherwise than by the active script: 4",
      "`tamis rules apply` would move 2 and flag 1 of them where they are now",
      "not carried out on stored mail: duplicate 2, copies 1, redirect 1, vacation 1",
    ]);
    const changes = await site.tamis(["rules", "preview", ...FOR_ANNA, "--script", draft(), "--changes", "--json"]);
    const json = changes.out.split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      json
        .slice(0, -1)
        .map(({ subject, changed }) => [subject, changed])
        .sort(),
      [
        ["Prière urgent", true],
        ["[info] old", true],
        ["an offer [31mred", true],
        ["it says twice", true],
      ],
    );
    assert.deepEqual([json.at(-1).mails, json.at(-1).changed], [7, 4]);
    assert.deepEqual(await stored(), before);
    assert.match((await site.tamis(["log", ...FOR_ANNA])).err, /no decision/, "a preview is none");
  });

  let run = "";

  it("applies a draft where the mails are, lists what it never does, and tells how to take it back", async () => {
    const applied = await site.tamis(["rules", "apply", ...FOR_ANNA, "--script", draft(), "--last", "500"]);
    assert.equal(applied.code, 0, applied.err);
    assert.match(applied.err, /^done: 7 \(.*\)\nnot carried out on stored mail: .*vacation 1.*\ntake it back: /m);
    for (const part of ["1 flagged", "1 moved", "1 discarded", "4 kept"])
      assert.ok(applied.err.includes(part), applied.err);
    run = /tamis rules undo (\S+)/.exec(applied.err)?.[1] ?? assert.fail(applied.err);
    assert.deepEqual(await stored(), [
      "INBOX hello",
      "INBOX nothing",
      "INBOX twice",
      "INBOX urgent \\Flagged",
      "Infos list-1",
      "Lists list-2",
      "Trash offer",
      "Trash trash",
    ]);
  });

  it("why tells of a mail that was moved, kept, or not moved as its rule wanted", async () => {
    await system.dovecot.deliver(ANNA, mail("[info] fresh", "fresh"));
    await system.dovecot.deliver(ANNA, mail("plain", "plain"));
    await system.dovecot.deliver(ANNA, mail("[nowhere] x", "failed"));
    await waitFor(
      async () => (await site.tamis(["log", ...FOR_ANNA, "--limit", "50"])).out.includes("no-such-folder"),
      {
        timeoutMs: 30_000,
      },
    );
    await waitFor(async () => (await stored()).includes("Lists fresh"), { timeoutMs: 30_000 });
    const moved = await why("fresh");
    assert.match(moved, /^now in Lists: /);
    assert.match(moved, /decided in INBOX by "main"\n {4}rule Lists, line 3 \(the owner's script\)\n/);
    assert.match(moved, /line 3: header subject "\[info\]": \[info\] fresh\n/);
    assert.match(moved, /moved to Lists$/);
    assert.match(await why("plain"), /no rule decided: the mail is kept where it is\n[\s\S]*kept in INBOX$/);
    assert.match(
      await why("failed"),
      /rule Nowhere, line 5 [\s\S]*not done, it stays in INBOX: there is no such folder$/,
    );
    const list = await why("list-1");
    assert.match(
      list,
      /^now in Infos: [\s\S]*a preview: nothing was done\n[\s\S]*decided in Lists by "[^"]*draft\.sieve"/,
    );
    assert.match(list, /rule Infos, line 3 [\s\S]*moved to Infos$/);
    assert.equal((await site.tamis(["why", ...FOR_ANNA, "--message-id", "<nobody@example.net>"])).code, 1);
    assert.equal((await site.tamis(["why"])).code, 2);
    const mailId = /now in Infos: (\S+)/.exec(list)?.[1] ?? "";
    assert.match((await site.tamis(["why", mailId])).out, /moved to Infos$/);
    const json = JSON.parse((await site.tamis(["why", mailId, "--json"])).out);
    assert.equal(json.story.at(-1).mail.newMailId, mailId);
  });

  it("takes a run back, once", async () => {
    const undo = await site.tamis(["rules", "undo", run]);
    assert.deepEqual([undo.code, undo.out, undo.err], [0, "taken back: 3", ""]);
    const now = await stored();
    for (const place of ["INBOX offer", "INBOX urgent", "Lists list-1", "Lists list-2", "Trash trash"])
      assert.ok(now.includes(place), `${place} in ${now}`);
    const again = await site.tamis(["rules", "undo", run]);
    assert.deepEqual([again.code, /nothing to take back/.test(again.out)], [0, true]);
    assert.match(await why("list-1"), /taken back: moved to Lists$/);
    assert.match((await site.tamis(["log", ...FOR_ANNA])).out, /taken back → Lists {2}\[moved, /);
    assert.equal((await site.tamis(["rules", "undo", "nonsense"])).code, 2);
  });

  it("applies the active script, and leaves alone in undo what its owner moved since", async () => {
    const applied = await site.tamis(["rules", "apply", ...FOR_ANNA, "--active", "--folder", "Trash", "--json"]);
    const summary = JSON.parse(applied.out.split("\n").at(-1) ?? "");
    assert.deepEqual([applied.code, summary.mails, summary.results], [0, 1, { moved: 1 }]);
    const owner = await system.dovecot.imap(ANNA);
    await owner.mailboxOpen("Lists");
    await owner.messageMove({ header: { "message-id": "<trash@example.net>" } }, "Infos");
    await owner.logout();
    const undo = await site.tamis(["rules", "undo", summary.run]);
    assert.deepEqual([undo.code, undo.out], [1, "taken back: 0"]);
    assert.match(undo.err, /no longer in Lists: its owner moved or deleted it/);
    assert.ok((await stored()).includes("Infos trash"));
  });
});
