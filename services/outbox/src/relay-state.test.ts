import assert from "node:assert/strict";
import { it } from "node:test";
import { RelayState } from "./relay-state.ts";
import { RelayUnavailable } from "./smtp/route.ts";

it("a relay that fails is left alone ever longer, says so once a pause, and is used at once when it works", () => {
  const said: string[] = [];
  const relay = new RelayState({ firstMs: 60_000, maxMs: 3_600_000 }, (state) => said.push(state));
  const down = new RelayUnavailable("x", { code: "ECONNREFUSED" });
  const pauses: number[] = [];
  for (let now = 0, tries = 0; tries < 9; tries++) {
    relay.failed(down, now);
    // Others that began side by side with it.
    relay.failed(down, now + 1);
    pauses.push(relay.pausedUntil - now);
    now = relay.pausedUntil;
  }
  assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  assert.ok(relay.isDown);
  relay.works();
  relay.works();
  assert.deepEqual([relay.isDown, relay.pausedUntil], [false, 0]);
  assert.deepEqual([said.length, said[0], said.at(-1)], [10, "the relay cannot be used (ECONNREFUSED)", "ok"]);
});
