import assert from "node:assert/strict";
import { it } from "node:test";
import { circularFaults } from "../src/circular/run-circular-faults.ts";

const RECIPIENTS = 900;

it("a circular through kills and stops of everything: nobody gets two, nobody is forgotten", {
  timeout: 280_000,
}, async (context) => {
  const { verdict, mostUnknown, isExact, unexpectedEnds } = await circularFaults({
    recipients: RECIPIENTS,
    durable: false,
    tell: (line) => context.diagnostic(line),
  });
  assert.deepEqual([verdict.duplicated, verdict.missing, unexpectedEnds], [[], [], []]);
  assert.equal(verdict.sentOnce + verdict.unknownNeverArrived, RECIPIENTS);
  assert.ok(isExact, `${verdict.unknown} unknown, ${mostUnknown} at most`);
});
