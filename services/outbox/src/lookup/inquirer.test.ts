import assert from "node:assert/strict";
import { it } from "node:test";
import { waitFor } from "@tamis/testkit";
import type { Question, Ruling } from "../tables/lookups.ts";
import type { Arrival } from "./ask-program.ts";
import { Inquirer } from "./inquirer.ts";

const now = new Date("2026-11-26T13:00:00Z");
const question = (n: number, messageId = `<${n}@b.example>`): Question => ({
  of: "circular",
  recipientId: n,
  messageId,
  sentAfter: now,
  since: now,
  attempts: 1,
});

it("asks for a few at a time, rules on each, and never for what is no Message-ID", async () => {
  const waiting = [1, 2, 3, 4, 5].map((n) => question(n));
  waiting.push(question(6, "<a b>"));
  const asked: string[] = [];
  const ruled = new Map<number, Ruling>();
  let changes = 0;
  const answers: Readonly<Record<string, Arrival>> = { "<1@b.example>": "arrived", "<2@b.example>": "absent" };
  const inquirer = new Inquirer({
    lookups: {
      take: async ({ limit, before }) => {
        assert.equal(before.getTime(), now.getTime() - 900_000);
        return waiting.splice(0, limit);
      },
      rule: async ({ recipientId }, ruling) => {
        ruled.set(recipientId, ruling);
        return ruling.arrival === "arrived" ? "accepted" : ruling.arrival === "absent" ? "deferred" : "unknown";
      },
    },
    settings: { after_ms: 900_000, timeout_ms: 1_000, resend: true },
    ask: async ({ messageId }) => {
      asked.push(messageId);
      return answers[messageId] ?? "unclear";
    },
    now: () => now,
    log: { info() {}, warn() {} },
    onRuled: () => changes++,
  });
  inquirer.start();
  await waitFor(() => ruled.size === 6);
  await inquirer.stop();
  assert.deepEqual(
    asked.toSorted(),
    [1, 2, 3, 4, 5].map((n) => `<${n}@b.example>`),
  );
  assert.deepEqual([ruled.get(6)?.arrival, ruled.get(1)?.resend, changes], ["unclear", true, 2]);
  const pause = (ruled.get(3)?.nextAt.getTime() ?? 0) - now.getTime();
  assert.ok(pause >= 48_000 && pause <= 72_000, `${pause}`);
});
