import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sending } from "@tamis/contracts";
import {
  COPY,
  decideOne,
  delivery,
  fakeOutbox,
  fresh,
  loaded,
  NOTIFY,
  NOW,
  OLD,
  REDIRECT,
  REJECT,
  REPORT,
  VACATION,
  world,
} from "../test/plain-world.ts";
import type { MailboxAsker } from "./needs.ts";
import { onMailReceived } from "./on-mail-received.ts";
import type { Submit } from "./sender.ts";

describe("a submission", () => {
  it("names the mail, and each sending the same at each repetition", async () => {
    const outbox = fakeOutbox();
    await decideOne({ submit: outbox.submit, script: loaded(REDIRECT) });
    await decideOne({ submit: outbox.submit, script: loaded(`# moved\n\n${REDIRECT.replace("example", "EXAMPLE")}`) });
    const [first, again] = outbox.submissions;
    const { sendings, ...about } = first?.head ?? assert.fail();
    assert.deepEqual(about, {
      v: 1,
      accountId: "a1",
      address: "anna@example.org",
      mailId: "a1/8b9f2e1c/7/1",
      fingerprint: "0000000000000001",
      internalDate: NOW,
    });
    const want: Sending = {
      key: sendings[0]?.key ?? "",
      kind: "redirect",
      from: "bob@example.net",
      to: ["carla@example.com"],
      messageId: "<m@example.net>",
      body: 0,
      cancelsKeep: true,
      hold: false,
    };
    assert.deepEqual(sendings, [want]);
    assert.equal(again?.head.sendings[0]?.key, want.key);
    assert.ok(!want.key.includes("carla"));
  });

  it("says where a copy of what is sent is to be filed, read unless the script says otherwise", async () => {
    for (const [tags, want] of [
      ['"Sent"', { mailbox: "Sent", create: false, flags: ["\\Seen"] }],
      [
        '"Out" :create :specialuse "\\\\Sent" :flags ["\\\\Flagged", "Away"]',
        { mailbox: "Out", create: true, specialUse: "\\Sent", flags: ["\\Flagged", "Away"] },
      ],
      ['"Out" :flags ""', { mailbox: "Out", create: false, flags: [] }],
    ] as const) {
      const outbox = fakeOutbox();
      const requires = '["vacation", "fcc", "mailbox", "special-use", "imap4flags"]';
      const script = loaded(`require ${requires}; vacation :fcc ${tags} "Away.";`);
      const asker = { specialUse: async () => new Map<string, readonly string[]>() };
      const first = await decideOne({ submit: outbox.submit, asker, script });
      assert.deepEqual(outbox.sendings()[0]?.fcc, want);
      assert.equal(first.decided().error, undefined);
    }
  });

  it("says whether the mail leaves because of it", async () => {
    for (const [script, meta, want] of [
      [REDIRECT, {}, true],
      [`${REDIRECT} discard;`, {}, true],
      [`require "fileinto"; fileinto "A"; ${REDIRECT}`, {}, false],
      [COPY, {}, false],
      [REJECT, {}, true],
      [VACATION, {}, false],
      [REDIRECT, OLD.meta, false],
    ] as const) {
      const outbox = fakeOutbox();
      await decideOne({ submit: outbox.submit, script: loaded(script) }, { meta });
      const [sending] = outbox.sendings();
      assert.deepEqual([sending?.cancelsKeep, sending?.hold], [want, meta === OLD.meta], script);
    }
  });

  it("is asked for before anything is published", async () => {
    const order: string[] = [];
    const { submit } = fakeOutbox(() => {
      order.push("submitted");
      return { state: "stored" };
    });
    const { deps } = world({ submit, script: loaded(REDIRECT) });
    const publish = async () => order.push("published");
    await onMailReceived(delivery([{ uid: 1, text: fresh("Subject: x") }]), { ...deps, publish });
    assert.deepEqual(order, ["submitted", "published"]);
  });

  it("is of whole mails only: what was cut is fetched", async () => {
    const whole = Buffer.from(fresh("Subject: x").replaceAll("\n", "\r\n"));
    const outbox = fakeOutbox();
    const wholeMail: MailboxAsker["wholeMail"] = async () => ({ kind: "whole", raw: whole });
    for (const size of [whole.length, 10]) {
      // QUIRK: Exchange tells sizes that are too small; what is more than that may have been cut too.
      const text = whole.subarray(0, -4).toString().replaceAll("\r\n", "\n");
      await decideOne(
        { submit: outbox.submit, script: loaded(REDIRECT), asker: { wholeMail } },
        { text, meta: { size } },
      );
      assert.equal(outbox.body(), whole.toString());
    }
  });

  it("is none of a mail that is gone, and none of one that is too large", async () => {
    for (const [kind, want, error] of [
      ["gone", undefined, undefined],
      ["too-large", "too-large", /too large/],
    ] as const) {
      const outbox = fakeOutbox();
      const asker = { wholeMail: async () => ({ kind, begin: Buffer.alloc(0) }) };
      const made = await decideOne(
        { submit: outbox.submit, script: loaded(REDIRECT), asker },
        { meta: { size: 99_999 } },
      );
      assert.deepEqual([made.destination(), outbox.submissions.length], ["stay", 0]);
      assert.equal(made.decided().sendings?.[0]?.reason, want);
      if (error !== undefined) assert.match(made.decided().error ?? "", error);
    }
  });

  it("redirects the mail as it came, with what the script changed before, never its signature", async () => {
    const script = loaded(`require "editheader"; addheader "X-Seen" "yes"; ${REDIRECT}`);
    const outbox = fakeOutbox();
    await decideOne({ submit: outbox.submit, script });
    assert.ok(outbox.body().startsWith("X-Seen: yes\r\nReturn-Path:"));
    const signed = fresh("Subject: x", 'Content-Type: multipart/signed; boundary="b"');
    await decideOne({ submit: outbox.submit, script }, { text: signed });
    assert.equal(outbox.body(), signed.replaceAll("\n", "\r\n"));
  });

  it("sends one body once, and asks two layers' redirect to one address once", async () => {
    const outbox = fakeOutbox();
    const both = 'redirect "carla@example.com"; redirect "dora@example.com";';
    await decideOne({ submit: outbox.submit, script: loaded(both), before: [COPY] });
    assert.deepEqual(
      outbox.sendings().map(({ to, body }) => [to[0], body]),
      [
        ["carla@example.com", 0],
        ["dora@example.com", 0],
      ],
    );
    assert.equal(outbox.submissions[0]?.bodies.length, 1);
  });

  it("keeps the mail when only some of its redirects are stored", async () => {
    const outbox = fakeOutbox(({ to }) =>
      to[0] === "carla@example.com" ? { state: "stored" } : { state: "refused", reason: "loop" },
    );
    const both = 'redirect "carla@example.com"; redirect "dora@example.com";';
    const { destination, decided } = await decideOne({ submit: outbox.submit, script: loaded(both) });
    assert.equal(destination(), "stay");
    assert.match(decided().error ?? "", /redirect was refused/);
  });

  it("is an MDN of reject, a DSN of ereject, both from nobody", async () => {
    for (const [command, type] of [
      ["reject", "disposition-notification"],
      ["ereject", "delivery-status"],
    ] as const) {
      const outbox = fakeOutbox();
      await decideOne({ submit: outbox.submit, script: loaded(`require "${command}"; ${command} "No.";`) });
      const [sending] = outbox.sendings();
      assert.deepEqual([sending?.kind, sending?.from, sending?.to], ["reject", null, ["bob@example.net"]]);
      assert.ok(outbox.body().includes(`report-type=${type}`));
      assert.match(outbox.body(), /\r\nMessage-ID: <tamis\.reject\.[0-9a-f]{16}@example\.org>\r\n/);
    }
  });

  it("is a reply from nobody, and a notice and a report from the owner", async () => {
    const froms: (string | null | undefined)[] = [];
    for (const script of [VACATION, NOTIFY, REPORT]) {
      const outbox = fakeOutbox();
      await decideOne({ submit: outbox.submit, script: loaded(script) });
      froms.push(outbox.sendings()[0]?.from);
      assert.ok(outbox.body().endsWith("\r\n"));
    }
    assert.deepEqual(froms, [null, "anna@example.org", "anna@example.org"]);
  });

  it("leaves out a reply beside the organisation's refusal", async () => {
    const outbox = fakeOutbox();
    const { destination } = await decideOne({ submit: outbox.submit, before: [VACATION], script: loaded(REJECT) });
    assert.deepEqual(
      outbox.sendings().map(({ kind }) => kind),
      ["reject"],
    );
    assert.equal(destination(), "discard");
  });

  it("is none to an address that no server can be told, and none of an empty mail", async () => {
    const outbox = fakeOutbox();
    const settings = { authentication: { authservIds: new Set(["mx.example.org"]), fields: 1 } };
    const text = fresh("Subject: x").replaceAll("bob@example.net", "ab");
    const asker: Partial<MailboxAsker> = { specialUse: async () => new Map([["\\junk", ["Spam"]]]) };
    const rejected = await decideOne({ submit: outbox.submit, script: loaded(REJECT), settings, asker }, { text });
    assert.deepEqual([rejected.destination(), rejected.decided().sendings?.[0]?.reason], ["Spam", "bad-address"]);
    const empty = await decideOne({ submit: outbox.submit, script: loaded(REDIRECT) }, { text: "" });
    assert.deepEqual([empty.destination(), empty.decided().sendings?.[0]?.reason], ["stay", "nothing-to-send"]);
    assert.equal(outbox.submissions.length, 0);
  });

  it("that outbox does not know keeps the mail, and an operator learns of it", async () => {
    const submit: Submit = async () => ({ kind: "refused", reason: "version 1 is not known" });
    const { destination, decided, logged } = await decideOne({ submit, script: loaded(REDIRECT) });
    assert.equal(destination(), "stay");
    assert.match(decided().error ?? "", /not accepted/);
    assert.deepEqual(logged, ["refused: version 1 is not known"]);
  });
});
