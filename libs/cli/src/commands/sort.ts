import { randomBytes } from "node:crypto";
import type { Bus } from "@tamis/bus";
import type { MailboxAsk } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { askMailbox } from "../ask-mailbox.ts";
import { accountOption, type CommandLine, configOption, jsonLinesOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { entryText, type LogEntry } from "../decision-log.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { countOf, momentOf } from "../parameters.ts";
import { type ConfigOption, findAccount, readAccountSettings } from "../settings-file.ts";
import { followSort } from "../sort-progress.ts";
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

type SortQuestion = Extract<MailboxAsk, { op: "sort" }>;

interface Showing {
  readonly seconds: number;
  readonly options: SortOptions;
  readonly io: Surroundings;
}

async function sortAndShow(bus: Bus, question: SortQuestion, showing: Showing): Promise<ExitCode> {
  const { seconds, options, io } = showing;
  const show = (entry: LogEntry): void =>
    io.out(options.json === true ? JSON.stringify(entry) : entryText(entry, io.say));
  // Before the question, or the first facts would be missed.
  const progress = await followSort(bus, question, show);
  try {
    const mails = await beginSort(bus, question, showing);
    if (await progress.reaches(mails, { idleMs: seconds * 1000, signal: io.signal }))
      return conclude(progress.done(), question, showing);
    const seen = progress.done().length;
    throw new CommandFailure(
      io.signal.aborted ? io.say("interrupted") : io.say("sort.incomplete", { seconds, seen, count: mails }),
    );
  } finally {
    await progress.stop();
  }
}

/** How many mails are to be sorted. */
async function beginSort(bus: Bus, question: SortQuestion, { options, io }: Showing): Promise<number> {
  const answer = await askMailbox(bus, question, io);
  if (answer.kind === "refused") throw new CommandFailure(io.say("mailbox.refused", { reason: answer.reason }));
  const mails = answer.kind === "done" ? answer.mails : 0;
  if (options.json !== true) io.err(mails === 0 ? io.say("sort.none") : io.say("sort.begun", { count: mails }));
  return mails;
}

function conclude(done: readonly LogEntry[], question: SortQuestion, { options, io }: Showing): ExitCode {
  const counts = new Map<string, number>();
  for (const entry of done) {
    const result = resultOf(entry, question.dryRun, options.json === true ? null : io);
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  const summary = [...counts].map(([result, count]) => `${count} ${result}`).join(", ");
  if (options.json === true) io.out(JSON.stringify({ sorted: done.length, results: Object.fromEntries(counts) }));
  else if (done.length > 0) io.err(io.say("sort.done", { count: done.length, summary }));
  const isWell = done.every((entry) => entry.applied?.result !== "failed" && entry.decided?.error === undefined);
  return isWell ? exitCode.ok : exitCode.failed;
}

/** What became of a mail, or, in a dry run, where it would go; for programs (`io` null) in the words of the facts. */
function resultOf({ decided, applied }: LogEntry, dryRun: boolean, io: Surroundings | null): string {
  if (!dryRun && applied !== undefined) return io === null ? applied.result : io.say(`result.${applied.result}`);
  const destination = decided?.plan.destination ?? { kind: "stay" };
  if (destination.kind === "folder") return io === null ? destination.mailbox : `→ ${destination.mailbox}`;
  return io === null ? destination.kind : io.say(`plan.${destination.kind}`);
}
