import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CircularDraftHead, encodeCircularDraft } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import type { TokenKeys } from "@tamis/tokens";
import { outboxConfig } from "../config.ts";
import type { OutgoingMail } from "../smtp/outgoing-mail.ts";
import { openTracking } from "../tracking/tracking.ts";
import { type ComposeOptions, composeCircular } from "./composed-circular.ts";
import { openMessageIds } from "./message-ids.ts";

const key = (id: string, fill: number) => ({ id, secret: Buffer.alloc(32, fill) });
const older: TokenKeys = { current: key("aa", 1), old: [] };
const newer: TokenKeys = { current: key("bb", 2), old: [key("aa", 1)] };
const config = outboxConfig.parse({
  relay: { host: "smtp.example", name: "mx.academie.example" },
  receipts: { address: "retours@academie.example" },
});
const NUMBER = 1_000_000_007;
const unsubscribeKeys = { current: { id: "k1", secret: Buffer.alloc(32, 3) }, old: [] };

/** A mail of a circular whose recipient was added with the older keys; it is composed with `keys`. */
function mailOf(head: Partial<CircularDraftHead>, keys: TokenKeys | null = older, messageId?: string) {
  const draft: CircularDraftHead = {
    v: 1,
    from: { address: "rectorat@academie.example" },
    subject: "Rentrée",
    text: "Bonjour {{prenom}}",
    attachments: [],
    tracked: true,
    ...head,
  };
  const ids = openMessageIds(
    "00",
    config,
    openTracking(config.receipts, () => older),
  );
  const tracking = keys === null ? null : openTracking(config.receipts, () => keys);
  const options: ComposeOptions = {
    dkim: null,
    messageIdOf: ids.of,
    unsubscribeKeys,
    unsubscribeBase: null,
    tracking,
    linkKeys: () => older,
    certificates: { find: async () => new Map() },
    archives: true,
    cipher: "aes-256-gcm",
    language: "fr",
    now: () => new Date(0),
  };
  const composed = composeCircular(encodeCircularDraft({ head: draft, attachments: [] }), 7, options);
  assert.ok("mailFor" in composed);
  const reader = {
    id: NUMBER,
    address: "anne@college.example",
    name: null,
    fields: { prenom: "Anne" },
    messageId: messageId ?? ids.ofRecipient(NUMBER, head.receipts ?? "delivery"),
  };
  const made = composed.mailFor([reader], new Date(0));
  const mail: OutgoingMail = "octets" in made ? made : assert.fail("nothing is sealed here");
  const field = (name: string) => readMessage(mail.octets).headers(name)[0]?.raw().trim();
  return { ...mail, messageId: reader.messageId, field };
}

describe("a circular's mail", () => {
  it("carries one token in four places where it asks for a receipt, the same when keys are renewed in between", () => {
    for (const keys of [older, newer]) {
      const { from, envelopeId, messageId, field } = mailOf({ receipts: "read" }, keys);
      const token = envelopeId ?? assert.fail();
      assert.equal(messageId, `<${token}@mx.academie.example>`);
      assert.equal(field("Message-ID"), messageId);
      assert.equal(from, `retours+${token}@academie.example`);
      assert.equal(field("Disposition-Notification-To"), from);
      assert.match(token, /^aa[a-z2-7]{26}$/);
      assert.equal(field("From"), "rectorat@academie.example");
    }
  });

  it("asks servers, and not those who read it, where that is enough", () => {
    const { from, dsn, field } = mailOf({});
    assert.match(from ?? "", /^retours\+/);
    assert.equal(field("Disposition-Notification-To"), undefined);
    assert.deepEqual(dsn, { notify: ["SUCCESS", "FAILURE", "DELAY"], ret: "HDRS" });
  });

  it("says that its header is not ASCII where its author's address is not, though MAIL FROM is", () => {
    const { from, isUtf8 } = mailOf({ from: { address: "rené@academie.example" } });
    assert.match(from ?? "", /^retours\+/);
    assert.equal(isUtf8, true);
    assert.equal(mailOf({}).isUtf8, false);
  });

  for (const { name, mail } of [
    { name: "nobody is to be followed", mail: () => mailOf({ receipts: "none" }) },
    { name: "nothing is tracked any more", mail: () => mailOf({ receipts: "read" }, null) },
    { name: "its recipient was added before", mail: () => mailOf({ receipts: "read" }, older, "<1kmc.0a@mx.example>") },
    {
      name: "its key is gone",
      mail: () => mailOf({ receipts: "read" }, { current: key("bb", 2), old: [] }),
    },
  ])
    it(`comes back to whoever it is from where ${name}`, () => {
      const { from, dsn, field } = mail();
      assert.equal(from, "rectorat@academie.example");
      assert.equal(field("Disposition-Notification-To"), undefined);
      assert.deepEqual(dsn?.notify, ["FAILURE", "DELAY"]);
    });
});
