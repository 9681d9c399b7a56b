import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { htmlToText, type Message, readMessage, walk } from "@tamis/message";
import { type DovecotServer, startDovecot } from "@tamis/testkit";
import { fetchMails, type Portion } from "../src/fetch-mails.ts";
import type { FetchedMail } from "../src/imap/fetched-mail.ts";
import { ImapSession } from "../src/imap/imap-session.ts";

const ada = "ada@ac.test";

async function openInbox({ imapPort, password }: DovecotServer): Promise<ImapSession> {
  const socket = connect(imapPort, "127.0.0.1");
  await once(socket, "connect");
  const session = new ImapSession({ read: socket, write: socket, socket }, [], {
    silenceMs: 30_000,
    doneMs: 5_000,
    onExists: () => undefined,
    onClosed: () => undefined,
  });
  await session.command(`LOGIN "${ada}" "${password}"`);
  await session.select("INBOX");
  return session;
}

async function fetchAs(session: ImapSession, reads: Portion["reads"]): Promise<readonly FetchedMail[]> {
  const mails: FetchedMail[] = [];
  await fetchMails(session, "1:*", { reads, inlineBytes: 256 * 1024 }, (mail) => mails.push(mail));
  return mails.sort((a, b) => a.uid - b.uid);
}

/** What rules on texts and on the headers of parts see. */
const seen = (message: Message): readonly unknown[] =>
  [...walk(message.root)].map((part) => [
    part.type,
    part.filename,
    part.children.length,
    part.type === "text/html" ? htmlToText(part.text()) : part.text(),
  ]);

const asMessage = ({ bytes, size, omission }: FetchedMail): Message =>
  readMessage(bytes, omission === undefined ? { size } : { size, omission });

const HEAD = "From: a@ac.test\r\nTo: ada@ac.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n";
const LONG = `${"QUJDREVGR0g".repeat(6)}\r\n`.repeat(1_500);
const pdf = (more = ""): string =>
  `Content-Type: application/pdf; name="n.pdf"\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${LONG}`;
const plain = (text: string): string => `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
const multi = (parts: readonly string[], boundary = "=_b", type = "mixed"): string =>
  [
    `Content-Type: multipart/${type}; boundary="${boundary}"\r\n\r\n`,
    ...parts.map((part) => `--${boundary}\r\n${part}\r\n`),
    `--${boundary}--\r\n`,
  ].join("");

const enclosed = `Content-Type: message/rfc822\r\n\r\nFrom: b@ac.test\r\nSubject: inner\r\n${multi([plain("dedans"), "Content-Type: application/pdf\r\n\r\nQUJD"], "in")}`;

/** Whose attachments can stay on the server. */
const mixed: Readonly<Record<string, string>> = {
  "text before": HEAD + multi([plain("à lire"), pdf()]),
  "text behind": HEAD + multi([pdf(), plain("pied de page")]),
  "alternatives inside":
    HEAD + multi([multi([plain("un"), "Content-Type: text/html\r\n\r\n<p>deux</p>"], "alt", "alternative"), pdf()]),
  "a boundary within a boundary": HEAD + multi([multi([plain("un"), pdf()], "b2", "related"), plain("deux")], "b"),
  "no Content-Type in a part": HEAD + multi(["\r\nsans rien", pdf()]),
  "a preamble and an epilogue": `${HEAD}${multi([plain("un"), pdf()]).replace("--=_b", "avant\r\n--=_b")}après\r\n`,
  "bare line ends": (HEAD + multi([plain("un\ndeux"), pdf()])).replaceAll("\r\n", "\n"),
  "no end": (HEAD + multi([plain("un"), pdf()])).replace("--=_b--\r\n", ""),
  "an attachment alone": HEAD + pdf(),
  "an enclosed mail beside": HEAD + multi([enclosed, pdf()]),
};

/** Which must travel whole, or where the server and we see other parts. */
const whole: Readonly<Record<string, string>> = {
  "only text": HEAD + plain("rien d'autre\r\n".repeat(8_000)),
  "an attachment not worth it":
    HEAD + multi([plain("texte\r\n".repeat(12_000)), "Content-Type: image/png\r\n\r\nAAAA"]),
  "a short mail with an attachment": HEAD + multi([plain("un"), pdf().slice(0, 60_000)]),
  "a multipart without boundary": `${HEAD}Content-Type: multipart/mixed\r\n\r\n--=_b\r\n${plain("un")}\r\n--=_b\r\n${pdf()}\r\n--=_b--\r\n`,
  "too many parts": HEAD + multi([...Array.from({ length: 30 }, (_, index) => plain(`${index}`)), pdf()]),
};

describe("mail without its attachments", () => {
  it("says to rules on texts what the whole mail says, whatever it is made of", async () => {
    await using dovecot = await startDovecot();
    const all = { ...mixed, ...whole };
    await dovecot.appendFast(
      ada,
      Object.values(all).map((text) => Buffer.from(text)),
    );
    const session = await openInbox(dovecot);
    const given = await fetchAs(session, "texts");
    const asItIs = await fetchAs(session, "whole");
    for (const [index, name] of Object.keys(all).entries()) {
      const [texts, mail] = [given[index], asItIs[index]];
      assert.ok(texts !== undefined && mail !== undefined);
      assert.deepEqual([texts.uid, texts.size], [mail.uid, mail.size]);
      assert.equal(texts.omission !== undefined, name in mixed, name);
      if (texts.omission === undefined) continue;
      const message = asMessage(texts);
      assert.ok(message.hasTexts && !message.complete, name);
      assert.ok(texts.bytes.length < mail.bytes.length / 2, name);
      assert.deepEqual(seen(message), seen(asMessage(mail)), name);
    }
    session.close();
  });

  it("is not believed where the server sees a text as something else", () => {
    const read = (type: string) =>
      readMessage(Buffer.from(HEAD + multi([plain("un"), `Content-Type: ${type}\r\n\r\n`])), {
        size: 10_000,
        omission: { parts: 2, omitted: [1] },
      }).hasTexts;
    assert.deepEqual(["application/pdf", "text/x-log", "message/rfc822", "pdf"].map(read), [true, false, false, false]);
  });

  it("is not believed where the server counts other parts", () => {
    for (const parts of [1, 3])
      assert.equal(
        readMessage(Buffer.from(HEAD + multi([plain("un"), pdf()])), { omission: { parts, omitted: [] } }).hasTexts,
        false,
      );
  });
});
