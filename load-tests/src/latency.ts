import { alternate } from "./alternate.ts";
import { needImapFilter } from "./imapfilter.ts";
import { needInotify } from "./inotify.ts";
import { isComplete, type Runs, reportOf, tell } from "./latency/latency-report.ts";
import {
  type IdleMode,
  type LatencyPlan,
  LEAST_SPACING_S,
  openStage,
  runImapFilter,
  runOurs,
} from "./latency/latency-runs.ts";
import { BadOptions, chosen, readOptions, textOption, wholeNumber } from "./options.ts";
import { say, writeReport } from "./report.ts";

const modes = ["hibernated", "live"] as const satisfies readonly IdleMode[];

/** Options of `npm run load -- latency`. */
export const LATENCY_HELP = `--seconds N     length of the steady part (default 30)
--per-second N  steady arrivals (default 20)
--accounts N    over so many accounts (default 50)
--burst N       mails of the burst that follows (default 200)
--warmup N      mails before anything is measured, for whoever compiles while it runs (default 1000)
--apart         mailbox and filter as processes of their own; without it together, as tamis up runs them
--rounds N      alternating runs, of which the median counts (default 3)
--modes LIST    of ${modes.join(",")} (default both)
--json FILE     writes the figures`;

async function runMode(plan: LatencyPlan, program: string, rounds: number): Promise<Runs> {
  const limits = needInotify(3 * plan.accounts, say);
  const stage = await openStage(plan);
  try {
    const runs = await alternate(
      {
        ours: (round) => runOurs(stage, `t${round}-`),
        imapfilter: (round) => runImapFilter(stage, program, `i${round}-`),
      },
      rounds,
    );
    return { ours: runs["ours"] ?? [], imapfilter: runs["imapfilter"] ?? [] };
  } finally {
    await stage.stop();
    limits.restore();
  }
}

function readPlan(options: Readonly<Record<string, string | boolean | undefined>>): Omit<LatencyPlan, "mode"> {
  const number = (name: string, fallback: string, min: number, max: number): number =>
    wholeNumber(name, options[name] ?? fallback, { min, max });
  const plan = {
    seconds: number("seconds", "30", 1, 3_600),
    perSecond: number("per-second", "20", 1, 200),
    accounts: number("accounts", "50", 1, 500),
    burst: number("burst", "200", 1, 10_000),
    warmup: number("warmup", "1000", 1, 100_000),
    together: options["apart"] !== true,
    sampling: 1,
  };
  if (plan.accounts / plan.perSecond < LEAST_SPACING_S) {
    throw new BadOptions(
      `--accounts: at ${plan.perSecond} per second at least ${Math.ceil(LEAST_SPACING_S * plan.perSecond)} accounts are needed, so that each is idle again when its next mail comes`,
    );
  }
  return plan;
}

/** `npm run load -- latency`: exit code 0 when every mail of ours was seen in its folder. */
export async function runLatency(argv: readonly string[]): Promise<number> {
  const string = { type: "string" } as const;
  const options = readOptions(argv, {
    seconds: string,
    "per-second": string,
    accounts: string,
    burst: string,
    warmup: string,
    apart: { type: "boolean" },
    rounds: string,
    modes: string,
    json: string,
  });
  const shared = readPlan(options);
  const rounds = wholeNumber("rounds", options["rounds"] ?? "3", { min: 1, max: 99 });
  const program = await needImapFilter();
  const results = new Map<IdleMode, Runs>();
  for (const mode of chosen("modes", textOption(options["modes"]), modes)) {
    say(
      `${mode}: ${shared.perSecond}/s for ${shared.seconds} s over ${shared.accounts} accounts, then ${shared.burst} at once; ${rounds} alternating runs; trace sampling ${shared.sampling} …`,
    );
    results.set(mode, await runMode({ ...shared, mode }, program, rounds));
  }
  tell(results);
  const json = textOption(options["json"]);
  if (json !== undefined) await writeReport(json, reportOf(results, shared, rounds));
  return isComplete(results) ? 0 : 1;
}
