import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { type OnStop, startInOrder } from "./start-in-order.ts";

describe("startInOrder", () => {
  let order: string[] = [];
  beforeEach(() => {
    order = [];
  });
  /** A part that says when it starts, when its stop begins, and when it has ended. */
  const part = async (name: string, onStop: OnStop, end: () => Promise<void> | void = () => {}): Promise<void> => {
    order.push(`${name} starts`);
    onStop(async () => {
      order.push(`${name} stops`);
      await end();
      order.push(`${name} ended`);
    });
  };
  const fail = (what: string) => () => Promise.reject(new Error(what));

  it("stops in reverse, one after the other", async () => {
    const running = await startInOrder(async (onStop) => {
      await part("store", onStop);
      await part("door", onStop, () => new Promise((resolve) => setImmediate(resolve)));
    });
    assert.deepEqual(order, ["store starts", "door starts"]);
    order = [];
    await running.stop();
    assert.deepEqual(order, ["door stops", "door ended", "store stops", "store ended"]);
  });

  it("stops what runs when a start fails, and throws that failure", async () => {
    const starting = startInOrder(async (onStop) => {
      await part("store", onStop);
      await part("copy", onStop, fail("copy"));
      throw new Error("the port is taken");
    });
    await assert.rejects(starting, /^Error: the port is taken$/);
    assert.deepEqual(order, ["store starts", "copy starts", "copy stops", "store stops", "store ended"]);
  });

  it("stops everything when a part fails, also at once, and throws what failed", async () => {
    const running = await startInOrder(async (onStop) => {
      await part("store", onStop);
      onStop(() => {
        throw new Error("copy");
      });
    });
    await assert.rejects(running.stop(), /^Error: copy$/);
    assert.deepEqual(order.slice(1), ["store stops", "store ended"]);
    const twice = await startInOrder(async (onStop) => {
      await part("store", onStop, fail("store"));
      await part("copy", onStop, fail("copy"));
    });
    await assert.rejects(twice.stop(), (error: AggregateError) => {
      assert.deepEqual(
        error.errors.map(({ message }) => message),
        ["copy", "store"],
      );
      return true;
    });
  });

  it("does not wait for ever for a part, nor fail when it fails after that", async () => {
    const hanging = Promise.withResolvers<void>();
    const running = await startInOrder(
      async (onStop) => {
        await part("store", onStop);
        await part("door", onStop, () => hanging.promise);
      },
      { partMs: 20 },
    );
    await assert.rejects(running.stop(), /did not stop within 20 ms/);
    assert.deepEqual(order.slice(2), ["door stops", "store stops", "store ended"]);
    hanging.reject(new Error("too late for anybody"));
  });

  it("stops once, however often it is asked", async () => {
    const running = await startInOrder((onStop) => part("store", onStop));
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
    assert.deepEqual(order, ["store starts", "store stops", "store ended"]);
  });
});
