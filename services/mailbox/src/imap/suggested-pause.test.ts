import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { suggestedPause } from "./suggested-pause.ts";

describe("suggestedPause (imapflow PR#142)", () => {
  for (const [text, want] of [
    ["Request is throttled. Suggested Backoff Time: 92415 milliseconds", 92_415],
    ["request is THROTTLED. Suggested Backoff Time:0 milliseconds", 0],
    ["Request is throttled. Suggested Backoff Time: 999999999 milliseconds", 900_000],
    ["Request is throttled.", null],
    ["Suggested Backoff Time: 5 milliseconds", null],
    ["Server Unavailable. 15", null],
    ["", null],
  ] as const) {
    it(JSON.stringify(text), () => assert.equal(suggestedPause(text), want));
  }
});
