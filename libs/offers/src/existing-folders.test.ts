import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Reply, RetryLater } from "@tamis/bus";
import { partitionOf, subjects } from "@tamis/contracts";
import { existingFolders } from "./existing-folders.ts";

const asking = (names: readonly string[], answer: () => Promise<Reply>) => {
  const asked: unknown[] = [];
  const request = (subject: string, payload: Uint8Array, { timeoutMs }: { readonly timeoutMs: number }) => {
    asked.push([subject, JSON.parse(Buffer.from(payload).toString()), timeoutMs]);
    return answer();
  };
  return { asked, found: existingFolders({ request }, { accountId: "anna", names }, 500) };
};
const reply = (payload: Uint8Array): Reply => ({ payload, header: () => undefined });
const json = (value: unknown): Reply => reply(Buffer.from(JSON.stringify(value)));

describe("existingFolders", () => {
  it("asks the holder of the account's partition, and gives those that are there", async () => {
    const { asked, found } = asking(["A", "B", "toString"], async () =>
      json({ kind: "mailbox-exists", mailboxes: { A: true, B: false } }),
    );
    assert.deepEqual(await found, ["A"]);
    const question = { op: "mailbox-exists", accountId: "anna", mailboxes: ["A", "B", "toString"] };
    assert.deepEqual(asked, [[subjects.mailboxAsk(partitionOf("anna")), question, 500]]);
  });

  for (const { name, answer } of [
    { name: "nobody is there", answer: () => Promise.reject(new RetryLater("nobody")) },
    { name: "the server refuses", answer: async () => json({ kind: "refused", reason: "parked" }) },
    { name: "the answer is none", answer: async () => json({ kind: "what" }) },
    { name: "the answer is no JSON", answer: async () => reply(Buffer.from("{")) },
  ])
    it(`knows nothing where ${name}`, async () => assert.equal(await asking(["A"], answer).found, null));

  it("does not ask for more names than people have", async () => {
    const names = Array.from({ length: 501 }, (_, i) => `F${i}`);
    const { asked, found } = asking(names, async () => json({ kind: "mailbox-exists", mailboxes: {} }));
    assert.equal(await found, null);
    assert.deepEqual(asked, []);
  });

  it("throws what is a bug", async () => {
    await assert.rejects(asking(["A"], () => Promise.reject(new TypeError("ours"))).found, TypeError);
  });
});
