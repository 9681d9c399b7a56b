import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { both, checkRelayCase, mail, type RelayCase } from "../../test/relay-case.ts";
import { scriptedRelay } from "../../test/scripted-relay.ts";
import { openSession } from "./open-session.ts";
import { sendMail } from "./send-mail.ts";

const cases: readonly RelayCase[] = [
  { name: "accepted", script: {}, want: both("accepted 250"), fenced: [1, 2] },
  { name: "without pipelining", script: { EHLO: "250 here" }, want: both("accepted 250"), fenced: [1, 2] },
  {
    name: "answers that come together",
    script: { RCPT: ["550 5.1.1 unknown", "250 OK"] },
    options: { chunks: "together" },
    want: ["1 rejected 550", "2 accepted 250"],
    fenced: [2],
  },
  {
    name: "answers that come octet by octet, in several lines",
    script: { MAIL: "250-2.1.0 é\r\n250 2.1.0 OK", RCPT: ["250 OK", "452-4.5.3 too many\r\n452 4.5.3 recipients"] },
    options: { chunks: "octets" },
    want: ["1 accepted 250", "2 deferred 452"],
    fenced: [1],
  },
  { name: "the sender refused for now", script: { MAIL: "451 4.7.1 later" }, want: both("deferred 451") },
  { name: "the sender refused", script: { MAIL: "550 5.7.1 no" }, want: both("rejected 550") },
  {
    name: "the sender refused, and recipients taken all the same",
    script: { MAIL: "550 5.7.1 no", RCPT: "250 OK" },
    options: { chunks: "together" },
    want: both("rejected 550"),
  },
  {
    name: "the sender refused, and each recipient for want of one",
    script: { MAIL: "452 4.3.1 full", RCPT: "503 5.5.1 MAIL first" },
    want: both("deferred 452"),
  },
  { name: "the relay wants a password", script: { MAIL: "530 5.7.0 sign in" }, want: both("deferred 530") },
  { name: "leaving", script: { MAIL: "421 4.3.2 bye" }, want: both("deferred 421"), isUsable: false },
  { name: "leaving at once", script: { MAIL: "421 4.3.2 bye|cut" }, want: both("deferred 421"), isUsable: false },
  { name: "cut at MAIL", script: { MAIL: "cut" }, want: both("deferred 451"), isUsable: false },
  { name: "silence at MAIL", script: { MAIL: "silence" }, want: both("deferred 451"), isUsable: false },
  {
    name: "its side closed at MAIL",
    script: { MAIL: "end" },
    want: both("deferred 451"),
    isUsable: false,
  },
  {
    name: "one recipient refused",
    script: { RCPT: ["550 5.1.1 unknown", "250 OK"] },
    want: ["1 rejected 550", "2 accepted 250"],
    fenced: [2],
  },
  {
    name: "all refused, each its way",
    script: { RCPT: ["452 4.2.2 full", "551 5.1.6 moved"] },
    want: ["1 deferred 452", "2 rejected 551"],
  },
  { name: "cut at RCPT", script: { RCPT: "cut" }, want: both("deferred 451"), isUsable: false },
  {
    name: "cut after the first recipient was taken",
    script: { RCPT: ["250 OK", "cut"] },
    want: both("deferred 451"),
    isUsable: false,
  },
  {
    name: "cut after the first recipient was refused",
    script: { RCPT: ["550 5.1.1 unknown", "cut"] },
    want: ["1 rejected 550", "2 deferred 451"],
    isUsable: false,
  },
  {
    name: "cut after all recipients were taken",
    script: { RCPT: ["250 OK", "250 OK|cut"] },
    options: { chunks: "together" },
    want: both("deferred 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "leaving after the first recipient was taken",
    script: { RCPT: ["250 OK", "421 4.7.0 enough"] },
    want: ["1 deferred 421", "2 deferred 421"],
    isUsable: false,
  },
  {
    name: "leaving after the first recipient was taken, without pipelining",
    script: { EHLO: "250 here", RCPT: ["250 OK", "421 4.7.0 enough|cut"] },
    want: ["1 deferred 421", "2 deferred 421"],
    isUsable: false,
  },
  {
    name: "leaving at the first recipient, and going on to answer",
    script: { RCPT: ["421 4.7.0 enough", "250 OK"] },
    options: { chunks: "together" },
    want: both("deferred 421"),
    isUsable: false,
  },
  { name: "not ours any more", script: {}, fence: false, want: both("unfenced 451"), fenced: [1, 2] },
  { name: "DATA refused for now", script: { DATA: "451 4.3.0 later" }, want: both("deferred 451"), fenced: [1, 2] },
  { name: "DATA refused", script: { DATA: "554 5.0.0 no" }, want: both("rejected 554"), fenced: [1, 2] },
  { name: "cut at DATA", script: { DATA: "cut" }, want: both("deferred 451"), fenced: [1, 2], isUsable: false },
  {
    name: "leaving at DATA",
    script: { DATA: "421 4.3.2 bye" },
    want: both("deferred 421"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "an answer to DATA too many: it would be taken for that to the mail",
    script: { DATA: "354 go\r\n250 OK" },
    want: both("deferred 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "an answer to RCPT too many",
    script: { RCPT: ["250 OK", "250 OK\r\n250 OK"] },
    want: both("deferred 451"),
    isUsable: false,
  },
  {
    name: "an answer to DATA that makes no sense",
    script: { DATA: "250 OK" },
    want: both("deferred 451"),
    fenced: [1, 2],
  },
  { name: "the mail refused", script: { ".": "552 5.2.3 too long" }, want: both("rejected 552"), fenced: [1, 2] },
  { name: "the mail refused for now", script: { ".": "452 4.3.1 full" }, want: both("deferred 452"), fenced: [1, 2] },
  {
    name: "leaving after the mail",
    script: { ".": "421 4.3.2 bye" },
    want: both("deferred 421"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "cut behind the word to begin: the mail may have been there in time",
    script: { DATA: "354 go|cut" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "leaving while it lets go of a mail that it refused",
    script: { MAIL: "550 5.7.1 no", RSET: "421 4.3.2 bye" },
    want: both("rejected 550"),
    isUsable: false,
  },
  {
    name: "given to one that would take it in chunks (RFC 3030), too",
    script: { EHLO: "250-here\r\n250-CHUNKING\r\n250 BINARYMIME" },
    want: both("accepted 250"),
    fenced: [1, 2],
  },
  { name: "cut after the mail", script: { ".": "cut" }, want: both("unknown 451"), fenced: [1, 2], isUsable: false },
  {
    name: "its side closed after the mail",
    script: { ".": "end" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "silence after the mail",
    script: { ".": "silence" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "nonsense after the mail",
    script: { ".": "what?" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
  {
    name: "go on, after the mail: its answer may be yet to come",
    script: { ".": "354 go" },
    want: both("unknown 451"),
    fenced: [1, 2],
    isUsable: false,
  },
];

describe("a mail given to a relay", { timeout: 60_000 }, () => {
  for (const one of cases) it(one.name, () => checkRelayCase(one));

  it("says MAIL and its recipients in one write, and DATA alone, once it is begun (RFC 2920)", async () => {
    using relay = await scriptedRelay({});
    const session = await openSession(relay.route);
    await sendMail({ session, mail: mail(), now: 0 }, async () => true);
    const reads = new Map(relay.heard.map((line, index) => [line.split(":")[0], relay.reads[index]]));
    assert.equal(reads.get("MAIL FROM"), reads.get("RCPT TO"));
    assert.deepEqual(relay.heard.slice(1), [
      "MAIL FROM:<>",
      "RCPT TO:<a@example.org>",
      "RCPT TO:<b@example.org>",
      "DATA",
      ".",
    ]);
    await session.quit();
  });

  it("asks for no recipients of a mail that is not wanted, one command at a time", async () => {
    using relay = await scriptedRelay({ EHLO: "250 here", MAIL: "550 5.7.1 no" });
    const session = await openSession(relay.route);
    await sendMail({ session, mail: mail(), now: 0 }, async () => true);
    assert.deepEqual(relay.heard.slice(1), ["MAIL FROM:<>", "RSET"]);
    await session.quit();
  });

  for (const { refusal, want } of [
    { refusal: "452 4.5.3 enough of them", want: "deferred, next" },
    { refusal: "452 Too many recipients", want: "deferred, next" },
    { refusal: "552 5.5.3 too many", want: "deferred, next" },
    { refusal: "452 4.3.1 the disk is full", want: "deferred" },
    { refusal: "552 5.2.2 the mailbox is full", want: "rejected" },
    { refusal: "552 full", want: "rejected" },
  ])
    it(`leaves ${want} whom it gets "${refusal}" for, behind another (RFC 5321 §4.5.3.1.10)`, async () => {
      using relay = await scriptedRelay({ RCPT: ["250 OK", refusal] });
      const session = await openSession(relay.route);
      const outcomes = await sendMail({ session, mail: mail(), now: 0 }, async () => true);
      const [second] = outcomes.filter(({ id }) => id === 2);
      assert.equal(`${second?.state}${second?.isNext === true ? ", next" : ""}`, want);
      await session.quit();
    });

  it("has nobody come next where nobody is taken", async () => {
    using relay = await scriptedRelay({ RCPT: "452 4.5.3 enough for today" });
    const session = await openSession(relay.route);
    const outcomes = await sendMail({ session, mail: mail(), now: 0 }, async () => true);
    assert.deepEqual(
      outcomes.map(({ state, isNext }) => [state, isNext]),
      [
        ["deferred", undefined],
        ["deferred", undefined],
      ],
    );
    await session.quit();
  });

  it("and another after one that was refused, on the same session", async () => {
    using relay = await scriptedRelay({ RCPT: ["550 no", "550 no", "250 OK"] });
    const session = await openSession(relay.route);
    const fence = async (): Promise<boolean> => true;
    await sendMail({ session, mail: mail(), now: 0 }, fence);
    const outcomes = await sendMail({ session, mail: mail(), now: 0 }, fence);
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ["accepted", "accepted"],
    );
    assert.ok(relay.heard.includes("RSET"));
    await session.quit();
  });

  it("but not where the relay does not let go of it", async () => {
    using relay = await scriptedRelay({ RCPT: "550 no", RSET: "502 what" });
    const session = await openSession(relay.route);
    await sendMail({ session, mail: mail(), now: 0 }, async () => true);
    assert.equal(session.isUsable, false);
  });
});
