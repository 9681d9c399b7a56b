import type { Attributes, Tracer } from "@opentelemetry/api";
import { fromTraceparent, isSampled, traceparentOf } from "@tamis/kit";

/** The span of one decision, and what the next stage hangs its own on. */
export interface MailSpan {
  readonly traceparent: string | undefined;
  end(attributes: Attributes, endMs: number): void;
}

/** A span "decide" in the mail's own trace; where the mail is not sampled, none, and its trace context goes on as it came. */
export function beginDecide(tracer: Tracer, traceparent: string | undefined, startMs: number): MailSpan {
  if (!isSampled(traceparent)) return { traceparent, end: () => {} };
  const span = tracer.startSpan("decide", { startTime: startMs }, fromTraceparent(traceparent));
  return {
    traceparent: traceparentOf(span.spanContext()),
    end(attributes, endMs) {
      span.setAttributes(attributes);
      span.end(endMs);
    },
  };
}
