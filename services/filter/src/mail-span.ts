import { type Attributes, type Tracer, trace } from "@opentelemetry/api";
import { fromTraceparent, toTraceparent } from "@tamis/kit";

/** The span of one decision, and what the next stage hangs its own on. */
export interface MailSpan {
  readonly traceparent: string | undefined;
  end(attributes: Attributes, endMs: number): void;
}

/** W3C Trace Context §3.2.2.5. */
const SAMPLED = 1;

/** A span "decide" in the mail's own trace; where the mail is not sampled, none, and its trace context goes on as it came. */
export function beginDecide(tracer: Tracer, traceparent: string | undefined, startMs: number): MailSpan {
  const parent = fromTraceparent(traceparent);
  const sampled = ((trace.getSpanContext(parent)?.traceFlags ?? 0) & SAMPLED) !== 0;
  if (!sampled) return { traceparent, end: () => {} };
  const span = tracer.startSpan("decide", { startTime: startMs }, parent);
  return {
    traceparent: toTraceparent(trace.setSpan(parent, span)),
    end(attributes, endMs) {
      span.setAttributes(attributes);
      span.end(endMs);
    },
  };
}
