import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { transactionsOf } from "./deliver.ts";
import type { ClaimedSending } from "./tables/work.ts";
import type { Tracking } from "./tracking/tracking.ts";

const tracking: Tracking = {
  tokenOf: (recipient) => `token${recipient}`,
  tokenIn: () => null,
  addressOf: () => assert.fail("an author's reports come back to himself"),
  subaddressOf: (author, token) => author.replace("@", `+${token}@`),
  notify: [],
};
const recipients = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, address: `r${index + 1}@example.org`, attempts: 0 }));
const sending = (more: Partial<ClaimedSending> = {}): ClaimedSending => ({
  id: 7,
  accountId: "anna",
  mailId: "anna/submission/1",
  kind: "submission",
  from: "anna@example.org",
  octets: Buffer.from("Subject: x\r\n\r\nx\r\n"),
  dsn: null,
  deliverBy: null,
  storedAt: new Date(0),
  traceparent: null,
  authzid: null,
  receipts: "read",
  isSubaddressed: false,
  recipients: recipients(2),
  ...more,
});
const shape = (given: ClaimedSending, by: Tracking | null = tracking) =>
  transactionsOf(given, by).map(({ envelopeId, recipients: to, from }) => [envelopeId, to.length, from]);

describe("the transactions of a sending", () => {
  it("are one for each recipient whose author wants to hear, each named by a token, from the author all the same", () => {
    assert.deepEqual(shape(sending()), [
      ["token1", 1, "anna@example.org"],
      ["token2", 1, "anna@example.org"],
    ]);
    const [mail] = transactionsOf(sending({ dsn: { ret: "HDRS" } }), tracking);
    assert.deepEqual(mail?.dsn, { ret: "HDRS" });
    assert.deepEqual(mail?.octets, sending().octets);
  });

  it("come from subaddresses of the author, and ask for receipts there, where that is wanted", () => {
    const given = sending({ isSubaddressed: true, dsn: { envid: "abc" } });
    const [first, second] = transactionsOf(given, tracking);
    assert.deepEqual([first?.from, second?.from], ["anna+token1@example.org", "anna+token2@example.org"]);
    assert.equal(first?.envelopeId, "abc");
    const text = Buffer.from(first?.octets ?? []).toString();
    assert.equal(text, "Disposition-Notification-To: <anna+token1@example.org>\r\nSubject: x\r\n\r\nx\r\n");
    // Where nothing is tracked any more it asks as its author did.
    const [plain] = transactionsOf(given, null);
    assert.deepEqual([plain?.from, plain?.recipients.length], ["anna@example.org", 2]);
    assert.match(Buffer.from(plain?.octets ?? []).toString(), /^Disposition-Notification-To: <anna@example\.org>\r\n/);
  });

  for (const { name, given, by, want } of [
    { name: "nobody wants to hear of", given: { receipts: "none" }, by: tracking, want: [[null, 2]] },
    { name: "its author named himself", given: { dsn: { envid: "abc" } }, by: tracking, want: [["abc", 2]] },
    { name: "goes to many", given: { recipients: recipients(21) }, by: tracking, want: [[null, 21]] },
    { name: "leaves where nothing is tracked", given: {}, by: null, want: [[null, 2]] },
    { name: "is none of an author's", given: { kind: "redirect" }, by: tracking, want: [["tamis-7", 2]] },
  ] as const)
    it(`are one for a mail that ${name}`, () =>
      assert.deepEqual(
        shape(sending(given), by),
        want.map((one) => [...one, "anna@example.org"]),
      ));
});
