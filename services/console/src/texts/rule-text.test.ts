import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ruleText } from "./rule-text.ts";

describe("a rule in words", () => {
  for (const [rule, en, fr] of [
    ["daily", "every day", "tous les jours"],
    ["daily on 1 2 3 4 5", "every day, only Monday to Friday", "tous les jours, seulement du lundi au vendredi"],
    ["daily on 1 4", "every day, only on Monday and Thursday", "tous les jours, seulement le lundi et jeudi"],
    ["weekly", "every week", "toutes les semaines"],
    ["weekly / 2", "every 2 weeks", "toutes les 2 semaines"],
    ["monthly 15", "every month, on day 15", "tous les mois, le 15"],
    ["monthly 1 2", "every month, on the second Monday", "tous les mois, le deuxième lundi"],
    ["yearly 10 30", "every year", "tous les ans"],
    ["daily between 0800 1730", "every day, between 08:00 and 17:30", "tous les jours, entre 08:00 et 17:30"],
    [
      "weekly until 2026-12-31T22:59:59.000Z",
      "every week, until 31 December 2026",
      "toutes les semaines, jusqu'au 31 décembre 2026",
    ],
    ["no rule", "no rule", "no rule"],
    ["none", "none", "none"],
  ] as const)
    it(rule, () =>
      assert.deepEqual([ruleText(rule, "en", "Europe/Paris"), ruleText(rule, "fr", "Europe/Paris")], [en, fr]),
    );

  it("ends on the last day of its own zone", () => {
    const rule = "weekly until 2027-01-01T04:59:59.000Z";
    assert.match(ruleText(rule, "en", "America/New_York"), /31 December 2026$/);
    assert.match(ruleText(rule, "en", null), /1 January 2027$/);
  });
});
