import type { Execution } from "./execution.ts";
import { uidsOf } from "./grouping.ts";
import { storableFlags } from "./imap/permanent-flags.ts";
import { unlessRefused } from "./imap/server-refused.ts";
import type { FlagChanges, SourceFlags, Steps } from "./steps.ts";

const NO_FLAGS = { addFlags: [], removeFlags: [] } as const;

/** STORE of what the folder keeps. Throws ServerRefused. */
export async function changeFlags(
  { session, options }: Execution,
  mails: readonly Steps[],
  changes: FlagChanges,
): Promise<void> {
  const uids = uidsOf(mails);
  const add = storableFlags(changes.add, session.selected);
  options.assertLease();
  if (uids.length > 0 && add.length > 0) await session.store(uids, "+", add);
  if (uids.length > 0 && changes.remove.length > 0) await session.store(uids, "-", changes.remove);
}

/** A mail that stays against its plan looks as it did before. */
export async function undoFlags(execution: Execution, mails: readonly Steps[], flags: SourceFlags): Promise<void> {
  const stayed = mails.filter(({ uid }) => /^(failed|retry)$/.test(execution.outcomes.get(uid)?.result ?? ""));
  if (stayed.length > 0) await unlessRefused(() => changeFlags(execution, stayed, flags.changesTo(NO_FLAGS)));
}
