import { alternate, medianOf, medianRun } from "./alternate.ts";
import { type Bench, type BenchSetting, openBench } from "./backlog/backlog-bench.ts";
import { type BacklogCase, backlogCaseNames, backlogCases } from "./backlog/backlog-cases.ts";
import { type BacklogRun, runBare, runImapFilter, runOurs } from "./backlog/backlog-runs.ts";
import { needImapFilter } from "./imapfilter.ts";
import { needInotify } from "./inotify.ts";
import { generateMails } from "./mails.ts";
import { chosen, readOptions, textOption, wholeNumber } from "./options.ts";
import { type Figures, type Report, say, table, writeReport } from "./report.ts";
import { sortableMail } from "./sortable-mails.ts";
import { significant } from "./statistics.ts";

/** Options of `npm run load -- backlog`. */
export const BACKLOG_HELP = `--mails N      mails in the one INBOX (default 5000)
--rounds N     alternating runs, of which the median counts (default 3)
--warmup N     runs of ours before them, the first of which is told as the cold one (default 8)
--apart        mailbox and filter as processes of their own; without it together, as tamis up runs them
--cases LIST   of ${backlogCaseNames.join(",")} (default all)
--profile DIR  writes CPU profiles of our services there
--json FILE    writes the figures`;

const SIZES = { minBytes: 2_000, maxBytes: 60_000, multipartShare: 0.6 } as const;

/** The runs of one case, by contender. */
interface CaseResult {
  readonly plan: BacklogCase;
  /** The pipeline's very first backlog, with nothing compiled or warm yet. */
  readonly cold: BacklogRun;
  readonly runs: Readonly<Record<string, readonly BacklogRun[]>>;
}

const contenders = { ours: runOurs, imapfilter: runImapFilter, ceiling: runBare } as const;
type Contender = keyof typeof contenders;

const speed = ({ mailsPerSecond }: BacklogRun): number => mailsPerSecond;
const rate = ({ runs }: CaseResult, who: Contender): number => medianOf(runs[who], speed);

interface Rounds {
  readonly rounds: number;
  readonly warmup: number;
}

/** A service runs for months: what counts is how fast it is once V8 has compiled it, for which it takes some tens of thousands of mails. */
async function runOn(bench: Bench, { rounds, warmup }: Rounds): Promise<CaseResult> {
  const cold = await runOurs(bench);
  // Where what an account costs is measured, no mail is decided on often enough to be worth the time.
  const more = bench.plan.accounts === 1 ? warmup - 1 : 0;
  for (let i = 0; i < more; i++) await runOurs(bench);
  const runs = await alternate(
    Object.fromEntries(Object.entries(contenders).map(([name, run]) => [name, () => run(bench)])),
    rounds,
  );
  const wrong = [cold, ...(runs["ours"] ?? [])].reduce((sum, run) => sum + run.wrong, 0);
  if (wrong > 0) say(`  ${bench.plan.name}: ${wrong} of our mails are not in their place`);
  for (const end of bench.pipeline.unexpectedEnds()) say(`  ${end}`);
  return { plan: bench.plan, cold, runs };
}

async function runCase(
  plan: BacklogCase,
  bodies: readonly Buffer[],
  setting: BenchSetting & Rounds,
): Promise<CaseResult> {
  const mails = bodies.slice(0, plan.mailsPerAccount).map((raw, key) => sortableMail(raw, key, plan.rules));
  const limits = needInotify(2 * plan.accounts, say);
  const bench = await openBench(plan, mails, setting);
  try {
    return await runOn(bench, setting);
  } finally {
    await bench.stop();
    limits.restore();
  }
}

function figuresOf(result: CaseResult, who: Contender): Figures {
  const runs = result.runs[who] ?? [];
  const middle = medianRun(runs, speed);
  return {
    mails_per_s: significant(rate(result, who)),
    run_s: significant(middle.seconds, 3),
    all_runs_mails_per_s: runs.map((run) => Math.round(speed(run))),
    misplaced_mails: runs.reduce((sum, { wrong }) => sum + wrong, 0),
    ...middle.cpu,
    ...(who === "ours" ? { cold_mails_per_s: significant(speed(result.cold)) } : {}),
  };
}

const byCase = (results: readonly CaseResult[], who: Contender): Figures =>
  Object.fromEntries(results.map((result) => [result.plan.name, figuresOf(result, who)]));

function ratiosOf(results: readonly CaseResult[]): Readonly<Record<string, number>> {
  const ratio = (result: CaseResult, who: Contender): number =>
    significant(rate(result, "ours") / rate(result, who), 3);
  const toPeer = results.map((result) => [result.plan.ratio, ratio(result, "imapfilter")]);
  const toCeiling = results.map((result) => [
    result.plan.name === "mdbox" ? "ceiling" : `ceiling_${result.plan.name}`,
    ratio(result, "ceiling"),
  ]);
  return Object.fromEntries([...toPeer, ...toCeiling]);
}

function tell(results: readonly CaseResult[], apart: boolean): void {
  const ratios = ratiosOf(results);
  const head = ["case", "mails", "rules", "storage", "ours/s", "imapfilter/s", "ceiling/s", "ratio to imapfilter"];
  const row = (result: CaseResult): readonly (string | number)[] => {
    const { plan } = result;
    const rates = (["ours", "imapfilter", "ceiling"] as const).map((who) => Math.round(rate(result, who)));
    return [
      plan.name,
      `${plan.accounts} × ${plan.mailsPerAccount}`,
      plan.rules.name,
      plan.storage,
      ...rates,
      ratios[plan.ratio] ?? Number.NaN,
    ];
  };
  say(table(head, results.map(row)));
  say("CPU seconds of our median run:");
  const names = [...(apart ? ["mailbox", "filter"] : ["sorter"]), "nats", "dovecot"];
  const cpuRow = (result: CaseResult): readonly (string | number)[] => {
    const { cpu, seconds } = medianRun(result.runs["ours"] ?? [], speed);
    return [result.plan.name, significant(seconds, 3), ...names.map((name) => cpu[`${name}_cpu_s`] ?? 0)];
  };
  say(table(["case", "run", ...names], results.map(cpuRow)));
}

const reportOf = (results: readonly CaseResult[], settings: Figures): Report => ({
  scenario: "backlog",
  ours: byCase(results, "ours"),
  peers: { imapfilter: byCase(results, "imapfilter") },
  ceiling: byCase(results, "ceiling"),
  ratios: ratiosOf(results),
  settings,
});

/** `npm run load -- backlog`: exit code 0 when every mail of ours is in its place. */
export async function runBacklog(argv: readonly string[]): Promise<number> {
  const string = { type: "string" } as const;
  const options = readOptions(argv, {
    mails: string,
    rounds: string,
    warmup: string,
    apart: { type: "boolean" },
    cases: string,
    profile: string,
    json: string,
  });
  const mails = wholeNumber("mails", options["mails"] ?? "5000", { min: 10, max: 100_000 });
  const rounds = wholeNumber("rounds", options["rounds"] ?? "3", { min: 1, max: 99 });
  const warmup = wholeNumber("warmup", options["warmup"] ?? "8", { min: 1, max: 99 });
  const apart = options["apart"] === true;
  const names = chosen("cases", textOption(options["cases"]), backlogCaseNames);
  const program = await needImapFilter();
  const bodies = generateMails(mails, { seed: 2, ...SIZES }).map(({ raw }) => raw);
  const results: CaseResult[] = [];
  for (const plan of backlogCases(mails).filter(({ name }) => names.includes(name))) {
    say(`${plan.name}: ${plan.accounts} × ${plan.mailsPerAccount} mails, ${plan.rules.name}, ${plan.storage} …`);
    const profileDir = textOption(options["profile"]);
    results.push(await runCase(plan, bodies, { program, rounds, warmup, together: !apart, profileDir }));
  }
  tell(results, apart);
  const json = textOption(options["json"]);
  const settings = {
    rounds,
    warmup,
    processes: apart ? "mailbox, filter" : "sorter",
    mails,
    trace_sampling: 0,
    mail_min_bytes: SIZES.minBytes,
    mail_max_bytes: SIZES.maxBytes,
  };
  if (json !== undefined) await writeReport(json, reportOf(results, settings));
  return results.every(({ cold, runs }) => [cold, ...(runs["ours"] ?? [])].every(({ wrong }) => wrong === 0)) ? 0 : 1;
}
