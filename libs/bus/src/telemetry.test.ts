import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseTraceparent, templateOf } from "./telemetry.ts";

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length - 1}}[1-9a-f]$`));

describe("traceparent", () => {
  it("is read", () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 1 }), (traceId, spanId, traceFlags) => {
        const context = { traceId, spanId, traceFlags, isRemote: true };
        assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-0${traceFlags}`), context);
      }),
    );
  });

  for (const text of [
    "",
    "00-0-0-00",
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    "00-0af7651916cd43dd8448eb211c80319c",
  ]) {
    it(`"${text}" is none`, () => assert.equal(parseTraceparent(text), null));
  }
});

describe("templateOf", () => {
  const cases = [
    { subject: "mail.received.17", want: "mail.received.*" },
    { subject: "event.3.mail-decided", want: "event.*.mail-decided" },
    { subject: "parked.MAIL.filter", want: "parked.MAIL.filter" },
    { subject: "parked.APPLY.apply-12", want: "parked.APPLY.apply-*" },
    { subject: "mailbox.status", want: "mailbox.status" },
  ];
  for (const { subject, want } of cases) it(subject, () => assert.equal(templateOf(subject), want));
});
