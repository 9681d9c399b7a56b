import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReportedRecipient } from "@tamis/contracts";
import { isExact, judgeCircular } from "./circular-verdict.ts";

const one = (id: string, state: ReportedRecipient["state"]): ReportedRecipient => ({
  id,
  address: `${id}@example.org`,
  name: null,
  state,
  attempts: 1,
  changedAt: 0,
  nextAt: null,
  messageId: `<${id}@x>`,
  reply: null,
});
const arrived = (...ids: readonly string[]) =>
  new Map(
    [...new Set(ids)].map((id) => [`<${id}@x> ${id}@example.org`, ids.filter((other) => other === id).length] as const),
  );

describe("who got how many", () => {
  for (const { name, report, arrivals, want } of [
    { name: "all once", report: [one("1", "accepted"), one("2", "accepted")], arrivals: arrived("1", "2"), want: true },
    { name: "one twice", report: [one("1", "accepted")], arrivals: arrived("1", "1"), want: false },
    { name: "one accepted that never came", report: [one("1", "accepted")], arrivals: arrived(), want: false },
    { name: "one still scheduled", report: [one("1", "scheduled")], arrivals: arrived(), want: false },
    { name: "an unknown that came", report: [one("1", "unknown")], arrivals: arrived("1"), want: true },
    { name: "an unknown that did not", report: [one("1", "unknown")], arrivals: arrived(), want: true },
    { name: "too many unknowns", report: [one("1", "unknown"), one("2", "unknown")], arrivals: arrived(), want: false },
  ])
    it(`${name}: ${want ? "exact" : "wrong"}`, () => assert.equal(isExact(judgeCircular(report, arrivals), 1), want));
});
