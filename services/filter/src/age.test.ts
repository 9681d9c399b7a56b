import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { isFresh } from "./age.ts";

const HOUR = 3_600_000;
const now = Date.UTC(2026, 10, 22, 10);
const received = (time: number): string => `Received: from a (b; c)\r\n by d; ${new Date(time).toUTCString()}\r\n`;

const cases = [
  { name: "came just now", head: received(now - 1000), internalDate: now, want: true },
  { name: "an old INTERNALDATE", head: received(now), internalDate: now - 25 * HOUR, want: false },
  {
    name: "restored: a new INTERNALDATE, an old Received",
    head: received(now - 72 * HOUR),
    internalDate: now,
    want: false,
  },
  {
    name: "only the topmost Received counts",
    head: received(now) + received(now - 72 * HOUR),
    internalDate: now,
    want: true,
  },
  { name: "no Received: nobody delivered it", head: "Subject: x\r\n", internalDate: now, want: false },
  { name: "a Received without a date", head: "Received: from a by b\r\n", internalDate: now, want: false },
  { name: "just too old", head: received(now), internalDate: now - 24 * HOUR, want: false },
  { name: "clocks that differ", head: received(now + 60_000), internalDate: now + 2000, want: true },
];

describe("isFresh", () => {
  for (const { name, head, internalDate, want } of cases) {
    it(name, () => {
      const message = readMessage(Buffer.from(`${head}\r\nbody`));
      assert.equal(isFresh(message, { internalDate, now, maxAgeMs: 24 * HOUR }), want);
    });
  }
});
