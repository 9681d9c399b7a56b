import { changeFlags, undoFlags } from "./change-flags.ts";
import type { CopyJournal } from "./copy-journal.ts";
import type { Execution } from "./execution.ts";
import { groupBy } from "./grouping.ts";
import { GONE } from "./outcome.ts";
import type { Rewriter } from "./rewrite.ts";
import { copiesKey, SourceFlags, type Steps } from "./steps.ts";

/** What copies are made with. */
export interface CopyTools {
  readonly journal: CopyJournal;
  readonly rewriter: Rewriter;
}

/** The copies of all plans, those alike together. */
export async function makeCopies(execution: Execution, plans: readonly Steps[], tools: CopyTools): Promise<void> {
  const groups = groupBy(
    plans.filter((plan) => plan.copies.length > 0),
    copiesKey,
  );
  for (const group of groups) await copyGroup(execution, group, tools);
}

/** One group shares the same copies: flags as each target wants them, COPY, next. */
async function copyGroup(
  execution: Execution,
  group: readonly Steps[],
  { journal, rewriter }: CopyTools,
): Promise<void> {
  const targets = (group[0]?.copies ?? []).map(({ target }) => target);
  const isBegun = group.some(({ uid }) => targets.some(({ mailbox }) => journal.isThere(mailbox, uid)));
  const flags = new SourceFlags(isBegun ? targets : []);
  for (const [index, target] of targets.entries()) {
    const mails = execution.open(group);
    const missing = mails.filter(({ uid }) => !journal.isThere(target.mailbox, uid));
    if (target.edits !== undefined) await rewriteAll(execution, missing, { place: index, rewriter, flags });
    else await execution.attempt(missing, () => copyAll(execution, missing, { place: index, flags }));
    await undoFlags(execution, missing, flags.clone());
  }
  for (const steps of group) steps.flagsNow = flags.clone();
}

/** Which of the copies, and what the flags of the mails were changed by so far. */
interface Turn {
  readonly place: number;
  readonly flags: SourceFlags;
}

async function copyAll(execution: Execution, mails: readonly Steps[], { place, flags }: Turn): Promise<void> {
  const target = mails[0]?.copies[place]?.target;
  if (target === undefined) return;
  await changeFlags(execution, mails, flags.changesTo(target));
  const { uids, uidValidity } = await execution.intoFolder(mails, target, "copy");
  for (const steps of mails) {
    const newUid = uids.get(steps.uid);
    if (newUid !== undefined) steps.copied[place] = { newUid, newUidValidity: uidValidity };
  }
  await execution.noteGone(mails, uids);
}

/** One by one: each is in memory as a whole. */
async function rewriteAll(
  execution: Execution,
  mails: readonly Steps[],
  { place, rewriter, flags }: Turn & { readonly rewriter: Rewriter },
): Promise<void> {
  for (const steps of mails) {
    const target = steps.copies[place]?.target;
    const edits = target?.edits;
    if (target === undefined || edits === undefined) continue;
    const { uid, fingerprint } = steps;
    await execution.attempt([steps], async () => {
      const result = await rewriter.rewrite({ uid, fingerprint, target: { ...target, edits }, place, flags });
      if (result.kind === "stored") steps.copied[place] = result;
      else if (result.kind === "gone") execution.settle([steps], GONE);
      else execution.fail([steps], result.reason);
    });
  }
}
