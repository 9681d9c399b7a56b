import type { Execution } from "./execution.ts";
import { uidsOf } from "./grouping.ts";
import { storableFlags } from "./imap/permanent-flags.ts";
import { splitUidSets } from "./imap/sequence-set.ts";
import { unlessRefused } from "./imap/server-refused.ts";
import { type FlagChanges, type SourceFlags, type Steps, wakeKeywordsIn } from "./steps.ts";

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

/** A mail must not sleep where nobody would know when it wakes: servers may keep fewer keywords than they promise. */
export async function failWithoutKeywords(execution: Execution, mails: readonly Steps[]): Promise<void> {
  const [first] = mails;
  const keywords = first === undefined ? [] : wakeKeywordsIn(first.end);
  if (first === undefined || keywords.length === 0) return;
  const wanted = keywords.map((keyword) => `KEYWORD ${keyword}`).join(" ");
  const kept = new Set<number>();
  for (const { set } of splitUidSets(uidsOf(mails)))
    for (const uid of await execution.session.search(`UID ${set} ${wanted}`)) kept.add(uid);
  const here = new Set(await execution.stillHere(mails.filter(({ uid }) => !kept.has(uid))));
  execution.fail(
    mails.filter(({ uid }) => here.has(uid)),
    "no-keywords",
  );
  await undoFlags(execution, mails, first.flagsNow.clone());
}

/** A mail that stays against its plan looks as it did before. */
export async function undoFlags(execution: Execution, mails: readonly Steps[], flags: SourceFlags): Promise<void> {
  const stayed = mails.filter(({ uid }) => /^(failed|retry)$/.test(execution.outcomes.get(uid)?.result ?? ""));
  if (stayed.length > 0) await unlessRefused(() => changeFlags(execution, stayed, flags.changesTo(NO_FLAGS)));
}
