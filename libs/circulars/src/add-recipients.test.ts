import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { type CircularAnswer, type CircularAsk, type CircularRecipient, circularAsk } from "@tamis/contracts";
import { addRecipients, pagesOf } from "./add-recipients.ts";
import { type Asker, askCirculars } from "./ask-circulars.ts";

const recipient = (line: number, value = ""): CircularRecipient => ({
  line,
  address: `${line}@academie.example`,
  fields: { value },
});
const many = (count: number, value?: string) => Array.from({ length: count }, (_, index) => recipient(index, value));

const busOf = (answer: (ask: CircularAsk) => unknown): Asker => ({
  request: async (_subject, payload) => ({
    payload: Buffer.from(JSON.stringify(answer(circularAsk.parse(JSON.parse(Buffer.from(payload).toString()))))),
    header: () => undefined,
  }),
});

describe("recipients", () => {
  it("go in pages that one request takes, all of them, in their order", () => {
    assert.deepEqual([...pagesOf([])], []);
    assert.deepEqual(
      [...pagesOf(many(1_001))].map(({ length }) => length),
      [500, 500, 1],
    );
    const long = [...pagesOf(many(60, "x".repeat(10_000)))];
    assert.ok(long.length > 1 && long.every((page) => JSON.stringify(page).length < 300_000));
    assert.deepEqual(long.flat(), many(60, "x".repeat(10_000)));
  });

  it("are counted over all pages", async () => {
    let total = 0;
    const bus = busOf((ask) => {
      const added = ask.op === "add" ? ask.recipients.length - 1 : 0;
      total += added;
      return { kind: "added", added, suppressed: 1, faults: [{ kind: "invalid", line: total }], recipients: total };
    });
    const sum = await addRecipients(bus, { accountId: "a", id: "7", recipients: many(600), language: "en" });
    const faults = [
      { kind: "invalid", line: 499 },
      { kind: "invalid", line: 598 },
    ];
    assert.deepEqual(sum, { kind: "added", added: 598, suppressed: 2, faults, recipients: 598 });
  });

  it("end at a refusal", async () => {
    let asked = 0;
    const refusal: CircularAnswer = { kind: "refused", code: "not-possible", reason: "scheduled already" };
    const bus = busOf(() => {
      asked++;
      return refusal;
    });
    const sum = await addRecipients(bus, { accountId: "a", id: "7", recipients: many(600), language: "en" });
    assert.deepEqual([sum, asked], [refusal, 1]);
  });
});

describe("a question", () => {
  const ask = (answer: unknown) =>
    askCirculars(
      busOf(() => answer),
      { op: "list", accountId: "a", limit: 1 },
      "listed",
    );
  it("has the answer that belongs to it, or a refusal", async () => {
    assert.deepEqual(await ask({ kind: "listed", circulars: [] }), { kind: "listed", circulars: [] });
    assert.equal((await ask({ kind: "refused", code: "missing", reason: "none" })).kind, "refused");
  });
  for (const answer of [{ kind: "done" }, { kind: "nonsense" }, null])
    it(`may be asked again after ${JSON.stringify(answer)}`, () =>
      assert.rejects(ask(answer), (error) => error instanceof RetryLater && error.code === "failed"));
});
