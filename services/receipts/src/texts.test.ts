import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textFaults } from "@tamis/testkit";
import { reasonTexts } from "./answers/answer-texts.ts";
import { remarks } from "./doctor-texts.ts";
import { ambiguous, classes, details } from "./status-texts.ts";
import { columns, meaningOf, refusals, stateTexts } from "./texts.ts";

it("all that is said is said in both languages", () => {
  const flat = (prefix: string, texts: object) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${prefix} ${key}`, text]));
  const { messageId: _, ...named } = columns;
  const all = {
    ...remarks,
    ...flat("detail", details),
    ...flat("ambiguous", ambiguous),
    ...flat("class", classes),
    ...flat("state", stateTexts),
    ...flat("refusal", refusals),
    ...flat("column", named),
    ...flat("reason", reasonTexts),
  };
  assert.deepEqual(textFaults(all), []);
});

describe("what a status means (RFC 3463)", () => {
  const cases = [
    ["5.1.1", "there is no such mailbox", "cette boîte aux lettres n'existe pas"],
    ["4.2.2", "the mailbox is full", "la boîte aux lettres est pleine"],
    ["5.2.2", "the mailbox is full", "la boîte aux lettres est pleine"],
    ["4.4.1", "the server does not answer", "le serveur ne répond pas"],
    [
      "5.4.1",
      "there is no such mailbox, or its server does not answer",
      "cette boîte aux lettres n'existe pas, ou son serveur ne répond pas",
    ],
    ["5.7.509", "refused for reasons of security", "refusé pour des raisons de sécurité"],
    ["5.0.0", "not possible", "impossible"],
    ["4.0.999", "not yet possible", "pas encore possible"],
  ] as const;
  for (const [status, en, fr] of cases)
    it(status, () => assert.deepEqual([meaningOf(status, "en"), meaningOf(status, "fr")], [en, fr]));

  it("nothing is said of what is none", () => {
    for (const status of [null, "", "9.9.9", "constructor"]) assert.equal(meaningOf(status, "en"), null);
  });
});
