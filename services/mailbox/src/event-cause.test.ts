import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { causeOf } from "./event-cause.ts";

const after = Date.UTC(2026, 10, 2, 8);
const MINUTE_MS = 60_000;

describe("causeOf", () => {
  for (const { name, internalDate, isKnown, want } of [
    { name: "a mail of INBOX", internalDate: after + MINUTE_MS, isKnown: true, want: "COPY" },
    {
      name: "a mail that was there before the last look",
      internalDate: after - 10 * MINUTE_MS,
      isKnown: false,
      want: "COPY",
    },
    { name: "a mail that is new everywhere", internalDate: after + MINUTE_MS, isKnown: false, want: "APPEND" },
    {
      name: "one whose sender's clock is a little late",
      internalDate: after - MINUTE_MS,
      isKnown: false,
      want: "APPEND",
    },
  ])
    it(`${name}: ${want}`, () => assert.equal(causeOf({ internalDate, isKnown, after }), want));
});
