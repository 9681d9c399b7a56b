import type { Bus } from "@tamis/bus";
import { partitionOf } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { accountOption, type CommandLine, configOption, jsonLinesOption } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { DecisionLog, entryText, type LogEntry } from "../decision-log.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { countOf, momentOf } from "../parameters.ts";
import { type ConfigOption, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";

interface LogOptions extends ConfigOption {
  readonly account: string;
  readonly limit: string;
  readonly since?: string;
  readonly trace?: true;
  readonly follow?: true;
  readonly json?: true;
}

const DAY_MS = 86_400_000;
/** A partition holds many accounts: the newest facts are read first, and older ones only where these are not enough. */
const WINDOWS_MS = [3_600_000, DAY_MS, 14 * DAY_MS] as const;

export function addLog(root: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(root, "log", "log.about", [
      "tamis log --account anna@example.org",
      "tamis log --account anna@example.org --limit 5 --trace",
      "tamis log --account anna@example.org --since 2d --json",
    ])
    .addOption(accountOption(io))
    .addOption(new Option("--limit <count>", io.say("log.limit")).default("20", "20"))
    .addOption(new Option("--since <when>", io.say("opt.since")))
    .addOption(new Option("--trace", io.say("log.trace")))
    .addOption(new Option("--follow", io.say("log.follow")))
    .addOption(jsonLinesOption(io))
    .addOption(configOption(io))
    .action(line.act((options: LogOptions) => log(options, io)));
}

async function log(options: LogOptions, io: Surroundings): Promise<ExitCode> {
  const limit = countOf(options.limit, io);
  const since = options.since === undefined ? undefined : momentOf(options.since, io);
  const settings = readAccountSettings(options, io);
  const { id } = findAccount(settings, options.account, io);
  await withBus(settings, io, async (bus) => {
    const entries = await newestEntries(bus, id, { limit, since });
    if (entries.length === 0 && options.json !== true) io.err(io.say("log.none"));
    for (const entry of entries) show(entry, options, io);
    if (options.follow === true) await follow(bus, id, (entry) => show(entry, options, io), io.signal);
  });
  return exitCode.ok;
}

function show(entry: LogEntry, options: Pick<LogOptions, "trace" | "json">, io: Surroundings): void {
  io.out(options.json === true ? JSON.stringify(entry) : entryText(entry, io.say));
  if (options.trace !== true || options.json === true) return;
  for (const step of entry.decided?.trace ?? []) io.out(`    ${io.say("log.line", { line: step.line })}: ${step.text}`);
}

async function newestEntries(
  bus: Bus,
  accountId: string,
  wanted: { readonly limit: number; readonly since: number | undefined },
): Promise<readonly LogEntry[]> {
  const now = Date.now();
  const starts = wanted.since === undefined ? WINDOWS_MS.map((ms) => now - ms) : [wanted.since];
  let entries: readonly LogEntry[] = [];
  for (const fromTime of starts) {
    entries = await readEntries(bus, accountId, fromTime);
    if (entries.length >= wanted.limit) break;
  }
  return entries.slice(-wanted.limit);
}

/** What is known of the account's mails since `fromTime`, oldest first. */
export async function readEntries(bus: Bus, accountId: string, fromTime: number): Promise<readonly LogEntry[]> {
  const decisions = new DecisionLog(accountId);
  for await (const fact of bus.readFacts(`event.${partitionOf(accountId)}.*`, { fromTime })) decisions.add(fact);
  return decisions.entries();
}

async function follow(
  bus: Bus,
  accountId: string,
  onEntry: (entry: LogEntry) => void,
  signal: AbortSignal,
): Promise<void> {
  const decisions = new DecisionLog(accountId);
  const tail = await bus.tailFacts(`event.${partitionOf(accountId)}.*`, (fact) => {
    for (const entry of decisions.add(fact)) {
      if (entry.applied === undefined) continue;
      onEntry(entry);
      decisions.forget(entry.mailId);
    }
  });
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await tail.stop();
}
