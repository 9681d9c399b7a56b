import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decideOne, HEAD } from "../test/plain-world.ts";
import { replyIn, tellOfReply } from "./replies.ts";
import { SendingDelayed } from "./sender.ts";

const OURS = "<tamis.until-reply.0b1c2d.3@mx.example.org>";
const octets = (header: string, body = "ok"): Buffer =>
  Buffer.from(`${header.replaceAll("\n", "\r\n")}\r\n\r\n${body}`);
const from = "From: Bob <bob@example.com>\n";

describe("an answer to what is sent until somebody answers", () => {
  const cases = [
    ["In-Reply-To", `${from}In-Reply-To: ${OURS}`, [OURS]],
    ["References, folded, among others", `${from}References: <1@b.example>\n ${OURS}\n <2@b.example>`, [OURS]],
    ["both, once", `${from}In-Reply-To: ${OURS}\nReferences: ${OURS}`, [OURS]],
    ["another mail", `${from}In-Reply-To: <tamis.draft.0b1c2d.1@mx.example.org>`, []],
    ["an automatic one", `${from}Auto-Submitted: auto-replied\nIn-Reply-To: ${OURS}`, []],
    ["an old responder's", `${from}Precedence: auto_reply\nIn-Reply-To: ${OURS}`, []],
    ["a report", `${from}Content-Type: multipart/report; boundary=b\nReferences: ${OURS}`, []],
    ["a report that stands alone", `${from}Content-Type: message/delivery-status\nReferences: ${OURS}`, []],
    ["a bounce in words, from <>", `Return-Path: <>\n${from}In-Reply-To: ${OURS}`, []],
    [
      "Exim's, where the server keeps no Return-Path",
      `${from}X-Failed-Recipients: b@x.example\nReferences: ${OURS}`,
      [],
    ],
    ["a mailer's", `From: Mail Delivery System <MAILER-DAEMON@mx.example>\nIn-Reply-To: ${OURS}`, []],
    ["a person's, with its Return-Path", `Return-Path: <bob@example.com>\n${from}In-Reply-To: ${OURS}`, [OURS]],
    ["one who says that no machine made it", `${from}Auto-Submitted: no\nIn-Reply-To: ${OURS}`, [OURS]],
  ] as const;
  for (const [name, header, want] of cases)
    it(name, () => assert.deepEqual(replyIn(octets(header))?.messageIds ?? [], want));

  it("is none where only its text names the mail", () => {
    assert.equal(replyIn(octets(from, `In-Reply-To: ${OURS}`)), null);
  });

  it("says who wrote it: whose own it is, others know", () => {
    const authors = (field: string) => replyIn(octets(`From: ${field}\nIn-Reply-To: ${OURS}`))?.from;
    assert.deepEqual(authors("anna@example.org"), ["anna@example.org"]);
    assert.deepEqual(authors("Bob <bob@example.com>, Carl <carl@example.com>"), [
      "bob@example.com",
      "carl@example.com",
    ]);
    assert.deepEqual(authors(`${"x".repeat(1000)}@example.org`), []);
  });
});

describe("what is told of it", () => {
  const mail = { raw: octets(`${from}In-Reply-To: ${OURS}`) };

  it("is told before the mail is decided on, and waits while it cannot be told", async () => {
    const told: unknown[] = [];
    await tellOfReply(mail, HEAD, async (...given) => void told.push(given));
    assert.deepEqual(told, [[HEAD.accountId, { messageIds: [OURS], from: ["bob@example.com"] }]]);
    await assert.rejects(
      tellOfReply(mail, HEAD, async () => {
        throw new RetryLater("nobody answers");
      }),
      SendingDelayed,
    );
  });

  it("is nothing of mail that is only looked at", async () => {
    for (const more of [{ purpose: "sort" }, { purpose: "preview" }, { mode: "observe" }, { dryRun: true }] as const)
      await tellOfReply(mail, { ...HEAD, ...more }, async () => assert.fail());
    await tellOfReply(mail, HEAD, null);
  });

  it("leaves the mail where its rules want it", async () => {
    const told: string[] = [];
    const made = await decideOne(
      { tellReplies: async (_, { messageIds }) => void told.push(...messageIds) },
      { text: `${from}In-Reply-To: ${OURS}\n\nok` },
    );
    assert.deepEqual([made.destination(), told], ["stay", [OURS]]);
  });
});
