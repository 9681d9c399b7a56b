import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { verdictReader } from "./verdict.ts";
import { verdictSettings } from "./verdict-settings.ts";

const SCORE = { header: "X-Spam-Score", form: "score", max: 10 };
const STATUS = {
  header: "X-Spam-Status",
  form: "score",
  pattern: "score=(-?[0-9.]+)",
  max_pattern: "required=([0-9.]+)",
};
const STARS = { header: "X-Spam-Level", form: "stars", max: 5 };
const PROBABILITY = { header: "X-Probability", form: "probability" };
const TEXT = { header: "X-Spam-Flag", form: "text", values: { YES: 1, NO: 0 } };
const VIRUS = { header: "X-Virus-Scan", pattern: "^[A-Za-z]+", values: { Clean: 1, Found: 5 } };

const cases: readonly {
  readonly name: string;
  readonly settings: object;
  readonly head: string;
  readonly want: object;
}[] = [
  { name: "a score", settings: SCORE, head: "X-Spam-Score: 5.0", want: { spam: 0.5 } },
  { name: "a score beyond the highest", settings: SCORE, head: "X-Spam-Score: 25", want: { spam: 1 } },
  { name: "a score below zero", settings: SCORE, head: "X-Spam-Score: -1.9", want: { spam: 0 } },
  { name: "no score", settings: SCORE, head: "Subject: x", want: {} },
  { name: "a score that is none", settings: SCORE, head: "X-Spam-Score: high", want: {} },
  {
    name: "score and limit in one field",
    settings: STATUS,
    head: "X-Spam-Status: Yes, score=4.0 required=5.0 tests=A,\r\n\tB autolearn=no",
    want: { spam: 0.8 },
  },
  { name: "a limit that is not there", settings: STATUS, head: "X-Spam-Status: Yes, score=4.0", want: {} },
  { name: "stars", settings: STARS, head: "X-Spam-Level: ****", want: { spam: 0.8 } },
  { name: "no star", settings: STARS, head: "X-Spam-Level:", want: { spam: 0 } },
  { name: "a probability", settings: PROBABILITY, head: "X-Probability: 0.25", want: { spam: 0.25 } },
  { name: "a percentage", settings: PROBABILITY, head: "X-Probability: 85%", want: { spam: 0.85 } },
  { name: "words", settings: TEXT, head: "X-Spam-Flag: Yes", want: { spam: 1 } },
  { name: "words that mean nothing", settings: TEXT, head: "X-Spam-Flag: maybe", want: {} },
  { name: "forged below our own", settings: TEXT, head: "X-Spam-Flag: YES\r\nX-Spam-Flag: NO", want: { spam: 1 } },
  {
    name: "viruses",
    settings: { ...SCORE, virus: VIRUS },
    head: "X-Spam-Score: 0\r\nX-Virus-Scan: Found: Eicar",
    want: { spam: 0, virus: 5 },
  },
  { name: "no virus", settings: { ...TEXT, virus: VIRUS }, head: "X-Virus-Scan: Clean", want: { virus: 1 } },
];

describe("verdictReader", () => {
  for (const { name, settings, head, want } of cases) {
    it(name, () => {
      const message = readMessage(Buffer.from(`${head}\r\n\r\nbody`));
      assert.deepEqual(verdictReader(verdictSettings.parse(settings))(message), want);
    });
  }

  it("finds none where none is configured", () => {
    assert.deepEqual(verdictReader(undefined)(readMessage(Buffer.from("X-Spam-Score: 9\r\n\r\n"))), {});
  });
});

describe("the settings of a verdict", () => {
  const wrong = [
    { name: "no form", settings: { header: "X" } },
    { name: "no limit", settings: { header: "X", form: "score" } },
    { name: "two limits", settings: { header: "X", form: "score", max: 5, max_pattern: "x" } },
    { name: "a pattern that is none", settings: { ...SCORE, pattern: "(" } },
    { name: "a name that is none", settings: { ...SCORE, header: "X Spam" } },
    { name: "a probability beyond 1", settings: { ...TEXT, values: { YES: 2 } } },
    { name: "a virus verdict beyond 5", settings: { ...SCORE, virus: { ...VIRUS, values: { x: 6 } } } },
  ];
  for (const { name, settings } of wrong) {
    it(`refuse ${name}`, () => assert.equal(verdictSettings.safeParse(settings).success, false));
  }
});
