import { printsIn } from "./copy-journal.ts";
import type { Execution } from "./execution.ts";
import { uidsOf } from "./grouping.ts";
import { removeByUid } from "./imap/remove-by-uid.ts";
import { awayTo, movedTo } from "./outcome.ts";
import type { Rewriter } from "./rewrite.ts";
import type { End, Steps } from "./steps.ts";

/** MOVE of mails that end in the same folder, in one command. */
export async function moveGroup(execution: Execution, mails: readonly Steps[]): Promise<void> {
  const end = mails[0]?.end;
  if (end === undefined) return;
  await finishHalfMoved(execution, mails, end);
  const group = execution.open(mails);
  if (group.length === 0) return;
  const create = group.some((steps) => steps.end.create);
  const specialUse = group.find((steps) => steps.end.specialUse !== undefined)?.end.specialUse;
  await execution.attempt(
    group,
    async () => {
      const result = await execution.intoFolder(group, { mailbox: end.mailbox, create, specialUse }, "move");
      if (result.uids.size === 0) return settleMovedBySearch(execution, group, end);
      for (const { uid } of group) {
        const newUid = result.uids.get(uid);
        if (newUid !== undefined)
          execution.outcomes.set(uid, movedTo(end, { newUid, newUidValidity: result.uidValidity }));
      }
      await settleAway(execution, execution.open(group), end);
    },
    () => movedTo(end, {}),
  );
}

/**
 * MOVE copies, then removes (RFC 6851 §3.3): a server that was killed between the two has the mail in both folders. Where
 * an earlier attempt may have got through, what lies in the target already is only removed here.
 */
async function finishHalfMoved(execution: Execution, mails: readonly Steps[], end: End): Promise<void> {
  const { session, options, outcomes } = execution;
  if (!options.retried || !session.capabilities.has("UIDPLUS")) return;
  const since = Math.min(...mails.map(({ internalDate }) => internalDate));
  const there = await printsIn(end.mailbox, since, options);
  const here = new Set(await execution.stillHere(mails));
  // Of two that look the same, the copy is that of the one that is away.
  for (const { uid, fingerprint } of mails) if (!here.has(uid)) outcomes.set(uid, awayTo(end, there, fingerprint));
  const halves = new Map<Steps, number>();
  for (const steps of mails) {
    const newUid = here.has(steps.uid) ? there.take(steps.fingerprint) : undefined;
    if (newUid !== undefined) halves.set(steps, newUid);
  }
  if (halves.size === 0) return;
  await execution.attempt([...halves.keys()], async () => {
    const left = new Set(await removeByUid(session, uidsOf([...halves.keys()]), options.assertLease));
    for (const [{ uid }, newUid] of halves)
      if (left.has(uid)) execution.fail([{ uid }], "refused");
      else outcomes.set(uid, movedTo(end, { newUid, newUidValidity: there.uidValidity }));
  });
}

/**
 * Mails that the server no longer has here. Where an earlier attempt may have got through, those that lie in the
 * target were moved by us; all others were moved by their owner, or have another UID now.
 */
async function settleAway({ options, outcomes }: Execution, mails: readonly Steps[], end: End): Promise<void> {
  if (mails.length === 0) return;
  const since = Math.min(...mails.map(({ internalDate }) => internalDate));
  const there = options.retried ? await printsIn(end.mailbox, since, options) : null;
  for (const { uid, fingerprint } of mails) outcomes.set(uid, awayTo(end, there, fingerprint));
}

/** Where the server gives no COPYUID, or nothing was left to move: what is no longer here has gone there. */
async function settleMovedBySearch(execution: Execution, group: readonly Steps[], end: End): Promise<void> {
  const here = new Set(await execution.stillHere(group));
  execution.fail(
    group.filter(({ uid }) => here.has(uid)),
    "refused",
  );
  const away = execution.open(group);
  const { session, options } = execution;
  if (session.capabilities.has("UIDPLUS") || options.retried) await settleAway(execution, away, end);
  else execution.settle(away, movedTo(end, {}));
}

/**
 * The copy is there, the last of the copies: on a server without MOVE, or stored anew and read back. So the original
 * may go; by UID EXPUNGE alone (RFC 4315 §2.1).
 */
export async function expungeCopied(execution: Execution, mails: readonly Steps[], rewriter: Rewriter): Promise<void> {
  if (mails.length === 0) return;
  const { session, options, outcomes } = execution;
  await execution.attempt(mails, async () => {
    const left = new Set(await removeByUid(session, uidsOf(mails), options.assertLease));
    execution.fail(
      mails.filter(({ uid }) => left.has(uid)),
      "refused",
    );
    for (const { uid, end, copied } of execution.open(mails)) outcomes.set(uid, movedTo(end, copied.at(-1) ?? {}));
  });
  for (const { uid, copies, copied } of mails) {
    const target = copies.at(-1)?.target;
    const { newUid } = copied.at(-1) ?? {};
    const isLeft = outcomes.get(uid)?.result === "failed" && target?.edits !== undefined;
    if (isLeft && newUid !== undefined) await rewriter.withdraw(target, newUid);
  }
}
