import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mailCommand, recipientCommand, xtext } from "./esmtp.ts";
import type { OutgoingMail } from "./outgoing-mail.ts";

const offering = (...lines: readonly string[]) => {
  const offers = new Map(lines.map((line) => [line.split(" ")[0] ?? "", line.split(" ").slice(1).join(" ")]));
  return { offers: (word: string) => offers.has(word), parameterOf: (word: string) => offers.get(word) };
};
const all = offering("SIZE 1000", "8BITMIME", "SMTPUTF8", "DSN", "DELIVERBY 30");

const mail = (more: Partial<OutgoingMail> = {}): OutgoingMail => ({
  envelopeId: "tamis-7",
  from: "anna@example.org",
  recipients: [{ id: 1, address: "b@example.org" }],
  octets: Buffer.from("A: b\r\n"),
  dsn: null,
  deliverBy: null,
  ...more,
});

const NOW = 1_000_000;

describe("MAIL", () => {
  for (const { name, session, given, want } of [
    { name: "to a plain server", session: offering(), given: mail(), want: "MAIL FROM:<anna@example.org>" },
    { name: "from nobody", session: offering(), given: mail({ from: null }), want: "MAIL FROM:<>" },
    { name: "with its size", session: all, given: mail(), want: "MAIL FROM:<anna@example.org> SIZE=6" },
    {
      name: "with 8-bit octets",
      session: all,
      given: mail({ octets: Buffer.from("é") }),
      want: "MAIL FROM:<anna@example.org> SIZE=2 BODY=8BITMIME",
    },
    {
      name: "to a recipient that is not ASCII",
      session: all,
      given: mail({ recipients: [{ id: 1, address: "rené@example.org" }] }),
      want: "MAIL FROM:<anna@example.org> SIZE=6 SMTPUTF8",
    },
    {
      name: "with reports asked for",
      session: all,
      given: mail({ dsn: { ret: "HDRS" } }),
      want: "MAIL FROM:<anna@example.org> SIZE=6 RET=HDRS ENVID=tamis-7",
    },
    {
      name: "with reports asked for that nobody offers",
      session: offering("SIZE"),
      given: mail({ dsn: { ret: "HDRS" } }),
      want: "MAIL FROM:<anna@example.org> SIZE=6",
    },
    {
      name: "by a time, or back",
      session: all,
      given: mail({ deliverBy: { time: NOW + 5_000, mode: "return", trace: true } }),
      want: "MAIL FROM:<anna@example.org> SIZE=6 BY=30;RT",
    },
    {
      name: "by a time that has passed",
      session: all,
      given: mail({ deliverBy: { time: NOW - 5_000, mode: "notify", trace: false } }),
      want: "MAIL FROM:<anna@example.org> SIZE=6 BY=-5;N",
    },
  ])
    it(name, () => assert.equal(mailCommand(session, given, NOW), want));
});

describe("RCPT", () => {
  for (const { name, session, address, dsn, want } of [
    { name: "plain", session: all, address: "b@example.org", dsn: null, want: "RCPT TO:<b@example.org>" },
    {
      name: "with reports",
      session: all,
      address: "b+c=d@example.org",
      dsn: { notify: ["failure", "delay", "bogus"] },
      want: "RCPT TO:<b+c=d@example.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bc+3Dd@example.org",
    },
    {
      name: "never to be reported, whatever else is said",
      session: all,
      address: "b@example.org",
      dsn: { notify: ["SUCCESS", "NEVER"] },
      want: "RCPT TO:<b@example.org> NOTIFY=NEVER ORCPT=rfc822;b@example.org",
    },
    {
      name: "without DSN there",
      session: offering(),
      address: "b@example.org",
      dsn: { notify: ["NEVER"] },
      want: "RCPT TO:<b@example.org>",
    },
    {
      name: "with no known keyword",
      session: all,
      address: "rené@example.org",
      dsn: { notify: [] },
      want: "RCPT TO:<rené@example.org>",
    },
  ])
    it(name, () => assert.equal(recipientCommand(session, address, dsn), want));

  it("xtext", () => assert.equal(xtext("a b+=é~"), "a+20b+2B+3D+C3+A9~"));
});
