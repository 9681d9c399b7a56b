import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseDate } from "./date.ts";

const cases: readonly { readonly text: string; readonly want: string | null; readonly offset?: number }[] = [
  { text: "Fri, 21 Nov 1997 09:55:06 -0600", want: "1997-11-21T15:55:06Z", offset: -360 },
  { text: "Tue, 1 Jul 2003 10:52:37 +0200 (CEST)", want: "2003-07-01T08:52:37Z", offset: 120 },
  { text: "21 Nov 97 09:55:06 GMT", want: "1997-11-21T09:55:06Z" },
  { text: "21 Nov 103 09:55:06 GMT", want: "2003-11-21T09:55:06Z" },
  { text: "Thu, 13 Feb 1969 23:32 -0330", want: "1969-02-14T03:02:00Z", offset: -210 },
  { text: "Thu,\r\n 13\r\n  Feb 1969 23:32:54 EST", want: "1969-02-14T04:32:54Z", offset: -300 },
  { text: "Sat Aug 24 10:11:12 2002", want: "2002-08-24T10:11:12Z" },
  { text: "Sat Aug 24 10:11:12 PDT 2002", want: "2002-08-24T17:11:12Z", offset: -420 },
  { text: "August 24, 2002 10:11:12 PM", want: "2002-08-24T22:11:12Z" },
  { text: "2026-09-01T07:08:09+02:00", want: "2026-09-01T05:08:09Z", offset: 120 },
  { text: "Wed, 02-Sep-2026 1:02:03 UTC", want: "2026-09-02T01:02:03Z" },
  { text: "Mon, 31 Dec 2016 23:59:60 +0000", want: "2017-01-01T00:00:00Z" },
  { text: "Wed, 02 Sep 2026 12:00:00 XYZ", want: "2026-09-02T12:00:00Z" },
  { text: "Wed, 02 Sep 2026 12:00:00 GMT+0100", want: "2026-09-02T11:00:00Z", offset: 60 },
  { text: "", want: null },
  { text: "yesterday", want: null },
  { text: "31 Feb 2020 10:00:00 +0000", want: null },
  { text: "1 Nov 2020 25:00:00 +0000", want: null },
  { text: "1 Foo 2020 10:00:00 +0000", want: null },
];

describe("parseDate", () => {
  for (const { text, want, offset = 0 } of cases) {
    it(JSON.stringify(text), () => {
      const got = parseDate(text);
      assert.equal(got === null ? null : new Date(got.time).toISOString().replace(".000", ""), want);
      if (got !== null) assert.equal(got.offsetMinutes, offset);
    });
  }

  it("reads back what it is printed from", () => {
    const range = { min: new Date("1970-01-01"), max: new Date("2099-12-31"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        const seconds = Math.floor(date.getTime() / 1000) * 1000;
        assert.deepEqual(parseDate(date.toUTCString()), { time: seconds, offsetMinutes: 0 });
      }),
    );
  });

  it("never throws and always ends", () => {
    const garbage = fc.array(
      fc.constantFrom("1", "20", "2020", "jan", "mon", ",", ":", "-", "+", " ", "(", ")", "pm", "t"),
      {
        maxLength: 60,
      },
    );
    fc.assert(fc.property(garbage, (pieces) => Number.isFinite(parseDate(pieces.join(""))?.time ?? 0)));
    fc.assert(fc.property(fc.string(), (text) => Number.isFinite(parseDate(text)?.time ?? 0)));
  });
});
