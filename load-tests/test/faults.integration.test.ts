import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { QUICK_TIMING } from "../src/faults/arena.ts";
import { faultNames } from "../src/faults/fault-kinds.ts";
import { MESSAGES_PER_FAULT, runFaults } from "../src/faults/run-faults.ts";
import { needInotify } from "../src/inotify.ts";

const ACCOUNTS = 6;
const DEADLINE_MS = 60_000;

describe("while everything is killed, stopped, cut off and wiped in turn", () => {
  it("no mail is lost, done twice, misplaced or parked", { timeout: 280_000 }, async (context) => {
    const limits = needInotify(2 * ACCOUNTS, (line) => context.diagnostic(line));
    try {
      const result = await runFaults({
        messages: MESSAGES_PER_FAULT * faultNames.length,
        accounts: ACCOUNTS,
        faults: faultNames,
        timing: QUICK_TIMING,
        perSecond: 100,
        deadlineMs: DEADLINE_MS,
        say: (line) => context.diagnostic(line),
      });
      const { delivered, lost, duplicated, misplaced } = result.verdict;
      const summary = { delivered, lost, duplicated, misplaced, parked: result.parked };
      const clean = {
        delivered: MESSAGES_PER_FAULT * faultNames.length,
        lost: 0,
        duplicated: 0,
        misplaced: 0,
        parked: 0,
      };
      assert.deepEqual(summary, clean, result.journals.join("\n"));
      assert.deepEqual(result.unexpectedEnds, []);
      const unrecovered = [...result.recoveries].filter(([, ms]) => ms === undefined).map(([name]) => name);
      assert.deepEqual(unrecovered, []);
      assert.equal(result.recoveries.size, faultNames.length);
    } finally {
      limits.restore();
    }
  });
});
