import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseMoment } from "./moment.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const cases = [
  { text: "90m", want: NOW - 90 * 60_000 },
  { text: "12h", want: NOW - 12 * 3_600_000 },
  { text: "3d", want: NOW - 3 * 86_400_000 },
  { text: "2w", want: NOW - 14 * 86_400_000 },
  { text: "2026-11-01", want: new Date(2026, 10, 1).getTime() },
  { text: "2026-11-01T10:00:00Z", want: Date.UTC(2026, 10, 1, 10) },
  { text: "2026-11-01 10:00", want: new Date(2026, 10, 1, 10).getTime() },
  { text: "2026-11-01T10:00:00.5+01:00", want: Date.UTC(2026, 10, 1, 9, 0, 0, 500) },
  { text: "2026-02-30", want: null },
  { text: "2026-13-01", want: null },
  { text: "yesterday", want: null },
  { text: "3", want: null },
  { text: "", want: null },
];

describe("parseMoment", () => {
  for (const { text, want } of cases)
    it(`${text || "nothing"} → ${want}`, () => assert.equal(parseMoment(text, NOW), want));

  it("is a number or null for any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const moment = parseMoment(text, NOW);
        assert.ok(moment === null || Number.isFinite(moment));
      }),
    );
  });
});
