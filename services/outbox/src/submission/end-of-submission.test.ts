import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatReply, localReply } from "../smtp/reply.ts";
import type { Result } from "../tables/work.ts";
import { endOf, replyToRepetition } from "./end-of-submission.ts";

const nextAt = new Date(0);
const replies = {
  accepted: localReply(250, "2.0.0", "queued as 7"),
  rejected: localReply(550, "5.1.1", "no such user"),
  deferred: localReply(450, "4.2.1", "busy"),
  unknown: localReply(451, "4.4.2", "gone"),
} as const;
const results = (states: readonly (keyof typeof replies)[]): readonly Result[] =>
  states.map((state, id) => ({ id, state, reply: replies[state], nextAt }));

const cases: readonly {
  states: readonly (keyof typeof replies)[];
  reply: string;
  recorded?: readonly string[];
  told: boolean;
}[] = [
  { states: ["accepted", "accepted"], reply: "250 2.0.0 queued as 7", told: false },
  { states: ["rejected", "accepted", "deferred"], reply: "250 2.0.0 queued as 7", told: false },
  { states: ["rejected", "rejected"], reply: "550 5.1.1 no such user", told: true },
  { states: ["rejected", "deferred"], reply: "450 4.2.1 busy", recorded: ["rejected", "rejected"], told: true },
  { states: ["unknown", "deferred"], reply: "554 5.4.2", recorded: ["unknown", "rejected"], told: true },
];

describe("one reply for all recipients", () => {
  for (const { states, reply, recorded = states, told } of cases)
    it(states.join(", "), () => {
      const end = endOf(results(states));
      assert.ok(formatReply(end.reply).startsWith(reply), formatReply(end.reply));
      assert.deepEqual([end.results.map(({ state }) => state), end.isTold], [recorded, told]);
    });

  it("is a later, where the relay refuses us and not the mail", () => {
    const [refused] = results(["deferred"]);
    assert.ok(refused !== undefined);
    const end = endOf([{ ...refused, reply: localReply(530, "5.7.0", "sign in first") }]);
    assert.equal(end.reply.code, 451);
  });
});

describe("the same mail again", () => {
  const known = (states: readonly Parameters<typeof replyToRepetition>[0][number]["state"][]) =>
    replyToRepetition(states.map((state) => ({ state, code: null, status: null, reply: null }))).code;
  it("was taken", () => assert.equal(known(["accepted", "deferred"]), 250));
  it("is being sent", () => assert.equal(known(["begun", "accepted"]), 451));
  it("may have left", () => assert.equal(known(["unknown", "accepted"]), 554));
});
