import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { simpleParser } from "mailparser";
import { bodyRules, ruleFor, subjectRules } from "./rule-sets.ts";
import { sortableMail } from "./sortable-mails.ts";

const plain = Buffer.from(
  "From: x@y\r\nSubject: old\r\nContent-Type: text/plain;\r\n charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9\r\n",
);
const isMatched = (key: number): boolean => ruleFor(bodyRules(3), key) !== undefined;
const key = [1, 2, 3, 4, 5, 6, 7, 8].find(isMatched) ?? 0;

describe("sortableMail", () => {
  it("keeps the body and adds the word of its rule", async () => {
    const mail = await simpleParser(sortableMail(plain, key, bodyRules(3)));
    assert.equal(mail.messageId, `<load-${key}@load.test>`);
    assert.match(mail.text ?? "", /café/);
    assert.ok(mail.text?.includes(ruleFor(bodyRules(3), key)?.word ?? "?"));
  });
  it("puts the word of a header rule into the subject only", async () => {
    const mail = await simpleParser(sortableMail(plain, key, subjectRules(10, 10)));
    assert.ok(mail.subject?.startsWith(ruleFor(subjectRules(10, 10), key)?.word ?? "?"));
    assert.doesNotMatch(mail.text ?? "", /\[r/);
  });
  it("takes a mail without header or body", async () => {
    assert.equal(
      (await simpleParser(sortableMail(Buffer.from("x"), key, bodyRules(3)))).messageId,
      `<load-${key}@load.test>`,
    );
  });
});
