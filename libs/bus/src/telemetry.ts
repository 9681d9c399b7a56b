import {
  type Attributes,
  type Counter,
  type Histogram,
  isSpanContextValid,
  metrics,
  type Span,
  type SpanContext,
  SpanKind,
  type Link as SpanLink,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { metrics as names } from "@tamis/contracts";

/** What the bus counts, and the spans it draws when asked to. Names by the OpenTelemetry messaging conventions, 1.44. */
export interface Telemetry {
  readonly retried: Counter;
  readonly parked: Counter;
  /** Seconds. */
  readonly processDuration: Histogram;
  /** Seconds. */
  readonly publishDuration: Histogram;
  /** Absent = no spans. */
  readonly tracer: Tracer | undefined;
}

/** Made per bus, not per module: the SDK is set up after modules are loaded. */
export function openTelemetry(spans: boolean): Telemetry {
  const meter = metrics.getMeter("@tamis/bus");
  return {
    retried: meter.createCounter(names.busRetried, { unit: "{message}" }),
    parked: meter.createCounter(names.busParked, { unit: "{message}" }),
    processDuration: meter.createHistogram(names.processDuration, { unit: "s" }),
    publishDuration: meter.createHistogram(names.publishDuration, { unit: "s" }),
    tracer: spans ? trace.getTracer("@tamis/bus") : undefined,
  };
}

const templates = new Map<string, string>();

/** `mail.received.17` → `mail.received.*`: a name of low cardinality. */
export function templateOf(subject: string): string {
  const known = templates.get(subject);
  if (known !== undefined) return known;
  const template = subject.replaceAll(/(?<=[.-])\d+(?=\.|$)/g, "*");
  if (templates.size < 10_000) templates.set(subject, template);
  return template;
}

export function attributesOf(operation: "publish" | "process", destination: string, durable?: string): Attributes {
  return {
    "messaging.system": "nats",
    "messaging.operation.name": operation,
    "messaging.operation.type": operation === "publish" ? "send" : "process",
    "messaging.destination.template": destination,
    ...(durable === undefined ? {} : { "messaging.consumer.group.name": durable }),
  };
}

/** A span linked with, not under, the sender's context: a batch holds mails of many traces. */
export function beginSpan(tracer: Tracer, attributes: Attributes, traceparent: string | undefined): Span {
  const operation = String(attributes["messaging.operation.name"]);
  return tracer.startSpan(`${operation} ${String(attributes["messaging.destination.template"])}`, {
    kind: operation === "publish" ? SpanKind.PRODUCER : SpanKind.CONSUMER,
    attributes,
    links: linksTo(traceparent),
  });
}

export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined) {
    const kind = error instanceof Error ? error.name : "unknown";
    span.setAttribute("error.type", kind);
    span.setStatus({ code: SpanStatusCode.ERROR, message: kind });
  }
  span.end();
}

function linksTo(traceparent: string | undefined): SpanLink[] {
  const context = traceparent === undefined ? null : parseTraceparent(traceparent);
  return context === null ? [] : [{ context }];
}

/** W3C Trace Context §3.2; `null` where it is none. */
export function parseTraceparent(text: string): SpanContext | null {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(text);
  const [, traceId, spanId, flags] = match ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(context) ? context : null;
}
