import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatInternalDate, formatSearchDate, parseInternalDate } from "./internal-date.ts";

describe("parseInternalDate", () => {
  for (const [text, want] of [
    [" 2-Nov-2026 08:00:00 +0100", "2026-11-02T07:00:00Z"],
    ["02-Nov-2026 08:00:00 +0100", "2026-11-02T07:00:00Z"],
    ["2-nov-2026 08:00:00 -0330", "2026-11-02T11:30:00Z"],
    ["29-Feb-2028 23:59:59 +0000", "2028-02-29T23:59:59Z"],
  ] as const)
    it(`of ${text}`, () => assert.equal(parseInternalDate(text), Date.parse(want)));

  for (const text of [
    "",
    "2-Foo-2026 08:00:00 +0100",
    "Mon, 2 Nov 2026 08:00:00 +0100",
    "02-Nov-2026",
    "x".repeat(1_000),
  ])
    it(`of ${JSON.stringify(text.slice(0, 40))}: none`, () => assert.equal(parseInternalDate(text), 0));

  it("reads what formatInternalDate writes", () => {
    const time = fc.date({ min: new Date("1970-01-02"), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(time, (date) => {
        const seconds = Math.floor(date.getTime() / 1000) * 1000;
        assert.equal(parseInternalDate(formatInternalDate(seconds)), seconds);
      }),
    );
  });

  it("gives a number for any text", () => {
    fc.assert(fc.property(fc.string(), (text) => assert.ok(Number.isFinite(parseInternalDate(text)))));
  });
});

it("formatInternalDate: in UTC, the day in two places", () => {
  assert.equal(formatInternalDate(Date.parse("2026-11-02T07:00:09+01:00")), " 2-Nov-2026 06:00:09 +0000");
});

describe("formatSearchDate", () => {
  it("names the day in UTC, without a leading zero", () => {
    assert.equal(formatSearchDate(Date.parse("2026-11-02T23:30:00Z")), "2-Nov-2026");
    assert.equal(formatSearchDate(0), "1-Jan-1970");
  });
});
