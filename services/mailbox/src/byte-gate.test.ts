import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ByteGate } from "./byte-gate.ts";

describe("ByteGate", () => {
  it("never holds more than its limit, lets everybody in, in the order of asking", async () => {
    const weights = fc.array(fc.nat(30), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(weights, fc.scheduler(), async (octets, scheduler) => {
        const gate = new ByteGate(20);
        const order: number[] = [];
        let inside = 0;
        const jobs = octets.map((weight, i) =>
          gate.hold(weight, async () => {
            order.push(i);
            inside += Math.min(weight, 20);
            assert.ok(inside <= 20);
            await scheduler.schedule(Promise.resolve());
            inside -= Math.min(weight, 20);
          }),
        );
        await scheduler.waitFor(Promise.all(jobs));
        assert.deepEqual(order, [...octets.keys()]);
      }),
    );
  });

  it("goes on after a job that fails", async () => {
    const gate = new ByteGate(1);
    await assert.rejects(gate.hold(1, () => Promise.reject(new Error("x"))));
    assert.equal(await gate.hold(1, async () => 7), 7);
  });
});
