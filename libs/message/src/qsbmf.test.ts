import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { mail } from "../test/odd-mails.ts";
import { readMessage, readReport } from "./index.ts";

const read = (...lines: readonly string[]) => readReport(readMessage(mail("Subject: failure notice", "", ...lines)));

describe("bounces in words (QSBMF)", () => {
  it("are read per recipient, with what came back", () => {
    const report = read(
      "Hi. This is the qmail-send program at mx.lycee.example.",
      "It could not be delivered to these addresses.",
      "",
      "<zoe@lycee.example>:",
      "Sorry, no mailbox here by that name. (#5.1.1)",
      "",
      " ",
      "<max@lycee.example>:",
      "192.0.2.1 does not like recipient.",
      "-- it said: 550",
      "",
      "--- Below this line is a copy of the message.",
      "",
      "Return-Path: <retours@academie.example>",
      "Message-ID: <1@academie.example>",
      "Subject: x",
      "",
      "<eve@lycee.example>:",
    );
    assert.ok(report?.kind === "dsn");
    assert.deepEqual(
      report.recipients.map(({ finalRecipient, action, status }) => [finalRecipient?.address, action, status]),
      [
        ["zoe@lycee.example", "failed", "5.1.1"],
        ["max@lycee.example", "failed", null],
      ],
    );
    assert.equal(report.recipients[0]?.diagnostic, "Sorry, no mailbox here by that name. (#5.1.1)");
    assert.equal(report.returned?.messageId, "<1@academie.example>");
  });

  it("are none where they do not begin so, or name nobody", () => {
    assert.equal(read("Hi.", "", "<zoe@lycee.example>:", "x"), null);
    assert.equal(read("Hi. This is the secretary of the school.", "", "See you."), null);
  });

  it("never throw and always end", () => {
    const pieces = fc.constantFrom("Hi. This is the x\r\n", "\r\n", "\n", " ", "-", "<a@b>:", "<", "5.1.1", "\0");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (some) => void read("Hi. This is the x", some.join(""))),
    );
    assert.equal(read("Hi. This is the x", "\n".repeat(1_000_000), "<a@b.example>:"), null);
  });
});
