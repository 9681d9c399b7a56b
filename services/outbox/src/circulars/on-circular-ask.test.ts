import assert from "node:assert/strict";
import { it } from "node:test";
import { type CircularAskDeps, onCircularAsk } from "./on-circular-ask.ts";

const T = 1_700_000_000_000;

it("what leaves at once can be stopped for all of its time, however long composing takes, and a little longer than is shown", async () => {
  let clock = T;
  const due: Date[] = [];
  const circular = { id: "7" };
  // Proof: who schedules asks for nothing else.
  const deps = {
    circulars: {
      find: async () => circular,
      schedule: async (_account: string, _id: string, change: { due: { at: Date } }) => {
        due.push(change.due.at);
        return circular;
      },
    },
    recipients: {
      addressee: async () => ({ id: 1, address: "a@example.org", name: null, fields: {}, messageId: null }),
      outlook: async () => ({ recipients: 1, suppressed: 0, domains: [], domainCount: 0 }),
    },
    compose: async () => {
      clock += 40_000;
      return { mailFor: async () => ({ octets: Buffer.from("x") }) };
    },
    undo: { ms: 30_000, shownMs: 27_000 },
    officeHours: null,
    maxBytes: 1_000,
    language: "en",
    onChanged: () => undefined,
    now: () => new Date(clock),
  } as unknown as CircularAskDeps;
  const answer = await onCircularAsk({ op: "schedule", accountId: "a", id: "7", when: { kind: "now" } }, deps);
  assert.ok(answer.kind === "scheduled", JSON.stringify(answer));
  assert.deepEqual(due, [new Date(T + 70_000)]);
  assert.equal(answer.undoUntil, T + 67_000);
});
