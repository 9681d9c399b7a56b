import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { futureReleaseLine, readHold } from "./hold.ts";

const now = new Date("2026-03-01T12:00:00Z");
const limits = { maxMs: 7 * 86_400_000, now };

type Given = string | true | undefined;
const cases: readonly { name: string; holdFor?: Given; holdUntil?: Given; want: string | null }[] = [
  { name: "neither", want: null },
  { name: "an hour", holdFor: "3600", want: "2026-03-01T13:00:00.000Z for;3600" },
  { name: "leading zeros", holdFor: "000000060", want: "2026-03-01T12:01:00.000Z for;60" },
  { name: "the longest", holdFor: "604800", want: "2026-03-08T12:00:00.000Z for;604800" },
  { name: "a second more than the longest", holdFor: "604801", want: "501" },
  { name: "nothing", holdFor: "0", want: "501" },
  { name: "ten digits", holdFor: "0000000060", want: "501" },
  { name: "a fraction", holdFor: "1.5", want: "501" },
  { name: "less than nothing", holdFor: "-5", want: "501" },
  { name: "no value", holdFor: true, want: "501" },
  {
    name: "an instant",
    holdUntil: "2026-03-02T07:00:00Z",
    want: "2026-03-02T07:00:00.000Z until;2026-03-02T07:00:00Z",
  },
  {
    name: "an instant in small letters",
    holdUntil: "2026-03-02t07:00:00z",
    want: "2026-03-02T07:00:00.000Z until;2026-03-02T07:00:00Z",
  },
  { name: "beyond the limit", holdUntil: "2026-03-08T12:00:01Z", want: "501" },
  {
    name: "just passed",
    holdUntil: "2026-03-01T11:58:00Z",
    want: "2026-03-01T12:00:00.000Z until;2026-03-01T11:58:00Z",
  },
  { name: "long passed", holdUntil: "2025-03-02T07:00:00Z", want: "501" },
  { name: "a wall time with its offset", holdUntil: "2026-03-02T08:00:00+01:00", want: "501" },
  { name: "a wall time without one", holdUntil: "2026-03-02T08:00:00", want: "501" },
  { name: "no such day", holdUntil: "2026-02-30T08:00:00Z", want: "501" },
  { name: "no such hour", holdUntil: "2026-03-02T25:00:00Z", want: "501" },
  { name: "no value either", holdUntil: true, want: "501" },
  { name: "both", holdFor: "60", holdUntil: "2026-03-02T07:00:00Z", want: "501" },
];

describe("RFC 4865 HOLDFOR and HOLDUNTIL", () => {
  for (const { name, holdFor, holdUntil, want } of cases)
    it(name, () => {
      const hold = readHold({ holdFor, holdUntil }, limits);
      const got =
        hold === null ? null : "code" in hold ? String(hold.code) : `${hold.until.toISOString()} ${hold.request}`;
      assert.equal(got, want);
    });

  it("the EHLO line has both limits", () => {
    assert.equal(futureReleaseLine(limits), "FUTURERELEASE 604800 2026-03-08T12:00:00Z");
  });

  it("is never early, never beyond the limit, and takes any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (text, isFor) => {
        const hold = readHold({ holdFor: isFor ? text : undefined, holdUntil: isFor ? undefined : text }, limits);
        if (hold === null || "code" in hold) return;
        assert.ok(hold.until >= now && hold.until.getTime() <= now.getTime() + limits.maxMs);
      }),
    );
  });
});
