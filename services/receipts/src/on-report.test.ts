import assert from "node:assert/strict";
import { it } from "node:test";
import { makeToken } from "@tamis/tokens";
import { onReport } from "./on-report.ts";
import type { Noting } from "./tables/ledger.ts";

const keys = { current: { id: "aa", secret: Buffer.alloc(32, 1) }, old: [] };
const token = makeToken("5", keys);
const report = {
  kind: "mdn",
  v: 1,
  accountId: "a",
  mailId: "m",
  fingerprint: "f",
  at: 0,
  tokens: ["aaaaaaaaaaaaaaaaaaaaaaaaa", token],
  messageIds: [],
  disposition: "displayed",
} as const;

function world(known: ReturnType<Parameters<typeof onReport>[1]["keys"]>, isItsAuthors = false) {
  const noted: Noting[] = [];
  const deps = {
    ledger: {
      note: async (noting: Noting) => {
        noted.push(noting);
        return { match: noting.recipientId === null ? ("unknown" as const) : ("ours" as const), isItsAuthors };
      },
    },
    keys: () => known,
    now: () => new Date(0),
    onNoted() {},
  };
  return { deps, noted };
}

it("the first token that is one names the recipient", async () => {
  const { deps, noted } = world(keys);
  assert.deepEqual(await onReport(report, deps), { kind: "noted", match: "ours" });
  assert.equal(noted[0]?.recipientId, "5");
});

it("a token of an old key is one as long as that key is kept", async () => {
  const { current, old } = keys;
  const next = { id: "bb", secret: Buffer.alloc(32, 2) };
  for (const [kept, want] of [
    [{ current: next, old: [current, ...old] }, "5"],
    [{ current: next, old }, null],
    [{ current: { ...next, id: current.id }, old }, null],
  ] as const) {
    const { deps, noted } = world(kept);
    await onReport(report, deps);
    assert.equal(noted[0]?.recipientId, want);
  }
});

it("what came to the author of the mail himself stays", async () => {
  const { deps } = world(keys, true);
  assert.deepEqual(await onReport(report, deps), { kind: "noted", match: "ours", stays: true });
});

it("while the keys are not there a report with what may be a token waits, one without is noted", async () => {
  const { deps, noted } = world(null);
  await assert.rejects(onReport(report, deps));
  assert.equal(noted.length, 0);
  await onReport({ ...report, tokens: [] }, deps);
  assert.equal(noted[0]?.recipientId, null);
});

it("where nothing is sent there are no tokens", async () => {
  const { deps } = world("none");
  assert.deepEqual(await onReport(report, deps), { kind: "noted", match: "unknown" });
});
