import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage, readReport } from "@tamis/message";
import { type Case, mailOf } from "../test/decide.ts";
import { actionOf } from "../test/records.ts";
import { outgoingMail } from "./outgoing-mail.ts";

const posting = {
  messageId: "<reply@example.net>",
  date: Date.UTC(2024, 1, 29, 23, 30, 15),
  recipient: "bob@example.net",
  host: "mx.example.net",
};
const mail = mailOf(
  "From: Zoé <alice@example.org>",
  "To: bob@example.net",
  "Subject: Where?",
  "Message-ID: <1@example.org>",
  "",
  "Hi",
  "",
);
const facts = { envelope: { from: "alice@example.org", to: "bob@example.net" } };

function sent(kind: "vacation" | "reject" | "notify", given: Case) {
  const message = readMessage(Buffer.from(given.mail ?? mail));
  const made = outgoingMail(actionOf(kind, { mail, facts, ...given }), message, posting);
  assert.ok(made !== null);
  assert.doesNotMatch(made.raw, /[^\r]\n|\r[^\n]/);
  assert.match(made.raw, /\r\n$/);
  return { ...made, message: readMessage(Buffer.from(made.raw)) };
}

const field = (message: ReturnType<typeof readMessage>, name: string): string => message.headers(name)[0]?.text() ?? "";

describe("what is sent", () => {
  it("a vacation reply", () => {
    const { from, to, message } = sent("vacation", { script: 'require "vacation"; vacation "Parti jusqu\'à lundi";' });
    assert.deepEqual([from, to], [null, ["alice@example.org"]]);
    assert.equal(field(message, "from"), "bob@example.net");
    assert.equal(field(message, "to"), "Zoé <alice@example.org>");
    assert.equal(field(message, "subject"), "Auto: Where?");
    assert.equal(field(message, "in-reply-to"), "<1@example.org>");
    assert.equal(field(message, "auto-submitted"), "auto-replied (vacation)");
    assert.equal(field(message, "date"), "Thu, 29 Feb 2024 23:30:15 +0000");
    assert.equal(field(message, "message-id"), "<reply@example.net>");
    assert.equal(message.root.text().trim(), "Parti jusqu'à lundi");
  });

  it("a reply that is a MIME entity", () => {
    const script = 'require "vacation"; vacation :mime "MIME-Version: 1.0\nContent-Type: text/html\n\n<p>Away</p>";';
    const { message, raw } = sent("vacation", { script });
    assert.equal(message.root.type, "text/html");
    assert.equal(raw.match(/^mime-version/gim)?.length, 1);
  });

  it("no field that the script did not mean", () => {
    const script = 'require "vacation"; vacation :subject "a\r\nBcc: x@y.z" "Away";';
    assert.deepEqual(sent("vacation", { script }).message.headers("bcc"), []);
  });

  it("a rejection as an MDN", () => {
    const { from, to, message } = sent("reject", { script: 'require "reject"; reject "Write to\nsomebody else";' });
    assert.deepEqual([from, to], [null, ["alice@example.org"]]);
    assert.equal(message.root.children.length, 3);
    const report = readReport(message);
    assert.ok(report?.kind === "mdn");
    assert.equal(report.disposition, "deleted");
    assert.match(message.root.children[0]?.text() ?? "", /^Write to\r\nsomebody else/);
    assert.match(message.root.children[2]?.text() ?? "", /^From: Zo/);
  });

  it("a rejection as a DSN", () => {
    const { message } = sent("reject", { script: 'require "ereject"; ereject "No é";' });
    const report = readReport(message);
    assert.ok(report?.kind === "dsn");
    assert.equal(report.recipients[0]?.action, "failed");
    assert.equal(message.root.children[1]?.type, "message/delivery-status");
  });

  it("a notification", () => {
    const script = 'require "enotify"; notify :message "Un été" "mailto:carol@example.com?body=See";';
    const { from, to, message } = sent("notify", { script });
    assert.deepEqual([from, to], ["bob@example.net", ["carol@example.com"]]);
    assert.equal(field(message, "subject"), "Un été");
    assert.equal(field(message, "auto-submitted"), 'auto-notified; owner-email="bob@example.net"');
    assert.equal(message.root.text().trim(), "See");
  });

  it("nothing where nobody must be told", () => {
    const quiet = { mail, facts: { envelope: { from: null } } };
    const message = readMessage(Buffer.from(mail));
    for (const given of [
      actionOf("vacation", { script: 'require "vacation"; vacation "a";', ...quiet }),
      actionOf("reject", { script: 'require "reject"; reject "a";', ...quiet }),
    ]) {
      assert.equal(outgoingMail(given, message, posting), null);
    }
  });
});
