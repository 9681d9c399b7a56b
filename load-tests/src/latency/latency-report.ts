import { medianOf } from "../alternate.ts";
import { type Figures, type Report, say, table } from "../report.ts";
import { percentile, significant, spread } from "../statistics.ts";
import type { Filed } from "./arrivals.ts";
import type { IdleMode, LatencyPlan, LatencyRun } from "./latency-runs.ts";
import { type OwnTimes, ownStages } from "./own-times.ts";
import { spreadOfStages } from "./stages.ts";

type Part = "steady" | "burst";
/** Every run of both sides under one mode. */
export type Runs = Readonly<Record<"ours" | "imapfilter", readonly LatencyRun[]>>;

const latencies = (filed: readonly Filed[]): readonly number[] =>
  filed.flatMap(({ acceptedAtMs, visibleAtMs }) => (visibleAtMs === undefined ? [] : [visibleAtMs - acceptedAtMs]));

/** The median over the runs of one percentile. */
const at = (runs: readonly LatencyRun[], part: Part, share: number): number =>
  medianOf(runs, (run) => percentile(latencies(run[part]), share));

function partFigures(runs: readonly LatencyRun[], part: Part): Figures {
  const ms = (share: number): number => significant(at(runs, part, share));
  return {
    mails: runs.reduce((sum, run) => sum + run[part].length, 0),
    missing_mails: runs.reduce(
      (sum, run) => sum + run[part].filter(({ visibleAtMs }) => visibleAtMs === undefined).length,
      0,
    ),
    p50_ms: ms(0.5),
    p95_ms: ms(0.95),
    p99_ms: ms(0.99),
    max_ms: ms(1),
  };
}

/** Our own part by stage, of all runs together. */
function ownFigures(runs: readonly LatencyRun[], part: Part): Figures {
  const times: readonly OwnTimes[] = runs.flatMap(({ own }) => own?.[part] ?? []);
  const stages = times.map(ownStages);
  const of = (stage: string): readonly number[] => stages.flatMap((one) => one[stage] ?? []);
  const names = ["own", "fetch", "publish", "decide", "apply"];
  return Object.fromEntries(
    names.flatMap((name) => [
      [`${name}_p50_ms`, significant(percentile(of(name), 0.5))],
      [`${name}_p99_ms`, significant(percentile(of(name), 0.99))],
    ]),
  );
}

function stageFigures(runs: readonly LatencyRun[]): Figures {
  const all = runs.flatMap(({ own }) => (own === undefined ? [] : [spreadOfStages(own.spans, own.window)]));
  const [last] = all.slice(-1);
  return Object.fromEntries(Object.entries(last ?? {}).map(([stage, times]) => [stage, { ...times }]));
}

function figuresOf(runs: readonly LatencyRun[]): Figures {
  const [last] = runs.slice(-1);
  return {
    steady: partFigures(runs, "steady"),
    burst: partFigures(runs, "burst"),
    steady_cpu: { ...last?.cpu },
    memory_mib: significant(medianOf(runs, (run) => run.memoryMib)),
  };
}

const ourFigures = (runs: readonly LatencyRun[]): Figures => ({
  ...figuresOf(runs),
  own_steady: ownFigures(runs, "steady"),
  own_burst: ownFigures(runs, "burst"),
  stages_of_the_last_run: stageFigures(runs),
});

function ratiosOf(results: ReadonlyMap<IdleMode, Runs>): Readonly<Record<string, number>> {
  const shares = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
  const entries = [...results].flatMap(([mode, { ours, imapfilter }]) =>
    (["steady", "burst"] as const).flatMap((part) =>
      Object.entries(shares).map(([name, share]) => {
        const prefix = `imapfilter${mode === "live" ? "_live" : ""}${part === "burst" ? "_burst" : ""}`;
        return [`${prefix}_${name}`, significant(at(imapfilter, part, share) / at(ours, part, share), 3)] as const;
      }),
    ),
  );
  return Object.fromEntries(entries);
}

/** Prints the tables. */
export function tell(results: ReadonlyMap<IdleMode, Runs>): void {
  const ms = (value: number): number => Number(value.toFixed(1));
  const rows = [...results].flatMap(([mode, runs]) =>
    (["steady", "burst"] as const).flatMap((part) =>
      (["ours", "imapfilter"] as const).map((who) => [
        mode,
        part,
        who,
        ...[0.5, 0.95, 0.99, 1].map((share) => ms(at(runs[who], part, share))),
      ]),
    ),
  );
  say("LMTP acceptance → in its folder, ms:");
  say(table(["idle", "arrivals", "who", "p50", "p95", "p99", "max"], rows));
  for (const [mode, { ours, imapfilter }] of results) {
    const own = ours.flatMap(({ own }) => own?.steady ?? []).map(ownStages);
    const stage = (name: string): readonly (string | number)[] => {
      const { p50_ms, p95_ms, p99_ms, max_ms } = spread(own.flatMap((one) => one[name] ?? []));
      return [name, ...[p50_ms, p95_ms, p99_ms, max_ms].map(ms)];
    };
    say(`our own part, EXISTS → acknowledged MOVE, ${mode}, steady, ms:`);
    say(table(["stage", "p50", "p95", "p99", "max"], ["own", "fetch", "publish", "decide", "apply"].map(stage)));
    say(`stages from the traces of the last run, ${mode}, ms:`);
    const spans = Object.entries(
      spreadOfStages(ours.at(-1)?.own?.spans ?? [], ours.at(-1)?.own?.window ?? { from: 0, to: 0 }),
    );
    say(
      table(
        ["stage", "count", "p50", "p99"],
        spans.map(([name, { count, p50_ms, p99_ms }]) => [name, count, ms(p50_ms), ms(p99_ms)]),
      ),
    );
    say(
      `CPU seconds of the steady part: ours ${JSON.stringify(ours.at(-1)?.cpu)}, imapfilter ${JSON.stringify(imapfilter.at(-1)?.cpu)}`,
    );
  }
}

/** The figures of all runs, for `--json`. */
export function reportOf(
  results: ReadonlyMap<IdleMode, Runs>,
  plan: Omit<LatencyPlan, "mode">,
  rounds: number,
): Report {
  const by = (who: "ours" | "imapfilter"): Figures =>
    Object.fromEntries(
      [...results].map(([mode, runs]) => [mode, (who === "ours" ? ourFigures : figuresOf)(runs[who])]),
    );
  const { sampling, together, ...settings } = plan;
  return {
    scenario: "latency",
    ours: by("ours"),
    peers: { imapfilter: by("imapfilter") },
    ceiling: {},
    ratios: ratiosOf(results),
    settings: {
      ...settings,
      processes: together ? "sorter" : "mailbox, filter",
      rounds,
      trace_sampling: sampling,
      observer: "Dovecot's mail_log, read passively",
    },
  };
}

/** True when every mail of ours was seen in its folder. */
export function isComplete(results: ReadonlyMap<IdleMode, Runs>): boolean {
  const filed = [...results.values()].flatMap(({ ours }) => ours).flatMap(({ steady, burst }) => [...steady, ...burst]);
  return filed.every(({ visibleAtMs }) => visibleAtMs !== undefined);
}
