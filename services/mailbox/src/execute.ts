import type { Decision } from "@tamis/contracts";
import { changeFlags, failWithoutKeywords, undoFlags } from "./change-flags.ts";
import { CopyJournal } from "./copy-journal.ts";
import { Execution, type ExecutionOptions, type Outcomes } from "./execution.ts";
import { groupBy } from "./grouping.ts";
import { makeCopies } from "./make-copies.ts";
import { expungeCopied, moveGroup } from "./move-mails.ts";
import { Rewriter } from "./rewrite.ts";
import { asSteps, flagsKey, obstacle, type Steps } from "./steps.ts";

/**
 * Carries out the plans of mails in the selected folder: one batch, moves to one folder in one command.
 * Rejects with ConnectionLost (the whole batch may be tried again: every step is evident, journaled or looked for) and with
 * whatever `begin` and `assertLease` throw.
 */
export async function execute(decisions: readonly Decision[], options: ExecutionOptions): Promise<Outcomes> {
  const execution = new Execution(options, new Map());
  for (const decision of decisions) {
    const reason = obstacle(decision, options.session);
    if (reason !== null) execution.fail([decision], reason);
  }
  await run(execution, execution.open(decisions));
  return execution.outcomes;
}

async function run(execution: Execution, decisions: readonly Decision[]): Promise<void> {
  const { options, session } = execution;
  const trash = await resolveTrash(execution, decisions);
  const plans = execution
    .open(decisions)
    .map((decision) => asSteps(decision, { trash, folder: options.folder, canMove: session.capabilities.has("MOVE") }));
  const journal = await CopyJournal.prepare(plans, options);
  if (journal.entries.length > 0 || !options.isFenced()) await options.begin(journal.entries);
  const rewriter = new Rewriter(options, journal);
  const strays = journal.strays(plans);
  if (strays.length > 0) await rewriter.withdrawStrays(strays, new Set(await execution.stillHere(strays)));
  await makeCopies(execution, plans, { journal, rewriter });
  await finish(execution, plans, rewriter);
}

async function resolveTrash(execution: Execution, decisions: readonly Decision[]): Promise<string> {
  const discarded = decisions.filter(({ plan }) => plan.destination.kind === "discard");
  if (discarded.length === 0) return "";
  const trash = await execution.options.folders.trash();
  if (trash === null) execution.fail(discarded, "no-trash");
  return trash ?? "";
}

/** Flags where they stay, then the moves, one command per folder. */
async function finish(execution: Execution, plans: readonly Steps[], rewriter: Rewriter): Promise<void> {
  for (const group of groupBy(execution.open(plans), flagsKey)) {
    const last = group[0];
    if (last === undefined) continue;
    for (const steps of group) steps.flagsNow = last.flagsNow;
    if (last.end.kind === "expunge") continue;
    await execution.attempt(group, async () => {
      await changeFlags(execution, group, last.flagsNow.changesTo(last.end));
      await failWithoutKeywords(execution, group);
    });
  }
  const rest = execution.open(plans);
  execution.settle(
    rest.filter(({ end }) => end.kind === "stay"),
    { result: "kept", folder: execution.options.folder },
  );
  await expungeCopied(
    execution,
    rest.filter(({ end }) => end.kind === "expunge"),
    rewriter,
  );
  const moved = groupBy(
    rest.filter(({ end }) => end.kind === "move"),
    ({ end }) => JSON.stringify([end.mailbox, end.discard]),
  );
  for (const group of moved) await moveGroup(execution, group);
  for (const group of groupBy(rest, flagsKey))
    if (group[0]) await undoFlags(execution, group, group[0].flagsNow.clone());
}
