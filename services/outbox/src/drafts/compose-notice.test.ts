import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { messageText, readMessage } from "@tamis/message";
import { textFaults } from "@tamis/testkit";
import { instantOf } from "@tamis/when";
import { outcomeNotice, refusalNotice } from "./compose-notice.ts";
import type { DraftFault } from "./draft-fault.ts";
import { draftTexts, reasons } from "./draft-texts.ts";

const draft = { accountId: "a1", address: "anna@example.org", fingerprint: "f1", subject: "Réunion de lundi" };
const context = (language: "en" | "fr") => ({
  name: "mx.example.org",
  languageOf: () => language,
  now: new Date("2026-11-27T16:00:00Z"),
  marks: ["[[", "]]"] as const,
});

const missing = instantOf("2027-03-28 02:30", "Europe/Paris");
const twice = instantOf("2027-10-31 02:30", "Europe/Paris");

const faults: readonly DraftFault[] = [
  { code: "too-long" },
  { code: "no-from" },
  { code: "several-from" },
  { code: "foreign-from" },
  { code: "no-recipient" },
  { code: "too-many-recipients" },
  { code: "no-time" },
  { code: "two-times" },
  { code: "sent-before" },
  { code: "scheduled-twice" },
  { code: "twin" },
  { code: "not-known" },
  { code: "bad-address", address: "bob" },
  { code: "bad-date", text: "soon" },
  { code: "said", fault: "no-such-day", word: "31 novembre" },
  {
    code: "ambiguous",
    instant: missing.kind === "missing" ? missing : assert.fail(),
    wall: "2027-03-28 02:30",
    zone: "Europe/Paris",
  },
  {
    code: "ambiguous",
    instant: twice.kind === "twice" ? twice : assert.fail(),
    wall: "2027-10-31 02:30",
    zone: "Europe/Paris",
  },
  { code: "recurrence", fault: "unsupported", word: "minutely" },
  { code: "late", wall: "2026-11-27 08:00", zone: "Europe/Paris" },
];

describe("what an owner is told of a draft that is not sent", () => {
  for (const fault of faults)
    it(JSON.stringify(fault).slice(0, 60), () => {
      const texts = (["en", "fr"] as const).map((language) => {
        const { raw, messageId } = refusalNotice(draft, fault, context(language));
        assert.match(raw, /^\p{ASCII}*$/u);
        const message = readMessage(Buffer.from(raw));
        assert.equal(message.headers("Message-ID")[0]?.raw(), messageId);
        assert.equal(message.headers("Auto-Submitted")[0]?.raw(), "auto-generated");
        assert.match(message.headers("Subject")[0]?.text() ?? "", /: Réunion de lundi$/);
        const text = messageText(message);
        assert.doesNotMatch(text, /\{\w+\}/, "nothing is left to be filled in");
        assert.match(text, /\$TamisNotScheduled/);
        return text;
      });
      assert.notEqual(texts[0], texts[1]);
    });

  it("the same of the same draft has the same Message-ID, anything else another", () => {
    const ids = [
      refusalNotice(draft, { code: "no-time" }, context("en")),
      refusalNotice(draft, { code: "no-time" }, context("fr")),
      refusalNotice(draft, { code: "no-from" }, context("en")),
      refusalNotice({ ...draft, fingerprint: "f2" }, { code: "no-time" }, context("en")),
      outcomeNotice(draft, "replied", context("en")),
    ].map(({ messageId }) => messageId);
    assert.equal(ids[0], ids[1]);
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.match(id, /^<tamis\.notice\.[0-9a-f]{32}@mx\.example\.org>$/);
  });

  it("a subject cannot add a field, nor a recipient", () => {
    const { raw } = refusalNotice(
      { ...draft, subject: "x\r\nBcc: evil@example.com" },
      { code: "no-time" },
      context("en"),
    );
    assert.equal(readMessage(Buffer.from(raw)).headers("Bcc").length, 0);
  });
});

it("all of it is told in both languages", () => {
  assert.deepEqual([...textFaults(draftTexts), ...textFaults(reasons)], []);
});
