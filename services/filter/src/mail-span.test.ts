import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Span, type Tracer, trace } from "@opentelemetry/api";
import { beginDecide } from "./mail-span.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const sampled = `00-${TRACE}-b7ad6b7169203331-01`;

/** A tracer that records: the API alone has only one that does not. */
function recording() {
  const spans: { name: string; parent: string | undefined; ended: number | undefined; attributes: unknown }[] = [];
  const startSpan: Tracer["startSpan"] = (name, _options, context) => {
    const parent = context === undefined ? undefined : trace.getSpanContext(context)?.spanId;
    const record: (typeof spans)[number] = { name, parent, ended: undefined, attributes: undefined };
    spans.push(record);
    const own = trace.wrapSpanContext({ traceId: TRACE, spanId: "00000000000000aa", traceFlags: 1 });
    return {
      ...own,
      spanContext: () => own.spanContext(),
      setAttributes(attributes) {
        record.attributes = attributes;
        return this;
      },
      end(at) {
        record.ended = Number(at);
      },
    } as Span; // Proof: the rest of a span's methods is not called by the code under test.
  };
  return { spans, tracer: { startSpan, startActiveSpan: () => assert.fail("not used") } };
}

describe("beginDecide", () => {
  it("is a child of the mail's own trace, and the parent of what follows", () => {
    const { spans, tracer } = recording();
    const span = beginDecide(tracer, sampled, 1000);
    span.end({ "tamis.decision": "stay" }, 1001);
    assert.deepEqual(spans, [
      { name: "decide", parent: "b7ad6b7169203331", ended: 1001, attributes: { "tamis.decision": "stay" } },
    ]);
    assert.equal(span.traceparent, `00-${TRACE}-00000000000000aa-01`);
  });

  for (const traceparent of [undefined, `00-${TRACE}-b7ad6b7169203331-00`, "nonsense"]) {
    it(`records nothing for ${traceparent}`, () => {
      const { spans, tracer } = recording();
      const span = beginDecide(tracer, traceparent, 1000);
      span.end({}, 1001);
      assert.deepEqual([spans, span.traceparent], [[], traceparent]);
    });
  }
});
