import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Reply, RetryLater } from "@tamis/bus";
import { type BatchHead, FETCH_CHUNK_BYTES, fetchRequest, mailboxAsk, partitionOf } from "@tamis/contracts";
import { ACCOUNT_REFUSED, mailboxAsker } from "./needs.ts";

const head: BatchHead = {
  v: 1,
  accountId: "a1",
  address: "anna@example.org",
  mode: "act",
  purpose: "live",
  folder: { id: "8b9f2e1c", name: "INBOX", uidValidity: 7 },
};

function reply(payload: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { payload: typeof payload === "string" ? Buffer.from(payload) : payload, header: (name) => headers[name] };
}

function asker(answer: (subject: string, question: unknown) => Reply, wholeMailBytes = 1_000_000) {
  const request = async (subject: string, payload: Uint8Array): Promise<Reply> =>
    answer(subject, JSON.parse(Buffer.from(payload).toString()));
  return mailboxAsker({ request }, { timeoutMs: 100, wholeMailBytes });
}

describe("mailboxesExist", () => {
  it("asks the account's partition, and takes what is not told for missing", async () => {
    const asking = asker((subject, question) => {
      assert.equal(subject, `mailbox.ask.${partitionOf("a1")}`);
      assert.deepEqual(mailboxAsk.parse(question), {
        op: "mailbox-exists",
        accountId: "a1",
        mailboxes: ["A", "B", "constructor"],
      });
      return reply(JSON.stringify({ kind: "mailbox-exists", mailboxes: { A: true, B: false } }));
    });
    const exists = await asking.mailboxesExist("a1", ["A", "B", "constructor"]);
    assert.deepEqual(
      [...exists],
      [
        ["A", true],
        ["B", false],
        ["constructor", false],
      ],
    );
  });

  const retried = [
    { name: "a refusal", answer: JSON.stringify({ kind: "refused", reason: "parked" }), code: ACCOUNT_REFUSED },
    { name: "an answer that is none", answer: "{}", code: "failed" },
    { name: "no JSON", answer: "<html>", code: "failed" },
  ];
  for (const { name, answer, code } of retried) {
    it(`waits on ${name}`, () =>
      assert.rejects(
        asker(() => reply(answer)).mailboxesExist("a1", ["A"]),
        (error) => error instanceof RetryLater && error.code === code,
      ));
  }
});

describe("the other questions", () => {
  const answering = (want: object, answer: object) =>
    asker((subject, question) => {
      assert.equal(subject, `mailbox.ask.${partitionOf("a1")}`);
      assert.deepEqual(mailboxAsk.parse(question), want);
      return reply(JSON.stringify(answer));
    });

  it("special use: attributes have no case", async () => {
    const asking = answering(
      { op: "special-use", accountId: "a1" },
      { kind: "special-use", mailboxes: { "\\Junk": ["Spam"] } },
    );
    assert.deepEqual([...(await asking.specialUse("a1"))], [["\\junk", ["Spam"]]]);
  });

  it("mailbox ids: one that is not told is no folder's", async () => {
    const asking = answering(
      { op: "mailbox-ids", accountId: "a1", ids: ["F1", "F2", "constructor"] },
      { kind: "mailbox-ids", mailboxes: { F1: "A", F2: null } },
    );
    const ids = await asking.mailboxIds("a1", ["F1", "F2", "constructor"]);
    assert.deepEqual([...ids.values()], ["A", null, null]);
  });

  it("annotations: in their order, null for what is missing", async () => {
    const entries = [
      { mailbox: "INBOX", entry: "/private/x" },
      { mailbox: null, entry: "/shared/y" },
    ];
    const asking = answering({ op: "metadata", accountId: "a1", entries }, { kind: "metadata", values: ["v"] });
    assert.deepEqual(await asking.metadata("a1", entries), ["v", null]);
  });

  it("wait on an answer to another question", async () => {
    const odd = asker(() => reply(JSON.stringify({ kind: "gone" })));
    await assert.rejects(odd.specialUse("a1"), RetryLater);
    await assert.rejects(odd.mailboxIds("a1", ["F1"]), RetryLater);
    await assert.rejects(odd.metadata("a1", []), RetryLater);
  });
});

describe("wholeMail", () => {
  const mail = Buffer.from("0123456789abcdef");
  const piecewise = (bytes: Uint8Array, size: number) =>
    asker((subject, question) => {
      assert.equal(subject, `mailbox.fetch.${partitionOf("a1")}`);
      const { offset, mailId, folder } = fetchRequest.parse(question);
      assert.deepEqual([mailId, folder], ["a1/8b9f2e1c/7/5", "INBOX"]);
      return reply(bytes.subarray(offset, offset + size), {
        "Tamis-Status": "ok",
        "Tamis-Total": String(bytes.length),
      });
    });

  it("is put together from its pieces", async () => {
    const whole = await piecewise(mail, 3).wholeMail(head, 5, mail.subarray(0, 4));
    assert.deepEqual(whole.kind === "whole" && Buffer.from(whole.raw), mail);
  });

  it("may turn out to be there already", async () => {
    const whole = await piecewise(mail, 3).wholeMail(head, 5, mail);
    assert.deepEqual(whole.kind === "whole" && Buffer.from(whole.raw), mail);
  });

  const estimates = [
    { name: "too large an estimate", told: 99 },
    { name: "too small an estimate", told: 7 },
    { name: "an estimate that is what is there already", told: 4 },
    { name: "no estimate at all", told: 0 },
  ];
  for (const { name, told } of estimates) {
    it(`is whole in spite of ${name} (QUIRK: Exchange)`, async () => {
      const asking = asker((_, question) => {
        const { offset } = fetchRequest.parse(question);
        return reply(mail.subarray(offset, offset + 5), { "Tamis-Status": "ok", "Tamis-Total": String(told) });
      });
      // The length as told, reached by a piece that is shorter than asked for, is believed.
      const whole = await asking.wholeMail(head, 5, mail.subarray(0, 4));
      assert.deepEqual(whole.kind === "whole" && Buffer.from(whole.raw), mail);
    });
  }

  it("does not end where a piece is as long as asked for", async () => {
    const long = Buffer.alloc(FETCH_CHUNK_BYTES + 10, "x");
    const asking = asker((_, question) => {
      const { offset } = fetchRequest.parse(question);
      const piece = long.subarray(offset, offset + FETCH_CHUNK_BYTES);
      return reply(piece, { "Tamis-Status": "ok", "Tamis-Total": String(FETCH_CHUNK_BYTES) });
    });
    const whole = await asking.wholeMail(head, 5, new Uint8Array());
    assert.equal(whole.kind === "whole" && whole.raw.length, long.length);
  });

  it("may be gone, or too large", async () => {
    const gone = asker(() => reply("", { "Tamis-Status": "gone" }));
    assert.deepEqual(await gone.wholeMail(head, 5, mail), { kind: "gone" });
    const large = asker(() => reply("x", { "Tamis-Status": "ok", "Tamis-Total": "2000" }), 1000);
    const cut = await large.wholeMail(head, 5, mail);
    assert.equal(cut.kind === "too-large" && Buffer.from(cut.begin).toString(), `${mail}x`);
    const less = await piecewise(mail, 3).wholeMail(head, 5, mail.subarray(0, 4), 10);
    assert.equal(less.kind === "too-large" && Buffer.from(less.begin).toString(), "0123456");
  });

  const retried = [
    { name: "a busy mailbox", headers: { "Tamis-Status": "busy" } },
    { name: "no status", headers: {} },
    { name: "no size", headers: { "Tamis-Status": "ok" } },
  ];
  for (const { name, headers } of retried) {
    it(`waits on ${name}`, () => assert.rejects(asker(() => reply("", headers)).wholeMail(head, 5, mail), RetryLater));
  }
});
