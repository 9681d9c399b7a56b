import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { correlatingTracerProvider } from "./correlating-tracer.ts";
import { fromTraceparent, installTraceContext, isSampled, toTraceparent } from "./trace-context.ts";

installTraceContext();
const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("traceparent", () => {
  it("comes out as it went in", () => {
    const hex = (length: number) =>
      fc
        .string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length })
        .filter((text) => /[^0]/.test(text));
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 255 }), (traceId, spanId, flags) => {
        const text = `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, "0")}`;
        assert.equal(toTraceparent(fromTraceparent(text)), text);
      }),
    );
  });

  const refused: readonly { name: string; text: string | undefined }[] = [
    { name: "absent", text: undefined },
    { name: "empty", text: "" },
    { name: "version ff", text: PARENT.replace(/^00/, "ff") },
    { name: "upper case", text: PARENT.toUpperCase() },
    { name: "a trace id of zeros", text: `00-${"0".repeat(32)}-b7ad6b7169203331-01` },
    { name: "a span id of zeros", text: `00-0af7651916cd43dd8448eb211c80319c-${"0".repeat(16)}-01` },
    { name: "version 00 with a fifth field", text: `${PARENT}-more` },
    { name: "cut", text: PARENT.slice(0, -1) },
  ];
  for (const { name, text } of refused)
    it(`is left alone: ${name}`, () => assert.equal(fromTraceparent(text), ROOT_CONTEXT));

  it("of a later version is read as far as it is known", () => {
    assert.equal(toTraceparent(fromTraceparent(`${PARENT.replace(/^00/, "01")}-more`)), PARENT);
  });

  for (const { name, text, want } of [
    { name: "recorded", text: PARENT, want: true },
    { name: "recorded, with other flags", text: PARENT.replace(/01$/, "03"), want: true },
    { name: "not recorded", text: PARENT.replace(/01$/, "02"), want: false },
    { name: "absent", text: undefined, want: false },
    { name: "none, though it ends like one", text: PARENT.toUpperCase(), want: false },
  ])
    it(`tells whether the trace is recorded: ${name}`, () => assert.equal(isSampled(text), want));

  it("is what the propagation API carries", () => {
    const carrier: Record<string, string> = {};
    propagation.inject(fromTraceparent(PARENT), carrier);
    assert.deepEqual(carrier, { traceparent: PARENT });
    assert.equal(toTraceparent(propagation.extract(ROOT_CONTEXT, carrier)), PARENT);
  });
});

describe("the tracer without a collector", () => {
  const tracer = correlatingTracerProvider.getTracer("test");

  it("hands the trace on, and follows asynchronous calls", async () => {
    await context.with(fromTraceparent(PARENT), async () => {
      await setImmediate();
      await tracer.startActiveSpan("work", async (span) => {
        await setImmediate();
        assert.equal(trace.getActiveSpan(), span);
        const { traceId, spanId, traceFlags } = span.spanContext();
        assert.equal(traceId, "0af7651916cd43dd8448eb211c80319c");
        assert.notEqual(spanId, "b7ad6b7169203331");
        assert.equal(traceFlags, 1);
      });
    });
    assert.equal(toTraceparent(), undefined);
  });

  it("begins a new trace without a parent, not sampled and recording nothing", () => {
    const [a, b] = [tracer.startSpan("a"), tracer.startSpan("b", { root: true }, fromTraceparent(PARENT))];
    assert.match(toTraceparent(trace.setSpan(ROOT_CONTEXT, a)) ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.notEqual(b.spanContext().traceId, "0af7651916cd43dd8448eb211c80319c");
    assert.equal(a.isRecording(), false);
    tracer.startActiveSpan("c", {}, fromTraceparent(PARENT), (span) =>
      assert.equal(span.spanContext().traceId, "0af7651916cd43dd8448eb211c80319c"),
    );
  });

  it("binds a function to a context", () => {
    const bound = context.bind(fromTraceparent(PARENT), (suffix: string) => `${toTraceparent()}${suffix}`);
    assert.equal(bound("!"), `${PARENT}!`);
  });
});
