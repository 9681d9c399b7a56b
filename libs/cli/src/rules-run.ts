import { randomBytes } from "node:crypto";
import type { Bus } from "@tamis/bus";
import { buckets, type DraftScript, type MailboxAsk, RULES_RUN_MAX_MAILS } from "@tamis/contracts";
import { type Program, readsOf } from "@tamis/sieve";
import { type Command, Option } from "commander";
import { askMailbox } from "./ask-mailbox.ts";
import { type CheckedScript, checkForAccount } from "./check-script.ts";
import { accountOption, configOption, jsonLinesOption, repeatable } from "./command-line.ts";
import { withBus } from "./connect.ts";
import type { LogEntry } from "./decision-log.ts";
import { CommandFailure, type ExitCode, exitCode } from "./exit-code.ts";
import { countOf } from "./parameters.ts";
import { readScript } from "./script-file.ts";
import { type ConfigOption, findAccount, readAccountSettings } from "./settings-file.ts";
import { followSort } from "./sort-progress.ts";
import type { Surroundings } from "./surroundings.ts";

/** What `preview` and `apply` are told. */
export interface RulesOptions extends ConfigOption {
  readonly account: string;
  readonly script?: string;
  readonly active?: true;
  readonly last: string;
  readonly folder?: readonly string[];
  readonly timeout: string;
  readonly json?: true;
}

/** A run whose mails are all accounted for. */
export interface FinishedRun {
  readonly accountId: string;
  /** For `tamis rules undo`. */
  readonly name: string;
  readonly entries: readonly LogEntry[];
}

type Question = Extract<MailboxAsk, { readonly op: "run-rules" }>;

export function rulesOptions(command: Command, io: Surroundings): Command {
  return command
    .addOption(accountOption(io))
    .addOption(new Option("--script <file>", io.say("rules.script")))
    .addOption(new Option("--active", io.say("rules.active")))
    .addOption(new Option("--last <count>", io.say("rules.last")).default("100", "100"))
    .addOption(repeatable("--folder <folder>", io.say("rules.folder")))
    .addOption(new Option("--timeout <seconds>", io.say("sort.timeout")).default("60", "60"))
    .addOption(jsonLinesOption(io))
    .addOption(configOption(io));
}

/** The name by which a run is taken back: it contains the account. */
export const runName = ({ accountId, runId }: Pick<Question, "accountId" | "runId">): string => `${accountId}/${runId}`;

/** What {@link runName} made; `null` where the text is none. */
export function parseRunName(text: string): { readonly accountId: string; readonly runId: string } | null {
  const [, accountId, runId] = /^([A-Za-z0-9_-]{1,64})\/([0-9a-f]{16})$/.exec(text) ?? [];
  return accountId === undefined || runId === undefined ? null : { accountId, runId };
}

/** Tries a script on stored mail: checks it, lets `mailbox` publish the mails, and waits until each is accounted for. */
export async function runRules(
  purpose: Question["purpose"],
  options: RulesOptions,
  io: Surroundings,
  conclude: (bus: Bus, run: FinishedRun) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { seconds, last } = readNumbers(options, io);
  if ((options.script === undefined) !== (options.active === true))
    throw new CommandFailure(io.say("rules.script-or-active"), exitCode.usage);
  const text = options.script === undefined ? null : await readScript(options.script, io);
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  return await withBus(settings, io, async (bus) => {
    const check = await checkForAccount(bus, { account, settings }, io);
    const draft = text === null ? null : acceptable(await check(text, options.script ?? ""), options, io);
    if (draft === "refused") return exitCode.failed;
    const accountId = account.id;
    const runId = randomBytes(8).toString("hex");
    const question: Question = {
      op: "run-rules",
      accountId,
      runId,
      purpose,
      reads: readsOf(draft === null ? [] : [draft.uses]),
      last,
      ...(draft === null ? {} : { draft: runId }),
      ...(options.folder === undefined ? {} : { folders: options.folder }),
    };
    if (text !== null) await storeDraft(bus, runId, { v: 1, accountId, name: options.script ?? "", text });
    return await conclude(bus, await finish(bus, question, { seconds, options, io }));
  });
}

function readNumbers(options: RulesOptions, io: Surroundings): { readonly seconds: number; readonly last: number } {
  const last = countOf(options.last, io);
  if (last > RULES_RUN_MAX_MAILS)
    throw new CommandFailure(io.say("rules.too-many", { max: RULES_RUN_MAX_MAILS }), exitCode.usage);
  return { seconds: countOf(options.timeout, io), last };
}

/** The program; errors and warnings are told with their places. */
function acceptable(
  { compiled, rendered, reported }: CheckedScript,
  options: Pick<RulesOptions, "json">,
  io: Surroundings,
): Program | "refused" {
  if (compiled.ok || options.json !== true) for (const diagnostic of rendered) io.err(diagnostic);
  else io.out(JSON.stringify({ diagnostics: reported }));
  if (compiled.ok) return compiled.program;
  io.err(`tamis: ${io.say("rules.refused")}`);
  return "refused";
}

async function storeDraft(bus: Bus, runId: string, draft: DraftScript): Promise<void> {
  const drafts = await bus.bucket(buckets.drafts);
  await drafts.put(runId, new TextEncoder().encode(JSON.stringify(draft)));
}

interface Waiting {
  readonly seconds: number;
  readonly options: RulesOptions;
  readonly io: Surroundings;
}

async function finish(bus: Bus, question: Question, { seconds, options, io }: Waiting): Promise<FinishedRun> {
  const { accountId, runId: sortId } = question;
  const isPreview = question.purpose === "preview";
  // Before the question, or the first facts would be missed.
  const progress = await followSort(bus, { accountId, sortId, dryRun: isPreview }, () => undefined);
  try {
    const answer = await askMailbox(bus, question, io);
    if (answer.kind === "refused") throw new CommandFailure(io.say("mailbox.refused", { reason: answer.reason }));
    const count = answer.kind === "done" ? answer.mails : 0;
    if (count === 0 && options.json !== true) io.err(io.say("rules.none"));
    if (!(await progress.reaches(count, { idleMs: seconds * 1000, signal: io.signal }))) {
      const seen = progress.done().length;
      const said = io.signal.aborted ? io.say("interrupted") : io.say("rules.incomplete", { seconds, seen, count });
      const more = isPreview ? "" : `\n${io.say("rules.gone-on", { run: runName(question) })}`;
      throw new CommandFailure(`${said}${more}`);
    }
    return { accountId, name: runName(question), entries: progress.done() };
  } finally {
    await progress.stop();
  }
}
