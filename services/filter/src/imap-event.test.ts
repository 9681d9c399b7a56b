import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BatchHead, ImapEvent, Plan } from "@tamis/contracts";
import { delivery, fakeOutbox, NOW, world } from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";

const HEAD: Partial<BatchHead> = {
  purpose: "event",
  folder: { id: "0a0b0c0d", name: "Spam", uidValidity: 9 },
  watched: { folder: "\\Junk", user: "anna" },
};
const COPY: ImapEvent = { key: "new", cause: "COPY", after: NOW - 60_000 };
const FLAG: ImapEvent = { key: "77", cause: "FLAG", changedFlags: ["\\Flagged", "$x"], after: NOW - 60_000 };

interface Given {
  readonly script: string;
  readonly event?: ImapEvent;
  readonly flags?: readonly string[];
  readonly mode?: "observe" | "act";
}

async function run({ script, event = COPY, flags = [], mode = "act" }: Given) {
  const outbox = fakeOutbox();
  const result = world({ onEvent: [script], submit: outbox.submit });
  const mail = { uid: 4, text: "Subject: x\n\nbody\n", meta: { event, flags: [...flags] } };
  await onMailReceived(delivery([mail], { ...HEAD, mode }), result.deps);
  return { ...result, outbox };
}

const words = ({ copies, destination }: Plan): string => {
  const place = destination.kind === "folder" ? `move ${destination.mailbox}` : destination.kind;
  const flags =
    destination.kind === "discard"
      ? []
      : [...destination.addFlags.map((flag) => `+${flag}`), ...destination.removeFlags.map((flag) => `-${flag}`)];
  return [...copies.map(({ mailbox }) => `copy ${mailbox}`), place, ...flags].join(" ");
};

describe("a script that runs on IMAP events", () => {
  for (const { name, script, flags, want } of [
    { name: "the implicit keep leaves the mail as it is", script: "if false { discard; }", want: "stay" },
    { name: "keep", script: "keep;", want: "stay" },
    {
      name: "fileinto moves: copy, \\Deleted, UID EXPUNGE",
      script: 'require "fileinto"; fileinto "A";',
      want: "move A",
    },
    {
      name: "fileinto :copy copies",
      script: 'require ["fileinto", "copy"]; fileinto :copy "A";',
      want: "copy A stay",
    },
    { name: "fileinto and keep", script: 'require "fileinto"; fileinto "A"; keep;', want: "copy A stay" },
    {
      name: "fileinto of a changed mail leaves the original, marked",
      script: 'require ["fileinto", "editheader"]; addheader "X" "y"; fileinto "A";',
      want: "copy A stay +\\Deleted",
    },
    {
      name: "changes to a mail that is kept are dropped",
      script: 'require "editheader"; addheader "X" "y";',
      want: "stay",
    },
    { name: "discard marks", script: "discard;", want: "stay +\\Deleted" },
    { name: "discard beside keep", script: "discard; keep;", want: "stay" },
    {
      name: "flags",
      script: 'require "imap4flags"; addflag "$Seen1"; removeflag "\\\\Seen";',
      flags: ["\\Seen"],
      want: "stay +$Seen1 -\\Seen",
    },
    { name: "redirect marks what left", script: 'redirect "bob@example.net";', want: "stay +\\Deleted" },
    { name: "redirect :copy", script: 'require "copy"; redirect :copy "bob@example.net";', want: "stay" },
    { name: "an error keeps", script: 'require "envelope"; if envelope "to" "a" { discard; }', want: "stay" },
  ])
    it(name, async () => {
      const { command } = await run({ script, ...(flags === undefined ? {} : { flags }) });
      const { decisions, stored, events, folder } = command();
      assert.deepEqual([stored, events, folder.name, decisions[0]?.event], [true, true, "Spam", "new"]);
      assert.equal(words(decisions[0]?.plan ?? assert.fail()), want);
    });

  it("is told what happened", async () => {
    const test = (item: string, value: string) => `environment "imap.${item}" "${value}"`;
    const script = `require ["environment", "imap4flags"]; if allof (${[
      test("cause", "FLAG"),
      test("mailbox", "Spam"),
      test("user", "anna"),
      test("email", "anna@example.org"),
      test("changedflags", "\\\\Flagged $x"),
      'hasflag "$x"',
    ].join(", ")}) { discard; }`;
    const { command, decided } = await run({ script, event: FLAG, flags: ["$x"] });
    assert.deepEqual([decided().cause, decided().folder], ["FLAG", "Spam"]);
    assert.equal(words(command().decisions[0]?.plan ?? assert.fail()), "stay +\\Deleted");
  });

  it("sends as the owner, once for each event, also because of an old mail", async () => {
    const script = 'require ["copy", "enotify"]; redirect :copy "bob@example.net"; notify "mailto:carl@example.net";';
    const first = (await run({ script })).outbox;
    const again = (await run({ script })).outbox;
    const other = (await run({ script, event: FLAG })).outbox;
    const keys = (outbox: typeof first) => outbox.sendings().map(({ key }) => key);
    assert.equal(first.sendings().length, 2);
    assert.equal(first.sendings()[0]?.from, "anna@example.org");
    assert.deepEqual(keys(first), keys(again), "the same event");
    assert.equal(new Set([...keys(first), ...keys(other)]).size, 4, "another event of the same mail");
    assert.equal(new Set([first, again, other].map((outbox) => outbox.sendings()[1]?.messageId)).size, 2);
    assert.deepEqual(
      first.sendings().map(({ hold, cancelsKeep }) => [hold, cancelsKeep]),
      [
        [false, false],
        [false, false],
      ],
    );
  });

  it("tells nobody of what may have happened long ago", async () => {
    const event = { ...COPY, after: NOW - 2 * 24 * 3_600_000 };
    const { outbox, decided } = await run({ script: 'require "enotify"; notify "mailto:carl@example.net";', event });
    assert.deepEqual(outbox.sendings(), []);
    assert.equal(decided().sendings?.[0]?.reason, "old");
  });

  it("sends nothing in mode observe", async () => {
    const { outbox, command } = await run({ script: 'redirect "bob@example.net";', mode: "observe" });
    assert.deepEqual([outbox.sendings(), command().mode], [[], "observe"]);
  });
});
