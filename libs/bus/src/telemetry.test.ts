import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { INVALID_SPAN_CONTEXT, SpanKind, type SpanOptions, type Tracer, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { attributesOf, beginSpan, endSpan, parseTraceparent, templateOf } from "./telemetry.ts";

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

describe("a span of the bus", () => {
  it("is named by its destination, and linked to the sender's", () => {
    const begun: { readonly name: string; readonly options: SpanOptions | undefined }[] = [];
    const startSpan: Tracer["startSpan"] = (name, options) => {
      begun.push({ name, options });
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    };
    const tracer: Tracer = { startSpan, startActiveSpan: trace.getTracer("none").startActiveSpan };
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    endSpan(beginSpan(tracer, attributesOf("process", "mail.received.*", "filter"), traceparent), new Error("x"));
    endSpan(beginSpan(tracer, attributesOf("publish", "mail.received.*"), undefined));
    const [process, publish] = begun;
    assert.equal(process?.name, "process mail.received.*");
    assert.equal(process?.options?.kind, SpanKind.CONSUMER);
    assert.equal(process?.options?.attributes?.["messaging.consumer.group.name"], "filter");
    assert.equal(process?.options?.links?.[0]?.context.traceId, "0af7651916cd43dd8448eb211c80319c");
    assert.equal(publish?.name, "publish mail.received.*");
    assert.equal(publish?.options?.kind, SpanKind.PRODUCER);
    assert.deepEqual(publish?.options?.links, []);
  });
});
