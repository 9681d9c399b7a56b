import { randomBytes } from "node:crypto";
import type { Bus } from "@tamis/bus";
import { type MailboxAsk, partitionOf } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askMailbox } from "../ask-mailbox.ts";
import { accountOption, type CommandLine, configOption, jsonLinesOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { DecisionLog, entryText, type LogEntry } from "../decision-log.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf, momentOf } from "../parameters.ts";
import { type ConfigOption, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";

interface SortOptions extends ConfigOption {
  readonly account: string;
  readonly since?: string;
  readonly dryRun?: true;
  readonly timeout: string;
  readonly json?: true;
}

export function addSort(root: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(root, "sort", "sort.about", [
      "tamis sort --account anna@example.org --dry-run",
      "tamis sort --account anna@example.org --since 2026-11-01",
    ])
    .addOption(accountOption(io))
    .addOption(new Option("--since <when>", io.say("opt.since")))
    .addOption(new Option("--dry-run", io.say("sort.dry")))
    .addOption(new Option("--timeout <seconds>", io.say("sort.timeout")).default("60", "60"))
    .addOption(jsonLinesOption(io))
    .addOption(configOption(io))
    .action(line.act((options: SortOptions) => sort(options, io)));
}

async function sort(options: SortOptions, io: Surroundings): Promise<ExitCode> {
  const seconds = countOf(options.timeout, io);
  const since = options.since === undefined ? {} : { since: momentOf(options.since, io) };
  const settings = readAccountSettings(options, io);
  const { id: accountId } = findAccount(settings, options.account, io);
  const question = {
    op: "sort",
    accountId,
    sortId: randomBytes(8).toString("hex"),
    dryRun: options.dryRun === true,
    ...since,
  } as const;
  return withBus(settings, io, (bus) => sortAndShow(bus, question, { seconds, options, io }));
}

interface Showing {
  readonly seconds: number;
  readonly options: SortOptions;
  readonly io: Surroundings;
}

async function sortAndShow(
  bus: Bus,
  question: Extract<MailboxAsk, { op: "sort" }>,
  { seconds, options, io }: Showing,
): Promise<ExitCode> {
  const show = (entry: LogEntry): void =>
    io.out(options.json === true ? JSON.stringify(entry) : entryText(entry, io.say));
  // Before the question, or the first facts would be missed.
  const progress = await followSort(bus, question, show);
  try {
    const answer = await askMailbox(bus, question, io);
    if (answer.kind !== "done")
      throw new CommandFailure(
        answer.kind === "refused" ? io.say("mailbox.refused", { reason: answer.reason }) : answer.kind,
      );
    if (options.json !== true)
      io.err(answer.mails === 0 ? io.say("sort.none") : io.say("sort.begun", { count: answer.mails }));
    const isComplete = await progress.reaches(answer.mails, { idleMs: seconds * 1000, signal: io.signal });
    return conclude(progress.done(), { expected: answer.mails, isComplete, seconds }, { options, io });
  } finally {
    await progress.stop();
  }
}

function conclude(
  done: readonly LogEntry[],
  {
    expected,
    isComplete,
    seconds,
  }: { readonly expected: number; readonly isComplete: boolean; readonly seconds: number },
  { options, io }: Pick<Showing, "options" | "io">,
): ExitCode {
  if (!isComplete)
    throw new CommandFailure(
      io.signal.aborted
        ? io.say("interrupted")
        : io.say("sort.incomplete", { seconds, seen: done.length, count: expected }),
    );
  const counts = new Map<string, number>();
  for (const { applied } of done)
    if (applied !== undefined) counts.set(applied.result, (counts.get(applied.result) ?? 0) + 1);
  if (options.json === true) io.out(JSON.stringify({ sorted: expected, results: Object.fromEntries(counts) }));
  else if (expected > 0) {
    const summary = [
      ...done.reduce(
        (sum, { applied }) => count(sum, applied === undefined ? "" : io.say(`result.${applied.result}`)),
        new Map<string, number>(),
      ),
    ];
    io.err(
      io.say("sort.done", { count: expected, summary: summary.map(([result, n]) => `${n} ${result}`).join(", ") }),
    );
  }
  return counts.has("failed") || done.some((entry) => entry.decided?.error !== undefined)
    ? exitCode.failed
    : exitCode.ok;
}

function count(sum: Map<string, number>, name: string): Map<string, number> {
  return sum.set(name, (sum.get(name) ?? 0) + 1);
}

interface SortProgress {
  /** Mails both decided and carried out (or observed). */
  done(): readonly LogEntry[];
  /** `false`: nothing came for `idleMs`, or interrupted. */
  reaches(mails: number, until: { readonly idleMs: number; readonly signal: AbortSignal }): Promise<boolean>;
  stop(): Promise<void>;
}

async function followSort(
  bus: Bus,
  question: { readonly accountId: string; readonly sortId: string },
  show: (entry: LogEntry) => void,
): Promise<SortProgress> {
  const decisions = new DecisionLog(question.accountId);
  const done = new Map<string, LogEntry>();
  let onNews = (): void => {};
  const tail = await bus.tailFacts(`event.${partitionOf(question.accountId)}.*`, (fact) => {
    for (const entry of decisions.add(fact)) {
      const isShown = done.has(entry.mailId);
      if (isShown || entry.sortId !== question.sortId || entry.decided === undefined || entry.applied === undefined)
        continue;
      done.set(entry.mailId, entry);
      show(entry);
    }
    onNews();
  });
  return {
    done: () => [...done.values()],
    stop: () => tail.stop(),
    reaches: (mails, { idleMs, signal }) =>
      new Promise((resolve) => {
        const finish = (complete: boolean): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          resolve(complete);
        };
        const onAbort = (): void => finish(false);
        const timer = setTimeout(() => finish(false), idleMs);
        onNews = () => {
          timer.refresh();
          if (done.size >= mails) finish(true);
        };
        if (signal.aborted) return finish(false);
        signal.addEventListener("abort", onAbort, { once: true });
        onNews();
      }),
  };
}
