import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { replayId } from "./parking.ts";

describe("replayId", () => {
  const cases = [
    { id: "a/0f0f0f0f/1/2/apply", want: "a/0f0f0f0f/1/2/apply/replay-1" },
    { id: "a/0f0f0f0f/1/2/apply/replay-1", want: "a/0f0f0f0f/1/2/apply/replay-2" },
    { id: "x/replay-9", want: "x/replay-10" },
    { id: "replay-1", want: "replay-1/replay-1" },
  ];
  for (const { id, want } of cases) it(id, () => assert.equal(replayId(id), want));
});
