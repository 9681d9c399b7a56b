import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "./wait-for.ts";

describe("waitFor", () => {
  it("returns the first truthy value", async () => {
    let looks = 0;
    assert.equal(await waitFor(() => (++looks === 3 ? "there" : undefined), { intervalMs: 1 }), "there");
    assert.equal(looks, 3);
  });

  it("takes an exception for not yet", async () => {
    let looks = 0;
    const look = (): boolean => {
      if (++looks < 3) throw new Error("no");
      return true;
    };
    assert.equal(await waitFor(look, { intervalMs: 1 }), true);
  });

  it("tells the last value when the deadline has passed", async () => {
    const waiting = waitFor(() => 0, { timeoutMs: 5, intervalMs: 1, describe: "mail" });
    await assert.rejects(waiting, { message: "waited 5 ms for mail: the last value was 0" });
  });

  it("tells the last exception when the deadline has passed", async () => {
    const cause = new Error("closed");
    const waiting = waitFor(() => Promise.reject(cause), { timeoutMs: 5, intervalMs: 1 });
    await assert.rejects(waiting, (error: Error) => error.message.includes("closed") && error.cause === cause);
  });
});
