import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReceiptRequest } from "@tamis/contracts";
import { readMessage, readReport } from "@tamis/message";
import fc from "fast-check";
import { composeMdn, type Disposition } from "./compose-mdn.ts";

const REQUEST: ReceiptRequest = {
  to: ["head@college.example"],
  messageId: "<1@college.example>",
  originalRecipient: "rfc822;chef@academie.example",
  finalRecipient: "anna@academie.example",
  required: [],
};
const HEADER = [
  "From: Head <head@college.example>",
  "Subject: =?utf-8?Q?Conseil_de_3=C3=A8me?=",
  "Date: Mon, 2 Nov 2026 08:00:00 +0100",
  "Message-ID: <1@college.example>",
  "",
  "",
].join("\r\n");
const disposition = (more: Partial<Disposition> = {}): Disposition => ({
  accountId: "anna",
  fingerprint: "f1",
  request: REQUEST,
  mode: "automatic",
  header: Buffer.from(HEADER),
  language: "en",
  now: Date.UTC(2026, 10, 2, 9),
  ...more,
});
const read = (more: Partial<Disposition> = {}) => {
  const { raw } = composeMdn(disposition(more));
  const message = readMessage(raw);
  const report = readReport(message);
  assert.equal(report?.kind, "mdn");
  return { message, report, text: raw.toString("latin1") };
};

describe("a message disposition notification (RFC 8098 §3)", () => {
  it("is a report with words, fields and the header of the mail, and asks for none itself", () => {
    const { message, report, text } = read();
    const field = (name: string) => message.headers(name)[0]?.text();
    assert.match(field("content-type") ?? "", /^multipart\/report; report-type=disposition-notification;/);
    assert.deepEqual(["from", "to", "subject", "in-reply-to", "auto-submitted", "date"].map(field), [
      "<anna@academie.example>",
      "<head@college.example>",
      "Read: Conseil de 3ème",
      "<1@college.example>",
      "auto-replied",
      "Mon, 2 Nov 2026 09:00:00 +0000",
    ]);
    assert.deepEqual(message.headers("disposition-notification-to"), []);
    assert.deepEqual(
      message.root.children.map(({ type }) => type),
      ["text/plain", "message/disposition-notification", "text/rfc822-headers"],
    );
    const { returned, ...said } = report;
    assert.deepEqual(said, {
      kind: "mdn",
      reportingUa: "academie.example; Tamis",
      originalRecipient: { type: "rfc822", address: "chef@academie.example" },
      finalRecipient: { type: "rfc822", address: "anna@academie.example" },
      originalMessageId: "<1@college.example>",
      disposition: "displayed",
      actionMode: "manual",
      sendingMode: "automatic",
      modifiers: [],
      errors: [],
    });
    assert.equal(returned?.messageId, "<1@college.example>");
    assert.doesNotMatch(text, /[^\r]\n|[^\t\r\n -~]/);
  });

  it("says who let it go, and speaks French", () => {
    const { message, report } = read({ mode: "manual", language: "fr" });
    assert.equal(report.sendingMode, "manual");
    assert.equal(message.headers("subject")[0]?.text(), "Lu : Conseil de 3ème");
    const words = message.root.children[0]?.text() ?? "";
    assert.match(words, /accusé pour le courriel « Conseil de 3ème » à anna@academie\.example/);
    assert.match(words, /Rien ne garantit/);
  });

  it("has the same Message-ID for the same mail however often it came, and another for others and other accounts", () => {
    const idOf = (more: Partial<Disposition>) => composeMdn(disposition(more)).messageId;
    assert.equal(idOf({ fingerprint: "f2", now: 0, mode: "manual" }), idOf({}));
    const { messageId: _, ...nameless } = REQUEST;
    const others = [{ accountId: "eve" }, { request: nameless }, { request: nameless, fingerprint: "f2" }];
    assert.equal(new Set([{}, ...others].map(idOf)).size, 4);
  });

  it("goes to whom it is asked for, in their own letters where they have others (RFC 6533)", () => {
    const request = { ...REQUEST, to: ["chef@exämple.example", "b@x.example"], finalRecipient: "éva@academie.example" };
    const { message, report } = read({ request });
    assert.deepEqual(
      message
        .headers("to")[0]
        ?.addresses()
        .map(({ address }) => address),
      request.to,
    );
    assert.deepEqual(report.finalRecipient, { type: "utf-8", address: "éva@academie.example" });
    const encodings = [message.root, message.root.children[1]].map((entity) => entity?.transferEncoding);
    assert.deepEqual(encodings, ["8bit", "8bit"]);
  });

  it("nothing of what a mail says adds a field or a part, whatever octets it has", () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    const any = fc.record({
      header: fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        text.map((s) => Buffer.from(`Subject: ${s}\r\n`)),
      ),
      messageId: text,
      original: text,
    });
    fc.assert(
      fc.property(any, ({ header, messageId, original }) => {
        const request = { ...REQUEST, messageId, originalRecipient: original };
        const { message, report } = read({ header, request });
        assert.equal(message.root.children.length, 3);
        assert.equal(message.headerFields().length, 10);
        assert.deepEqual([report.disposition, report.finalRecipient?.address], ["displayed", "anna@academie.example"]);
      }),
    );
  });
});
