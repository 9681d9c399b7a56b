import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RequestRow } from "../tables/request-views.ts";
import { onRequestAsk } from "./on-request-ask.ts";

const row: RequestRow = {
  id: "12",
  mailId: "anna/0/1/12",
  to: ["head@college.example"],
  messageId: "<12@college.example>",
  sender: "The head <head@college.example>",
  subject: "Conseil",
  at: 0,
  state: "asking",
  reason: "policy",
  since: 0,
};

describe("the receipts that others ask of an account", () => {
  const requests = { answer: () => assert.fail(), choose: () => assert.fail(), policyOf: () => assert.fail() };
  for (const [as, want] of [
    ["owner", ["The head <head@college.example>", "Conseil"]],
    ["operator", [undefined, undefined]],
  ] as const)
    it(`are shown to an ${as}: the mail itself is its owner's to see`, async () => {
      const answer = await onRequestAsk(
        { op: "requests", accountId: "anna", as, language: "fr", limit: 1 },
        { requests, page: async () => ({ rows: [row], next: null }), now: () => new Date(0) },
      );
      const [line] = answer.kind === "requests" ? answer.requests : [];
      assert.deepEqual([line?.to, line?.meaning], [row.to, "c'est à son propriétaire de décider"]);
      assert.deepEqual([line?.sender, line?.subject], want);
    });
});
