import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage, readReport } from "@tamis/message";
import type { SinkAnswers, SunkMail } from "@tamis/testkit";
import { handBack } from "./relay.ts";
import { school } from "./school.ts";
import { tracker } from "./tracker.ts";

const accounts = school();
const [account] = accounts;
assert.ok(account);

const mailTo = (...to: readonly string[]): SunkMail => ({
  from: "",
  to,
  raw: Buffer.from("Message-ID: <a@b.example>\r\nSubject: x\r\n\r\nhello\r\n"),
  mailParameters: {},
  recipientParameters: [],
  user: undefined,
  authzid: "",
  secure: false,
});

/** What the relay answers, and what Dovecot was given: it refuses where `refuses`. */
function openRelay(refuses = false) {
  const delivered: string[] = [];
  const seen = tracker(() => assert.fail("nothing was applied"));
  let answers: SinkAnswers = {};
  const returned = handBack({
    relay: {
      answer: (given) => {
        answers = given;
      },
    },
    dovecot: {
      deliver: async (to, _raw, sender) => {
        if (refuses) throw new Error("452 full");
        delivered.push(`${sender} → ${to}`);
        return { acceptedAtMs: 1 };
      },
    },
    tracker: seen,
    accounts,
  });
  const take = async (mail: SunkMail) => answers.data?.(mail);
  return { take, delivered, seen, returned };
}

describe("the relay of the demo", () => {
  it("hands mail for the school's mailboxes to Dovecot, to be followed as any other", async () => {
    const { take, delivered, seen, returned } = openRelay();
    assert.equal(await take(mailTo(account.address)), "accept");
    assert.deepEqual(delivered, [` → ${account.address}`]);
    assert.equal(seen.pending().length, 1);
    assert.deepEqual(returned, [{ to: account.address, messageId: "<a@b.example>" }]);
  });

  it("takes all other mail, which goes nowhere", async () => {
    const { take, delivered, seen, returned } = openRelay();
    assert.equal(await take(mailTo("seller@fournitures.example")), "accept");
    assert.deepEqual([delivered, seen.pending(), returned], [[], [], []]);
  });

  it("reports, to the subaddress that it came from, that the school has no such mailbox; reports on reports it does not", async () => {
    const { take, delivered, seen, returned } = openRelay();
    const [local, domain] = account.address.split("@");
    const [from, to] = [`${local}+token@${domain}`, `nobody@${domain}`];
    assert.equal(await take({ ...mailTo(to), from }), "accept");
    assert.deepEqual(delivered, [` → ${from}`]);
    const [report] = seen.pending();
    const read = readReport(readMessage(report?.raw ?? assert.fail()));
    assert.ok(read?.kind === "dsn");
    assert.deepEqual(
      read.recipients.map(({ finalRecipient, action }) => [finalRecipient?.address, action]),
      [[to, "failed"]],
    );
    assert.deepEqual(read.returned?.messageId, "<a@b.example>");
    assert.equal(await take({ ...mailTo(to), from: "" }), "accept");
    assert.deepEqual([delivered.length, returned.length], [1, 1]);
  });

  it("wants it again later where Dovecot does not take it", async () => {
    const { take, seen, returned } = openRelay(true);
    assert.match((await take(mailTo(account.address))) ?? "", /^451 /);
    assert.deepEqual([seen.pending(), returned], [[], []]);
  });

  it("lets one reader tell that a mail was displayed which asks for it", async () => {
    const { take, delivered, seen } = openRelay();
    const to = "claire.moreau@academie.example";
    const asking = { ...mailTo(to), from: "ce.0380001a+token@academie.example" };
    await take(asking);
    assert.deepEqual(delivered, [`${asking.from} → ${to}`]);
    const raw = Buffer.from(`Disposition-Notification-To: ${asking.from}\r\n${asking.raw}`);
    await take({ ...asking, raw });
    assert.deepEqual(delivered.slice(1), [`${asking.from} → ${to}`, ` → ${asking.from}`]);
    const receipt = readReport(readMessage(seen.pending().at(-1)?.raw ?? assert.fail()));
    assert.ok(receipt?.kind === "mdn");
    assert.deepEqual([receipt.finalRecipient?.address, receipt.disposition], [to, "displayed"]);
  });
});
