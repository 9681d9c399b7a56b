import type { Bus } from "@tamis/bus";
import type { AppliedMail } from "@tamis/contracts";
import { type Command, Option } from "commander";
import { type CommandLine, configOption, jsonOption } from "../command-line.ts";
import { entryText, type LogEntry } from "../decision-log.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { readHeaders } from "../mail-headers.ts";
import {
  changesFlags,
  folderOf,
  isChanged,
  leftOut,
  leftOutText,
  type PreviewedMail,
  previewTable,
  summarise,
  summaryText,
} from "../preview-report.ts";
import { type FinishedRun, type RulesOptions, rulesOptions, runRules } from "../rules-run.ts";
import type { Surroundings } from "../surroundings.ts";
import { keyOf } from "../texts.ts";
import { type UndoOptions, undoRun } from "./rules-undo.ts";

interface PreviewOptions extends RulesOptions {
  readonly changes?: true;
}

export function addRules(root: Command, line: CommandLine): void {
  const { io } = line;
  const rules = line.add(root, "rules", "rules.about");
  const preview = line.add(rules, "preview", "rules.preview.about", [
    "tamis rules preview --account anna@example.org --script draft.sieve --last 500",
    "tamis rules preview --account anna@example.org --script draft.sieve --changes --folder Lists",
  ]);
  rulesOptions(preview, io)
    .addOption(new Option("--changes", io.say("rules.changes")))
    .action(
      line.act((options: PreviewOptions) =>
        runRules("preview", options, io, (bus, run) => showPreview(bus, run, options, io)),
      ),
    );
  const apply = line.add(rules, "apply", "rules.apply.about", [
    "tamis rules apply --account anna@example.org --script draft.sieve --last 500",
    "tamis rules apply --account anna@example.org --active --folder INBOX",
  ]);
  rulesOptions(apply, io).action(
    line.act((options: RulesOptions) =>
      runRules("apply", options, io, async (_bus, run) => showApplied(run, options, io)),
    ),
  );
  line
    .add(rules, "undo <run>", "rules.undo.about", ["tamis rules undo a1b2c3d4e5f60718/0123456789abcdef"])
    .addOption(jsonOption(io))
    .addOption(configOption(io))
    .action(line.act((run: string, options: UndoOptions) => undoRun(run, options, io)));
}

async function showPreview(
  bus: Bus,
  { accountId, entries }: FinishedRun,
  options: PreviewOptions,
  io: Surroundings,
): Promise<ExitCode> {
  const shown = options.changes === true ? entries.filter(isChanged) : entries;
  const wanted = shown.map((entry) => ({ mailId: entry.mailId, folder: folderOf(entry) }));
  const headers = await readHeaders(bus, accountId, wanted, io);
  const mails = shown
    .map((entry): PreviewedMail => ({ entry, headers: headers.get(entry.mailId) }))
    .sort((a, b) => (b.headers?.internalDate ?? 0) - (a.headers?.internalDate ?? 0));
  const summary = summarise(entries);
  if (options.json === true) {
    for (const mail of mails)
      io.out(JSON.stringify({ ...mail.entry, ...mail.headers, changed: isChanged(mail.entry) }));
    io.out(JSON.stringify(summary));
  } else if (entries.length > 0) {
    if (mails.length > 0) io.out(previewTable(mails, io.say));
    io.out(summaryText(summary, io.say));
  }
  return isWell(entries) ? exitCode.ok : exitCode.failed;
}

/** Mails that stay as they are make no line. */
function showApplied({ name, entries }: FinishedRun, options: RulesOptions, io: Surroundings): ExitCode {
  const results: Record<string, number> = {};
  for (const entry of entries) {
    const result = resultOf(entry);
    results[result] = (results[result] ?? 0) + 1;
    const isQuiet = result === "kept" && entry.decided?.error === undefined;
    if (options.json === true) io.out(JSON.stringify(entry));
    else if (!isQuiet) io.out(entryText(entry, io.say));
  }
  const isAnythingDone = ["moved", "discarded", "flagged"].some((result) => (results[result] ?? 0) > 0);
  const notCarriedOut = leftOut(entries);
  if (options.json === true) {
    io.out(JSON.stringify({ run: isAnythingDone ? name : null, mails: entries.length, results, notCarriedOut }));
  } else if (entries.length > 0) {
    const summary = Object.entries(results).map(([result, count]) => `${count} ${resultText(result, io)}`);
    io.err(io.say("rules.applied", { count: entries.length, summary: summary.join(", ") }));
    for (const text of leftOutText(notCarriedOut, io.say)) io.err(text);
    if (isAnythingDone) io.err(io.say("rules.undo-by", { run: name }));
  }
  return isWell(entries) ? exitCode.ok : exitCode.failed;
}

function resultOf({ decided, applied }: LogEntry): "flagged" | AppliedMail["result"] {
  const result = applied?.result ?? "gone";
  const destination = decided?.plan.destination;
  return result === "kept" && destination?.kind === "stay" && changesFlags(destination) ? "flagged" : result;
}

function resultText(result: string, { say }: Surroundings): string {
  const key = result === "flagged" ? "rules.flagged" : keyOf("result", result);
  return key === null ? result : say(key);
}

function isWell(entries: readonly LogEntry[]): boolean {
  return entries.every(({ decided, applied }) => decided?.error === undefined && applied?.result !== "failed");
}
