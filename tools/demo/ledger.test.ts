import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ListedSending, SendingSettled } from "@tamis/contracts";
import { departures } from "./ledger.ts";

const SUBJECT = "event.5.sending-settled";
const sending: ListedSending = {
  id: "1",
  mailId: "a/b/1/2",
  kind: "redirect",
  to: "carla@example.com",
  state: "accepted",
  attempts: 1,
  storedAt: 10,
  nextAt: null,
  reply: "250 OK",
};
const settled: SendingSettled = {
  v: 1,
  accountId: "a",
  mailId: "a/b/1/2",
  key: "k",
  kind: "redirect",
  state: "accepted",
  at: 30,
};
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** What is told of these facts, with that ledger; `failed` where it cannot be asked. */
async function told(ledger: readonly ListedSending[] | null, facts: ReadonlyArray<readonly [string, unknown]>) {
  const lines: string[] = [];
  const asked: Promise<unknown>[] = [];
  const request = (_subject: string, payload: Uint8Array) => {
    assert.equal(JSON.parse(Buffer.from(payload).toString()).accountId, "a");
    const reply =
      ledger === null
        ? Promise.reject(new Error("nobody there"))
        : Promise.resolve({ payload: bytes({ kind: "listed", sendings: ledger }), header: () => undefined });
    asked.push(reply.catch(() => {}));
    return reply;
  };
  const onFact = departures(
    { request },
    ({ accountId, sending: { to, state }, at }) => lines.push(`${accountId} ${state} ${to} ${at}`),
    () => lines.push("failed"),
  );
  for (const [subject, fact] of facts) onFact(subject, bytes(fact));
  await Promise.all(asked);
  await new Promise((resolve) => setImmediate(resolve));
  return lines;
}

describe("departures", () => {
  it("tells with its address what a fact says was settled, once", async () => {
    const other = { ...sending, id: "2", mailId: "a/b/1/3" };
    const waiting = { ...sending, id: "3", state: "deferred" } as const;
    assert.deepEqual(
      await told(
        [sending, other, waiting],
        [
          [SUBJECT, settled],
          [SUBJECT, settled],
        ],
      ),
      ["a accepted carla@example.com 30"],
    );
  });

  it("asks for nothing else", async () => {
    assert.deepEqual(await told(null, [["event.5.mail-applied", {}]]), []);
  });

  it("says when the ledger cannot be asked", async () => {
    assert.deepEqual(await told(null, [[SUBJECT, settled]]), ["failed"]);
  });
});
