import { type Meter, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { metrics, type SendingState, sendingState } from "@tamis/contracts";
import { fromTraceparent } from "@tamis/kit";
import type { CircularResult } from "./tables/circular-work.ts";
import type { ClaimedSending, Result } from "./tables/work.ts";

/** What is counted and traced of sendings; no addresses. */
export interface Measures {
  results(sending: ClaimedSending, results: readonly Result[], ms: number): void;
  circularResults(results: readonly CircularResult[], ms: number): void;
  /** Circulars that began, each so many ms after its instant. */
  circularsBegun(lateMs: readonly number[]): void;
  counts(counts: Partial<Record<SendingState, number>>): void;
  /** Runs a sending as a part of the trace of the mail that it came from. */
  tracedBy(tracer: Tracer): (sending: ClaimedSending, send: () => Promise<void>) => Promise<void>;
}

/** The instruments of this service. */
export function measure(meter: Meter): Measures {
  const sendings = meter.createCounter(metrics.sendings, { unit: "{sending}", description: "Attempts, by result" });
  const duration = meter.createHistogram(metrics.sendingDuration, { unit: "s", description: "One attempt" });
  const states = meter.createGauge(metrics.sendingsByState, {
    unit: "{recipient}",
    description: "Recipients by state",
  });
  const lateness = meter.createHistogram(metrics.sendingLateness, {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 900, 3_600, 14_400] },
    description: "From the instant at which it was to leave to its beginning",
  });
  const late = (ms: number, kind: string): void => lateness.record(Math.max(0, ms) / 1000, { kind });
  return {
    results({ kind, dueAt }, results, ms) {
      // What is tried again is late for another reason.
      if (dueAt !== undefined) late(Date.now() - ms - dueAt.getTime(), kind);
      for (const { state } of results) sendings.add(1, { kind, state });
      duration.record(ms / 1000, { kind });
    },
    circularResults(results, ms) {
      for (const { state } of results) if (state !== "returned") sendings.add(1, { kind: "circular", state });
      duration.record(ms / 1000, { kind: "circular" });
    },
    circularsBegun(lateMs) {
      for (const ms of lateMs) late(ms, "circular");
    },
    counts(counts) {
      for (const state of sendingState.options) states.record(counts[state] ?? 0, { state });
    },
    tracedBy: (tracer) => (sending, send) =>
      tracer.startActiveSpan(
        "send",
        { kind: SpanKind.CLIENT, attributes: { "mail.sending.kind": sending.kind } },
        fromTraceparent(sending.traceparent ?? undefined),
        async (span) => {
          try {
            await send();
          } catch (error) {
            span.setStatus({ code: SpanStatusCode.ERROR });
            throw error;
          } finally {
            span.end();
          }
        },
      ),
  };
}
