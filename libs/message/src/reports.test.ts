import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mail } from "../test/odd-mails.ts";
import { readMessage, readReport } from "./index.ts";

const report = (type: string, status: readonly string[], returned: readonly string[] = []): Buffer =>
  mail(
    `Content-Type: multipart/report; report-type=${type}; boundary=b`,
    "",
    "--b",
    "",
    "To be read by a person",
    "--b",
    ...status,
    ...(returned.length === 0 ? [] : ["--b", ...returned]),
    "--b--",
    "",
  );

const delivery = (...fields: readonly string[]): Buffer =>
  report(
    "delivery-status",
    ["Content-Type: message/delivery-status", "", ...fields],
    ["Content-Type: message/rfc822", "", "Message-ID: <1@b.example>", "Subject: x", "", "body"],
  );

const dsn = (raw: Buffer) => {
  const read = readReport(readMessage(raw));
  assert.ok(read?.kind === "dsn");
  return read;
};

const mdn = (raw: Buffer) => {
  const read = readReport(readMessage(raw));
  assert.ok(read?.kind === "mdn");
  return read;
};

const NOTHING = {
  originalRecipient: null,
  finalRecipient: null,
  action: "unknown",
  status: null,
  remoteMta: null,
  diagnostic: null,
  lastAttempt: null,
  willRetryUntil: null,
  finalLogId: null,
};

describe("delivery reports (RFC 3464)", () => {
  it("are read per recipient", () => {
    const read = dsn(
      delivery(
        "Reporting-MTA: dns; mx.b.example",
        "Original-Envelope-Id: circular-7/a+b",
        "Arrival-Date: Tue, 1 Sep 2026 08:00:00 +0200",
        "",
        "Original-Recipient: rfc822;Zoe+7E@b.example",
        "Final-Recipient: RFC822; <zoe@b.example>",
        "Action: FAILED",
        "Status: 5.1.1 (unknown user)",
        "Remote-MTA: dns; mx.c.example",
        "Diagnostic-Code: smtp; 550 5.1.1",
        "  User unknown",
        "",
        "Final-Recipient: rfc822; max@b.example",
        "Action: delayed",
        "Status: 4.2.2",
        "Will-Retry-Until: Thu, 3 Sep 2026 08:00:00 +0200",
      ),
    );
    assert.equal(read.reportingMta, "mx.b.example");
    assert.equal(read.originalEnvelopeId, "circular-7/a+b");
    assert.equal(read.arrivalDate?.time, Date.UTC(2026, 8, 1, 6));
    assert.deepEqual(read.recipients, [
      {
        ...NOTHING,
        originalRecipient: { type: "rfc822", address: "Zoe+7E@b.example" },
        finalRecipient: { type: "rfc822", address: "zoe@b.example" },
        action: "failed",
        status: "5.1.1",
        remoteMta: "mx.c.example",
        diagnostic: "550 5.1.1  User unknown",
      },
      {
        ...NOTHING,
        finalRecipient: { type: "rfc822", address: "max@b.example" },
        action: "delayed",
        status: "4.2.2",
        willRetryUntil: { time: Date.UTC(2026, 8, 3, 6), offsetMinutes: 120 },
      },
    ]);
    assert.equal(read.returned?.messageId, "<1@b.example>");
    assert.equal(read.returned?.entity.headers("subject")[0]?.text(), "x");
  });

  it("are read where everything stands in one block, and with more empty lines", () => {
    const merged = dsn(delivery("Reporting-MTA: dns; a", "Final-Recipient: rfc822; z@b.example", "Action: failed"));
    assert.deepEqual([merged.reportingMta, merged.recipients.length], ["a", 1]);
    const spread = dsn(
      delivery("", "Reporting-MTA: dns; a", "", "", "", "Action: relayed", "", "", "Action: expanded"),
    );
    assert.deepEqual(
      spread.recipients.map(({ action }) => action),
      ["relayed", "expanded"],
    );
  });

  it("are read with international addresses (RFC 6533) and only headers returned", () => {
    const read = dsn(
      report(
        "delivery-status",
        ["Content-Type: message/global-delivery-status", "", "A: b", "", "Final-Recipient: utf-8; z\\x{EB}@b.example"],
        [
          "Content-Type: text/rfc822-headers",
          "Content-Transfer-Encoding: quoted-printable",
          "",
          "Message-ID: <1=3D2@b.example>",
        ],
      ),
    );
    assert.deepEqual(read.recipients[0]?.finalRecipient, { type: "utf-8", address: "zë@b.example" });
    assert.equal(read.returned?.messageId, "<1=2@b.example>");
  });

  const addresses = [
    ["rfc822; zoe@b.example (Zoé, of b)", "zoe@b.example"],
    ['rfc822; "zoe (b)"@b.example', '"zoe (b)"@b.example'],
    ["rfc822; <zoe@b.example> (no such user)", "zoe@b.example"],
    ["zoe@b.example", "zoe@b.example"],
    ["utf-8; zo\\x{E9}@\\x{E9}cole.example", "zoé@école.example"],
    ["utf-8; zo\\x{110000}@b.example", "zo\\x{110000}@b.example"],
  ] as const;
  for (const [text, want] of addresses)
    it(`name a recipient: ${text}`, () => {
      const [one] = dsn(delivery("Reporting-MTA: dns; a", "", `Original-Recipient: ${text}`)).recipients;
      assert.equal(one?.originalRecipient?.address, want);
    });

  it("are read from base64", () => {
    const body = Buffer.from("Reporting-MTA: dns; a\n\nAction: delivered\n").toString("base64");
    const read = dsn(
      report("delivery-status", [
        "Content-Type: message/delivery-status",
        "Content-Transfer-Encoding: base64",
        "",
        body,
      ]),
    );
    assert.deepEqual([read.reportingMta, read.recipients[0]?.action, read.returned], ["a", "delivered", null]);
  });
});

describe("disposition reports (RFC 8098)", () => {
  const type = "Content-Type: message/disposition-notification";

  it("are read", () => {
    const read = mdn(
      report("disposition-notification", [
        type,
        "",
        "Reporting-UA: mail.example; Courrier 1",
        "Original-Recipient: rfc822;a@b.example",
        "Final-Recipient: rfc822;c@b.example",
        "Original-Message-ID: <1@b.example>",
        "Disposition: Manual-Action/MDN-sent-automatically; displayed/Error,x",
        "Error: one",
        "Error: two",
      ]),
    );
    assert.deepEqual(read, {
      kind: "mdn",
      reportingUa: "mail.example; Courrier 1",
      originalRecipient: { type: "rfc822", address: "a@b.example" },
      finalRecipient: { type: "rfc822", address: "c@b.example" },
      originalMessageId: "<1@b.example>",
      disposition: "displayed",
      actionMode: "manual",
      sendingMode: "automatic",
      modifiers: ["error", "x"],
      errors: ["one", "two"],
      returned: null,
    });
  });

  it("are read from what says hardly anything", () => {
    const read = mdn(report("disposition-notification", [type, "", "Disposition: what"]));
    assert.deepEqual([read.disposition, read.actionMode, read.sendingMode], ["unknown", "unknown", "unknown"]);
    assert.equal(mdn(report("disposition-notification", [type, "", ""])).disposition, "unknown");
  });
});

describe("complaints (RFC 5965)", () => {
  const arf = (...fields: readonly string[]) => {
    const read = readReport(
      readMessage(
        report(
          "feedback-report",
          ["Content-Type: message/feedback-report", "", ...fields],
          ["Content-Type: message/rfc822", "", "Message-ID: <1@b.example>", "", "body"],
        ),
      ),
    );
    assert.ok(read?.kind === "arf");
    return read;
  };

  it("are read", () => {
    const read = arf(
      "Feedback-Type: Not-Spam",
      "User-Agent: Example/1.0",
      "Version: 1",
      "Original-Envelope-Id: e1",
      "Original-Mail-From: <retours+x@academie.example>",
      "Original-Rcpt-To: <a@b.example>",
      "Original-Rcpt-To: c@b.example",
    );
    assert.equal(read.returned?.messageId, "<1@b.example>");
    assert.deepEqual(
      { ...read, returned: null },
      {
        kind: "arf",
        feedbackType: "not-spam",
        originalEnvelopeId: "e1",
        originalMailFrom: "retours+x@academie.example",
        originalRecipients: ["a@b.example", "c@b.example"],
        returned: null,
      },
    );
  });

  it("are read where they say nothing", () => {
    assert.deepEqual([arf("").feedbackType, arf("Feedback-Type: ;").originalMailFrom], ["other", null]);
  });
});

describe("readReport", () => {
  it("is null for what is no report, or only carries one", () => {
    assert.equal(readReport(readMessage(mail("Subject: x", "", "y"))), null);
    const inner = delivery("Reporting-MTA: dns; a").toString("latin1");
    const forwarded = mail(
      "Content-Type: multipart/mixed; boundary=o",
      "",
      "--o",
      "Content-Type: message/rfc822",
      "",
      inner,
      "--o--",
    );
    assert.equal(readReport(readMessage(forwarded)), null);
  });

  it("reads a report into which a gateway put a footer of its own, and none that is enclosed there", () => {
    const inner = delivery("Reporting-MTA: dns; a", "", "Action: failed").toString("latin1").trimEnd();
    const around = (type: string): Buffer =>
      mail(
        "Content-Type: multipart/mixed; boundary=o",
        "",
        "--o",
        ...(type === "" ? [] : [type, ""]),
        inner,
        "--o",
        "",
        "A footer.",
        "--o--",
      );
    assert.equal(dsn(around("")).recipients[0]?.action, "failed");
    assert.equal(dsn(around("")).returned?.messageId, "<1@b.example>");
    assert.equal(readReport(readMessage(around("Content-Type: message/rfc822"))), null);
  });

  it("never throws and always ends", () => {
    const fields = fc.constantFrom(
      "Final-Recipient: ",
      "rfc822;",
      "utf-8; \\x{110000}",
      "Disposition: a/b;c/d,",
      "Action: failed",
      "Status: 5.1.1",
      "Arrival-Date: x",
      "\r\n",
      "\r\n\r\n",
      ";",
      "\xff",
    );
    const kinds = fc.constantFrom("delivery-status", "disposition-notification", "feedback-report");
    fc.assert(
      fc.property(kinds, fc.array(fields, { maxLength: 40 }), (type, pieces) => {
        readReport(readMessage(report(type, [`Content-Type: message/${type}`, "", pieces.join("")])));
      }),
    );
    const many = delivery("Reporting-MTA: dns; a", "", ...Array.from({ length: 20_000 }, () => "Action: failed\r\n"));
    assert.equal(dsn(many).recipients.length, 10_000);
  });
});
