import { randomFillSync } from "node:crypto";
import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";

/** Random bytes are asked for by the page: one call for each id costs more than all else a span does. */
const page = Buffer.alloc(4_096);
let used = page.length;

function randomHex(bytes: number): string {
  if (used + bytes > page.length) {
    randomFillSync(page);
    used = 0;
  }
  used += bytes;
  return page.toString("hex", used - bytes, used);
}

/**
 * The tracer of an installation without a collector: its spans record nothing, yet have ids and hand them on, so that
 * one mail has one trace id in the logs of every service. Costs a few random bytes per span and no SDK (10 MB).
 */
class CorrelatingTracer implements Tracer {
  startSpan(_name: string, options: SpanOptions = {}, of: Context = context.active()): Span {
    const parent = options.root === true ? undefined : trace.getSpanContext(of);
    const known = parent !== undefined && isSpanContextValid(parent) ? parent : undefined;
    return trace.wrapSpanContext({
      traceId: known?.traceId ?? randomHex(16),
      spanId: randomHex(8),
      // The parent's decision goes on: another process may have a collector.
      traceFlags: known?.traceFlags ?? 0,
    });
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, run: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, run: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    of: Context,
    run: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: readonly (SpanOptions | Context | F | undefined)[]
  ): ReturnType<F> {
    // Proof: the overloads above are the only ways to call this; the function is always last.
    const run = rest.at(-1) as F;
    const options = (rest.length > 1 ? rest[0] : undefined) as SpanOptions | undefined;
    const of = (rest.length > 2 ? rest[1] : undefined) as Context | undefined;
    const base = of ?? context.active();
    const span = this.startSpan(name, options, base);
    // Proof: `run` gives what F gives.
    return context.with(trace.setSpan(base, span), () => run(span)) as ReturnType<F>;
  }
}

const tracer = new CorrelatingTracer();

export const correlatingTracerProvider: TracerProvider = { getTracer: () => tracer };
