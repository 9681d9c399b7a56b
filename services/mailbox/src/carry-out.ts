import { RetryLater } from "@tamis/bus";
import type { AppliedMail } from "@tamis/contracts";
import { type AccountRecord, isOpen, passSettled, settle } from "./account-record.ts";
import type { CommandGroup, QueuedDecision } from "./apply-queue.ts";
import { reselectInbox } from "./contact.ts";
import { execute } from "./execute.ts";
import { appliedMail, publishApplied, traceApply, type UntoldFacts } from "./facts.ts";
import { forgetMarks } from "./forget-marks.ts";
import type { InboxView } from "./inbox-view.ts";
import type { JournaledCopy } from "./journaled-copy.ts";
import type { Outcome } from "./outcome.ts";
import { forgetOutputs, outputReader } from "./program-outputs.ts";
import { now } from "./publish-mail.ts";
import { putToSleep } from "./put-to-sleep.ts";
import { isAskedBy, withMark } from "./receipts/asked-mark.ts";
import type { RecordStore } from "./record-store.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** The account as the execution sees it. */
export interface AccountLedger {
  readonly accountId: string;
  readonly record: AccountRecord;
  readonly store: RecordStore;
  readonly untold: UntoldFacts;
}

const OBSERVED: Outcome = { result: "kept", folder: "INBOX" };

/**
 * Carries out a group of commands and writes it down: compare-and-set with the journal, the mailbox changes, the facts,
 * compare-and-set with the marks, and only then are the commands acknowledged. On any error all of them are put back;
 * repeating them is safe. Returns the UIDs that are settled, now or before.
 */
export async function carryOut(
  deps: WorkerDeps,
  ledger: AccountLedger,
  view: InboxView,
  group: CommandGroup & { readonly retried: boolean },
): Promise<readonly number[]> {
  try {
    const { record } = ledger;
    const open = group.decisions.filter(({ uid }) => !record.settled.has(uid));
    if (open.length === 0) {
      // All is settled in memory; is it in the record? A write that failed before is made up for here.
      await Promise.all([tell(deps, ledger), ledger.store.save(record)]);
      group.settle();
      return group.decisions.map(({ uid }) => uid);
    }
    const startedAt = now();
    const outcomes = await executeOpen(ledger, view, open, { retried: group.retried, deps });
    const appliedAt = now();
    const done = open.filter(({ uid }) => outcomes.get(uid)?.result !== "retry");
    const place = { accountId: ledger.accountId, folder: { name: "INBOX", uidValidity: record.uidValidity } };
    await forgetFailed(deps, ledger.accountId, done, outcomes);
    const mails = done.map((decision) =>
      appliedMail(place, decision, outcomes.get(decision.uid) ?? OBSERVED, appliedAt),
    );
    for (const decision of done) {
      noteAsked(record, decision, outcomes.get(decision.uid));
      // A mail that was not here may come under another UID: it must not be taken for one put back.
      if (outcomes.get(decision.uid)?.result === "gone") record.settled.add(decision.uid);
      else settle(record, decision);
    }
    record.open = record.open.filter((copy) => isOpen(record, copy));
    passSettled(record);
    ledger.untold.push(...bySort(done, mails));
    await Promise.all([tell(deps, ledger), ledger.store.save(record)]);
    group.settle(new Set(open.filter(({ uid }) => outcomes.get(uid)?.result === "retry").map(({ uid }) => uid)));
    for (const mail of mails) note(deps, mail, startedAt);
    await forgetOutputs(deps.bus, done);
    return group.decisions.map(({ uid }) => uid).filter((uid) => record.settled.has(uid));
  } catch (error) {
    group.putBack();
    throw error;
  }
}

/** A mail that somebody wants a receipt for lies there: from now on the folder is looked at. */
function noteAsked(record: AccountRecord, { plan }: QueuedDecision, outcome: Outcome | undefined): void {
  if (outcome === undefined || !isAskedBy(plan) || !/^(kept|moved)$/.test(outcome.result)) return;
  const { folder } = outcome;
  if (!record.asked.has(folder)) record.asked = withMark(record.asked, { folder, uidValidity: 0, modSeq: "" });
}

/** A plan that failed leaves nothing remembered of its mail; before it is settled, since nobody would come back to it. */
async function forgetFailed(
  { scriptMemory, log }: WorkerDeps,
  accountId: string,
  done: readonly QueuedDecision[],
  outcomes: ReadonlyMap<number, Outcome>,
): Promise<void> {
  const failed = done.filter(({ uid, marked }) => marked === true && outcomes.get(uid)?.result === "failed");
  if (failed.length === 0) return;
  try {
    const prints = failed.map(({ fingerprint }) => fingerprint);
    await forgetMarks(scriptMemory, accountId, prints);
  } catch (err) {
    if (err instanceof RetryLater) throw err;
    // What is no record remembers nothing: `filter` tells of it.
    log.error({ accountId, err }, "script-memory-damaged");
  }
}

async function executeOpen(
  ledger: AccountLedger,
  view: InboxView,
  open: readonly QueuedDecision[],
  { retried, deps }: { readonly retried: boolean; readonly deps: WorkerDeps },
): Promise<ReadonlyMap<number, Outcome>> {
  const { record, store } = ledger;
  const acted = open.filter(({ observed }) => !observed);
  if (acted.length === 0) return new Map(open.map(({ uid }) => [uid, OBSERVED]));
  const { session, folders } = view;
  const last = Math.max(...acted.map(({ uid }) => uid));
  // Whoever handed these over, perhaps under an earlier lease: what is written before they are moved tells of them.
  record.handed = Math.max(record.handed, last);
  await session.know(last);
  const plans = await putToSleep(acted, ledger, folders);
  deps.stats.setNextWake(ledger.accountId, record.snoozed);
  return await execute(plans, {
    session,
    folders,
    folder: "INBOX",
    open: record.open,
    retried,
    searchCopiesSince: record.rebuiltFrom,
    reselect: () => reselectInbox(session, record),
    begin: async (journal: readonly JournaledCopy[]) => {
      deps.log.trace({ accountId: ledger.accountId, mails: acted.length }, "batch-begun");
      // What other commands began stays written down until they come again.
      if (journal.length === 0) return await store.fence(record);
      record.open = [...journal, ...record.open.filter((copy) => !journal.includes(copy) && isOpen(record, copy))];
      await store.save(record);
    },
    rewriteBytes: deps.config.rewrite_bytes,
    gate: deps.rewriting,
    outputs: outputReader(deps.bus),
    placed: (mail, isInInbox) => {
      if (isInInbox) settle(record, mail);
      else record.prints.add(mail.fingerprint);
    },
    isFenced: () => store.isFenced(record),
    assertLease: () => store.assertLease(),
  });
}

async function tell(deps: WorkerDeps, { accountId, untold }: AccountLedger): Promise<void> {
  for (let next = untold[0]; next !== undefined; next = untold[0]) {
    await publishApplied(deps.bus, accountId, next, next.mails);
    untold.shift();
  }
}

/** Facts by the sort they belong to. */
function bySort(done: readonly QueuedDecision[], mails: readonly AppliedMail[]): UntoldFacts {
  const groups = new Map<string | undefined, AppliedMail[]>();
  for (const [i, mail] of mails.entries()) {
    const sortId = done[i]?.sortId;
    const group = groups.get(sortId);
    if (group === undefined) groups.set(sortId, [mail]);
    else group.push(mail);
  }
  return [...groups].map(([sortId, list]) => ({ sortId, mails: list }));
}

function note(deps: WorkerDeps, mail: AppliedMail, startedAt: number): void {
  const { metrics, stats, tracer } = deps;
  metrics.applied.add(1, { result: mail.result });
  metrics.latency.record((mail.appliedAt - mail.seenAt) / 1_000);
  metrics.stage.record((mail.fetchedAt - mail.seenAt) / 1_000, { stage: "fetch" });
  metrics.stage.record((mail.decidedAt - mail.fetchedAt) / 1_000, { stage: "decide" });
  metrics.stage.record((mail.appliedAt - mail.decidedAt) / 1_000, { stage: "apply" });
  if (mail.snoozedUntil !== undefined) {
    metrics.snoozed.add(1);
    stats.snoozed += 1;
  }
  stats.noteSettled(mail.appliedAt - mail.seenAt);
  traceApply(tracer, mail, startedAt);
}
