import assert from "node:assert/strict";
import { it } from "node:test";
import { bodyRules, folderFor, luaSortOf, ruleFor, sieveOf, subjectRules } from "./rule-sets.ts";

it("writes the same rules in both languages", () => {
  assert.equal(
    sieveOf(subjectRules(2, 1)),
    'require ["fileinto", "mailbox"];\nif header :contains "subject" "[r0]" { fileinto :create "R0"; stop; }\nif header :contains "subject" "[r1]" { fileinto :create "R0"; stop; }\n',
  );
  assert.match(
    sieveOf(bodyRules(1)),
    /require \["fileinto", "mailbox", "body"\];\nif body :text :contains "dossier-0-fin"/,
  );
  assert.match(luaSortOf(bodyRules(1)), /\{ "body", "dossier-0-fin", "B0" \},/);
});

it("spreads the mails over every rule and leaves some alone", () => {
  const set = subjectRules(300, 30);
  const rules = Array.from({ length: 5_000 }, (_, key) => ruleFor(set, key));
  const matched = rules.filter((rule) => rule !== undefined);
  assert.ok(Math.abs(matched.length / 5_000 - 0.84) < 0.01);
  assert.equal(new Set(matched).size, 300);
  assert.equal(new Set(rules.map((_, key) => folderFor(set, key))).size, 31);
});

it("has no word that contains another", () => {
  for (const { rules } of [subjectRules(300, 30), bodyRules(12)]) {
    const words = rules.map(({ word }) => word);
    assert.deepEqual(
      words.filter((word) => words.some((other) => other !== word && other.includes(word))),
      [],
    );
  }
});
