import type { Span } from "../span-collector.ts";
import { type Spread, spread } from "../statistics.ts";

/** One mail's way: each span, and the time between two of them, in the order of their beginnings. */
function stagesOf(trace: readonly Span[]): readonly (readonly [stage: string, ms: number])[] {
  const spans = [...trace].sort((a, b) => a.startMs - b.startMs);
  return spans.flatMap((span, index) => {
    const next = spans[index + 1];
    const own = [span.name, span.endMs - span.startMs] as const;
    return next === undefined ? [own] : [own, [`${span.name} → ${next.name}`, next.startMs - span.endMs] as const];
  });
}

/** The spread of every stage over all traces that begin in the window (epoch ms). One mail is one trace. */
export function spreadOfStages(
  spans: readonly Span[],
  window: { readonly from: number; readonly to: number },
): Readonly<Record<string, Spread>> {
  const traces = [...Map.groupBy(spans, ({ traceId }) => traceId).values()].filter((trace) => {
    const start = Math.min(...trace.map(({ startMs }) => startMs));
    return start >= window.from && start <= window.to;
  });
  const stages = Map.groupBy(traces.flatMap(stagesOf), ([stage]) => stage);
  return Object.fromEntries([...stages].map(([stage, times]) => [stage, spread(times.map(([, ms]) => ms))]));
}
