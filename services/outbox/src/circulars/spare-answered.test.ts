import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { type ReceiptsAnswer, receiptsAsk } from "@tamis/contracts";
import { answeredBy, spareAnswered } from "./spare-answered.ts";

const reminder = { id: 8, accountId: "anna", reminds: 7 };
const receiptOf = (address: string | null) => ({
  id: "1",
  circularId: "7",
  address,
  messageId: null,
  sentAt: 0,
  asksDisposition: true,
  state: "displayed" as const,
  stateAt: 0,
  status: null,
  meaning: null,
  autoReplyAt: null,
  complainedAt: null,
  unverified: 0,
});

/** `receipts`, page by page, and what it was asked. */
function receipts(pages: readonly ReceiptsAnswer[]) {
  const asked: unknown[] = [];
  const request = async (_: string, payload: Uint8Array) => {
    asked.push(receiptsAsk.parse(JSON.parse(Buffer.from(payload).toString())));
    return { payload: Buffer.from(JSON.stringify(pages[asked.length - 1] ?? assert.fail("no more is asked"))) };
  };
  return { bus: { request } as unknown as Parameters<typeof answeredBy>[0], asked };
}

async function all(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  const addresses: string[] = [];
  for await (const page of pages) addresses.push(...page);
  return addresses;
}

describe("who answered", () => {
  it("is asked page by page, as the owner of the circular that is reminded of", async () => {
    const { bus, asked } = receipts([
      { kind: "listed", receipts: [receiptOf("a@b.example"), receiptOf(null)], next: "9" },
      { kind: "listed", receipts: [receiptOf("c@b.example")], next: null },
    ]);
    assert.deepEqual(await all(answeredBy(bus, reminder)), ["a@b.example", "c@b.example"]);
    const about = { op: "list", accountId: "anna", as: "owner", language: "en", circularId: "7", limit: 1000 };
    const states = ["failed", "displayed"];
    assert.deepEqual(asked, [
      { ...about, states, after: "0" },
      { ...about, states, after: "9" },
    ]);
  });

  it("is nobody where it may not be shown", async () => {
    const { bus } = receipts([{ kind: "refused", code: "not-allowed", reason: "no" }]);
    assert.deepEqual(await all(answeredBy(bus, reminder)), []);
  });
});

describe("reminders", () => {
  function spared(answered: () => AsyncIterable<readonly string[]>) {
    const done: unknown[] = [];
    const work = spareAnswered({
      reminders: {
        due: async () => [reminder, { ...reminder, id: 9 }],
        spare: async (id, { addresses, reply }) => {
          done.push([id, addresses, reply]);
          return addresses.length;
        },
        looked: async (id, at) => void done.push([id, at.getTime()]),
      },
      answered,
      language: "fr",
      now: () => new Date(5),
      log: { info: (fields, event) => done.push([event, fields]), warn: (fields, event) => done.push([event, fields]) },
    });
    return work.then(() => done);
  }

  it("spare who answered, and then may leave", async () => {
    const done = await spared(async function* () {
      yield ["a@b.example"];
    });
    assert.deepEqual(done.slice(0, 3), [
      [8, ["a@b.example"], "n'a plus besoin de rappel"],
      [8, 5],
      ["reminder-spared", { circularId: 8, recipients: 1 }],
    ]);
    assert.equal(done.length, 6);
  });

  it("wait while nobody knows", async () => {
    const done = await spared(async function* () {
      yield* [];
      throw new RetryLater("nobody there", { code: "unreachable" });
    });
    assert.deepEqual(done, [["reminder-waits", { circularId: 8, code: "unreachable" }]]);
  });
});
