import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { messageText, readMessage, readReport } from "@tamis/message";
import { textFaults } from "@tamis/testkit";
import { composeDsn, isWanted, type ReportedMail, type ReportedRecipient } from "./dsn.ts";
import { dsnTexts } from "./dsn-texts.ts";

const at = new Date("2026-03-02T07:00:05Z");
const context = { name: "mx.example.org", relay: "relay.example.org", language: "en", now: at, id: "r1" } as const;
const mail: ReportedMail = {
  author: "anna@example.org",
  messageId: "<1@example.org>",
  handedOverAt: new Date("2026-03-01T12:00:00Z"),
  dsn: null,
  octets: Buffer.from("Subject: =?utf-8?q?R=C3=A9union?=\r\nMessage-ID: <1@example.org>\r\n\r\nthe body\r\n"),
};
const rejected: ReportedRecipient = {
  address: "bob@example.com",
  state: "rejected",
  code: 550,
  status: "5.1.1",
  reply: "no such user",
  at,
  dsnPassed: false,
};
const recipient = (more: Partial<ReportedRecipient>): ReportedRecipient => ({ ...rejected, ...more });
const dsnOf = (octets: Uint8Array) => {
  const report = readReport(readMessage(octets));
  assert.ok(report?.kind === "dsn", Buffer.from(octets).toString());
  return report;
};

describe("a delivery status notification", () => {
  it("says of each recipient what became of it, and returns the header alone", () => {
    const octets = composeDsn(
      mail,
      [rejected, recipient({ address: "c@example.com", state: "expired", code: null, reply: null })],
      context,
    );
    const dsn = dsnOf(octets);
    assert.deepEqual(
      dsn.recipients.map((one) => [one.finalRecipient?.address, one.action, one.status, one.diagnostic]),
      [
        ["bob@example.com", "failed", "5.1.1", "550 5.1.1 no such user"],
        ["c@example.com", "failed", "4.4.7", null],
      ],
    );
    assert.equal(dsn.returned?.messageId, "<1@example.org>");
    const text = octets.toString();
    assert.doesNotMatch(text, /the body/);
    assert.doesNotMatch(text, /[^\r]\n/, "lines end in CRLF");
    assert.match(text, /^Auto-Submitted: auto-replied\r$/m);
    assert.match(
      messageText(readMessage(octets)),
      /was refused for these recipients[\s\S]*bob@example\.com[\s\S]*in time[\s\S]*c@example\.com/,
    );
    assert.equal(readMessage(octets).headers("Subject")[0]?.text(), "Your mail did not reach everybody: Réunion");
  });

  it("speaks French", () => {
    const octets = composeDsn(mail, [recipient({ state: "unknown", code: 451, status: "4.4.2" })], {
      ...context,
      language: "fr",
    });
    assert.match(messageText(readMessage(octets)), /est peut-être parvenu à ces destinataires, peut-être pas/);
    assert.equal(readMessage(octets).headers("Subject")[0]?.text(), "Votre message n'est pas parvenu à tous : Réunion");
  });

  it("returns all of it where that was asked for, and never of a success", () => {
    const full: ReportedMail = { ...mail, dsn: { ret: "FULL", envid: "c 1" } };
    assert.match(composeDsn(full, [rejected], context).toString(), /the body/);
    const relayed = composeDsn(full, [recipient({ state: "accepted", code: 250, status: null, reply: "ok" })], context);
    assert.doesNotMatch(relayed.toString(), /the body/);
    const dsn = dsnOf(relayed);
    assert.deepEqual(
      [dsn.originalEnvelopeId, dsn.recipients[0]?.action, dsn.recipients[0]?.status],
      ["c 1", "relayed", "2.0.0"],
    );
  });

  it("has the types of RFC 6533 for an address that is not ASCII", () => {
    const dsn = dsnOf(composeDsn(mail, [recipient({ address: "élise@example.com" })], context));
    assert.deepEqual(dsn.recipients[0]?.finalRecipient, { type: "utf-8", address: "élise@example.com" });
  });

  for (const [name, octets] of [
    ["body", "Subject: x\r\nMessage-ID: <1@example.org>\r\n\r\nété\r\n"],
    ["header", "Subject: été\r\nMessage-ID: <1@example.org>\r\n\r\nx\r\n"],
  ] as const)
    it(`has 7-bit octets alone where the relay takes no others: an 8-bit ${name}`, () => {
      const eightBit: ReportedMail = { ...mail, dsn: { ret: "FULL" }, octets: Buffer.from(octets) };
      const refused = recipient({ address: "élise@example.com", code: 554, status: "5.6.3", reply: "8-bit octets" });
      const report = composeDsn(eightBit, [refused], context);
      assert.ok(report.every((octet) => octet < 128));
      const dsn = dsnOf(report);
      assert.equal(dsn.recipients[0]?.finalRecipient?.address, "élise@example.com");
      assert.equal(dsn.returned?.messageId, "<1@example.org>");
    });

  it("no subject can add a field to it", () => {
    const evil = { ...mail, octets: Buffer.from("Subject: =?utf-8?q?x=0D=0ABcc:_a@b.example?=\r\n\r\n") };
    assert.equal(readMessage(composeDsn(evil, [rejected], context)).headers("Bcc").length, 0);
  });
});

describe("who wants to hear of what (RFC 3461 §4.1)", () => {
  const cases: readonly {
    notify?: readonly string[];
    state: ReportedRecipient["state"];
    passed?: boolean;
    want: boolean;
  }[] = [
    { state: "rejected", want: true },
    { state: "accepted", want: false },
    { notify: ["NEVER"], state: "unknown", want: false },
    { notify: ["FAILURE"], state: "expired", want: true },
    { notify: ["SUCCESS"], state: "rejected", want: false },
    { notify: ["SUCCESS"], state: "accepted", want: true },
    { notify: ["SUCCESS"], state: "accepted", passed: true, want: false },
    { notify: ["DELAY"], state: "held", want: true },
    { notify: ["SUCCESS"], state: "held", want: false },
  ];
  for (const { notify, state, passed = false, want } of cases)
    it(`${notify?.join() ?? "nothing said"}, ${state}${passed ? ", the relay will tell" : ""}: ${want ? "told" : "not told"}`, () => {
      const dsn = notify === undefined ? null : { recipients: { "bob@example.com": { notify } } };
      assert.equal(isWanted(recipient({ state, dsnPassed: passed }), dsn), want);
    });
});

it("the texts are in both languages, with the same parameters", () => {
  assert.deepEqual(textFaults(dsnTexts), []);
});
