import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { afterMinute, type DueList, dueAt, dueListOf, nextDueAt, UNKNOWN_DUE, withMinute } from "./due-list.ts";

const SNOOZED = { mailbox: "Snoozed", uidValidity: 1 };
const minuteMs = 60_000;
const minute = fc.integer({ min: 1, max: 2_000 });
const many = fc.array(minute, { maxLength: 600 });

describe("due list", () => {
  it("never lets a minute pass without being looked at, whatever is put in, looked through and done in which order", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("sleep" as const), minute }),
      fc.record({ kind: fc.constant("wake" as const), minute }),
      fc.record({ kind: fc.constant("look" as const), minute: fc.constant(0) }),
    );
    fc.assert(
      fc.property(many, fc.array(step, { maxLength: 400 }), (before, steps) => {
        // What the folder's keywords say.
        let folder = new Set(before);
        let list: DueList | undefined = dueListOf(SNOOZED, folder);
        let now = 0;
        for (const { kind, minute: given } of steps) {
          if (kind === "sleep") {
            folder.add(given);
            list = withMinute(list, "Snoozed", given);
          } else if (kind === "look") list = dueListOf(SNOOZED, folder);
          else {
            now = Math.max(now, given);
            if (list === undefined || nextDueAt(list) > now * minuteMs) continue;
            folder = new Set([...folder].filter((due) => due > now));
            // As `wake` does: a list that ran out is made anew.
            list = nextDueAt(list) === 0 ? dueListOf(SNOOZED, folder) : afterMinute(list, now);
          }
          const next = list === undefined ? Number.POSITIVE_INFINITY : nextDueAt(list);
          assert.ok(next <= Math.min(...folder) * minuteMs, `${next} of ${[...folder]}`);
          assert.ok((list?.minutes.length ?? 0) <= 256);
          assert.deepEqual(
            list?.minutes ?? [],
            [...(list?.minutes ?? [])].sort((a, b) => a - b),
          );
        }
      }),
    );
  });

  it("is never early", () => {
    const list = withMinute(undefined, "Snoozed", 30);
    assert.deepEqual([dueAt(list, 30 * minuteMs - 1), dueAt(list, 30 * minuteMs)], [[], [30]]);
    assert.equal(nextDueAt(list), 30 * minuteMs);
  });

  it("what is not known is looked at now, and so is a wake that broke off", () => {
    assert.equal(nextDueAt(UNKNOWN_DUE), 0);
    assert.equal(nextDueAt(withMinute(UNKNOWN_DUE, "Snoozed", 30)), 0);
    const waking = { mailboxes: ["INBOX"], minutes: [3], isTold: false };
    assert.equal(nextDueAt({ ...withMinute(undefined, "Snoozed", 30), waking }), 0);
    assert.deepEqual(afterMinute({ ...withMinute(undefined, "Snoozed", 3), waking }, 3)?.waking, waking);
  });

  it("nothing asleep costs nothing", () => {
    assert.equal(dueListOf(SNOOZED, []), undefined);
    assert.equal(afterMinute(withMinute(undefined, "Snoozed", 3), 3), undefined);
  });
});
