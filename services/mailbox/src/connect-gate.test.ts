import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConnectGate } from "./connect-gate.ts";

const never = new AbortController().signal;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connection attempt that ends when told. */
function attempt(
  gate: ConnectGate,
  signal = never,
): { begun: boolean; end: () => void; readonly done: Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const one = { begun: false, end: resolve };
  const done = gate
    .pass(signal, async () => {
      one.begun = true;
      await promise;
      return "connected";
    })
    .catch((error: unknown) => `refused: ${error instanceof Error ? error.name : ""}`);
  return Object.assign(one, { done });
}

describe("ConnectGate", () => {
  it("lets so many in at once, the others in turn", async () => {
    const gate = new ConnectGate(1_000_000, 2);
    const all = [attempt(gate), attempt(gate), attempt(gate), attempt(gate)];
    await settled();
    assert.deepEqual(
      all.map(({ begun }) => begun),
      [true, true, false, false],
    );
    all[0]?.end();
    await settled();
    assert.deepEqual(
      all.map(({ begun }) => begun),
      [true, true, true, false],
    );
    for (const { end } of all) end();
    assert.deepEqual(await Promise.all(all.map(({ done }) => done)), Array(4).fill("connected"));
  });

  it("spaces the starts", async () => {
    const gate = new ConnectGate(50, 100);
    const begin = performance.now();
    const starts: number[] = [];
    const start = async () => starts.push(performance.now() - begin);
    await Promise.all(Array.from({ length: 4 }, () => gate.pass(never, start)));
    // Whatever else keeps the processor busy only makes them later; a timer may be a millisecond early.
    assert.ok(
      starts.every((at, index) => at >= index * 20 - 2),
      starts.join(" "),
    );
  });

  it("lets who gave up go at once, and wakes the next in their place", async () => {
    const gate = new ConnectGate(1_000_000, 1);
    const giveUp = new AbortController();
    const [first, second, third] = [attempt(gate), attempt(gate, giveUp.signal), attempt(gate)];
    giveUp.abort();
    assert.equal(await second?.done, "refused: AbortError");
    first?.end();
    await settled();
    assert.equal(third?.begun, true);
    third?.end();
    assert.equal(await third?.done, "connected");
  });

  it("goes on after attempts that failed", async () => {
    const gate = new ConnectGate(1_000_000, 1);
    for (let i = 0; i < 3; i++)
      await assert.rejects(
        gate.pass(never, () => Promise.reject(new Error("no"))),
        /no/,
      );
    assert.equal(await gate.pass(never, async () => "in"), "in");
  });
});
