import { type AppliedMail, type BatchHead, formatMailId } from "@tamis/contracts";
import type { AccountMemory, Sort } from "./account-memory.ts";
import { publishApplied } from "./facts.ts";
import { fetchAgain } from "./fetch-again.ts";
import type { Portion } from "./fetch-mails.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import { cutBatches, now, publishBatch, type ReadMail } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** Mails published on demand at a time. */
const AT_ONCE = 64;

/**
 * Publishes the next mails that an operator asked for: of INBOX, to be sorted again, or stored anywhere, to be decided on by a draft.
 * What NATS refuses is tried again with the next call.
 */
export async function publishOnDemand(
  deps: WorkerDeps,
  memory: AccountMemory,
  session: ImapSession,
  inlineBytes: number,
): Promise<void> {
  const { sorts, record, awaited } = memory;
  const [sort] = sorts;
  if (sort === undefined) return;
  const uids = sort.uids.slice(0, AT_ONCE);
  const head: BatchHead = { ...memory.head(), ...sort.head };
  const portion = { reads: sort.reads ?? memory.reads, inlineBytes };
  const mails = await read(session, memory, { head, uids, portion });
  const isToBeSettled = head.purpose === "sort" && head.dryRun !== true;
  if (isToBeSettled) for (const { uid } of mails) record.settled.remove(uid);
  memory.dirty ||= isToBeSettled;
  for (const batch of cutBatches(mails)) await publishBatch(deps, head, batch, `/${head.purpose}-${head.sortId}`);
  if (isToBeSettled) awaited.add(mails);
  await tellGone(deps, head, sort, mails);
  // Published all: had NATS refused some, all of these would be tried again.
  sort.uids.splice(0, uids.length);
  if (sort.uids.length === 0) sorts.shift();
}

interface Reading {
  readonly head: BatchHead;
  readonly uids: readonly number[];
  readonly portion: Portion;
}

/** None where the folder is no longer there, or was renumbered since it was looked through. */
async function read(session: ImapSession, memory: AccountMemory, { head, uids, portion }: Reading) {
  const { name, uidValidity } = head.folder;
  try {
    return await inFolder(
      session,
      memory,
      { name, readOnly: true },
      async (selected): Promise<readonly ReadMail[]> =>
        selected.uidValidity === uidValidity ? await fetchAgain(session, uids, portion) : [],
    );
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.isPassing) throw error;
    return [];
  }
}

/** Of a run over stored mail each mail is accounted for, or whoever waits for it would wait in vain. */
async function tellGone(deps: WorkerDeps, head: BatchHead, sort: Sort, mails: readonly ReadMail[]): Promise<void> {
  if (head.purpose === "sort") return;
  const there = new Set(mails.map(({ uid }) => uid));
  const at = now();
  const times = { seenAt: at, fetchedAt: at, receivedByFilterAt: at, decidedAt: at, appliedAt: at };
  const { accountId, folder } = head;
  const gone = sort.uids
    .slice(0, AT_ONCE)
    .filter((uid) => !there.has(uid))
    .map(
      (uid): AppliedMail => ({
        mailId: formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid }),
        from: folder.name,
        result: "gone",
        folder: "",
        ...times,
      }),
    );
  await publishApplied(deps.bus, accountId, { sortId: head.sortId }, gone);
}
