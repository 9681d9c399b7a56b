import type { Answer, Incoming } from "@tamis/bus";
import {
  folderIdOf,
  formatMailId,
  type MailboxAnswer,
  type MailboxAsk,
  mailboxAsk,
  parseMailId,
} from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { settle } from "./account-record.ts";
import type { AccountWorker } from "./account-worker.ts";
import { FINGERPRINT_SECTION, fingerprintOf } from "./fingerprint.ts";
import { ServerRefused } from "./imap/imap-session.ts";
import { formatSearchDate } from "./imap/internal-date.ts";
import { splitUidSets } from "./imap/sequence-set.ts";
import type { InboxView } from "./inbox-view.ts";
import { beginRun, findMail, readHeaders } from "./on-stored-ask.ts";

const DAY_MS = 86_400_000;

/** Answers what only the server knows, and carries out what an operator asks of one account. */
export async function onMailboxAsk(
  request: Incoming,
  workerOf: (accountId: string) => AccountWorker | undefined,
): Promise<Answer> {
  const parsed = mailboxAsk.safeParse(readJson(request.payload));
  if (!parsed.success) return asAnswer({ kind: "refused", reason: "not a question this version knows" });
  const worker = workerOf(parsed.data.accountId);
  if (worker === undefined)
    return asAnswer({ kind: "refused", reason: "this account is not in the configuration of the mailbox service" });
  try {
    return asAnswer(await answer(parsed.data, worker));
  } catch (error) {
    if (error instanceof ServerRefused)
      return asAnswer({ kind: "refused", reason: `the mail server refused: ${error.message}` });
    throw error;
  }
}

async function answer(ask: MailboxAsk, worker: AccountWorker): Promise<MailboxAnswer> {
  switch (ask.op) {
    case "mailbox-exists":
      return await worker.ask(async ({ folders }) => ({
        kind: "mailbox-exists",
        mailboxes: await folders.exist(ask.mailboxes),
      }));
    case "undo":
      return await worker.ask((view) => guarded(() => undo(view, worker.memory, ask)));
    case "sort":
      return await worker.ask((view) => guarded(() => sort(view, worker, ask)));
    case "recover":
      worker.recover(ask.since);
      return { kind: "done", mails: 0 };
    case "run-rules":
      return await worker.ask((view) => guarded(() => beginRun(view, worker, ask)));
    case "take-back":
      return await worker.takeBack(ask);
    case "headers":
      return await worker.ask((view) => guarded(() => readHeaders(view, worker, ask)));
    case "find":
      return await worker.ask((view) => guarded(() => findMail(view, worker, ask)));
    default:
      return ask satisfies never;
  }
}

/** The server's refusal is the answer, and the session goes on. */
async function guarded(job: () => Promise<MailboxAnswer>): Promise<MailboxAnswer> {
  try {
    return await job();
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
    return { kind: "refused", reason: `the mail server refused: ${error.message}` };
  }
}

/** Moves a mail back to INBOX, where it is known by its fingerprint and left alone. */
async function undo(
  { session }: InboxView,
  memory: AccountMemory,
  ask: Extract<MailboxAsk, { op: "undo" }>,
): Promise<MailboxAnswer> {
  const key = parseMailId(ask.newMailId);
  if (key === null || key.folderId !== folderIdOf(ask.folder))
    return { kind: "refused", reason: "the mailId does not belong to that folder" };
  if (!session.capabilities.has("MOVE")) return { kind: "refused", reason: "the mail server cannot MOVE (RFC 6851)" };
  const { record, store } = memory;
  store.assertLease();
  try {
    const folder = await session.select(ask.folder);
    if (key.uidValidity !== 0 && folder.uidValidity !== key.uidValidity)
      return { kind: "refused", reason: "the folder was renumbered since (UIDVALIDITY)" };
    let found: { uid: number; fingerprint: string; internalDate: number } | null = null;
    await session.fetch(String(key.uid), FINGERPRINT_SECTION, (mail) => {
      found = { uid: mail.uid, fingerprint: fingerprintOf(mail), internalDate: mail.internalDate };
    });
    if (found === null)
      return { kind: "refused", reason: "the mail is no longer in that folder: its owner moved or deleted it" };
    const { fingerprint, internalDate }: { fingerprint: string; internalDate: number } = found;
    record.prints.add(fingerprint);
    await store.save(record);
    const moved = await session.move([key.uid], "INBOX");
    const uid = moved.uids.get(key.uid);
    if (uid === undefined) return { kind: "done", mails: 1 };
    settle(record, { uid, fingerprint, internalDate });
    await store.save(record);
    return {
      kind: "done",
      mails: 1,
      mailId: formatMailId({ ...key, folderId: folderIdOf("INBOX"), uidValidity: record.uidValidity, uid }),
    };
  } finally {
    await session.select("INBOX");
  }
}

/** Publishes what is in INBOX already; the answer tells how many, their decisions come as facts with the sortId. */
async function sort(
  { session }: InboxView,
  worker: AccountWorker,
  ask: Extract<MailboxAsk, { op: "sort" }>,
): Promise<MailboxAnswer> {
  const { since, sortId, dryRun } = ask;
  const uids = await session.search(
    since === undefined ? "UNDELETED" : `UNDELETED SINCE ${formatSearchDate(since - DAY_MS)}`,
  );
  const young = since === undefined ? uids : await receivedSince(session, uids, since);
  const known = young.filter((uid) => uid <= worker.memory.record.published);
  worker.enqueueSort(known, { purpose: "sort", sortId, ...(dryRun ? { mode: "observe", dryRun } : {}) });
  return { kind: "done", mails: known.length };
}

async function receivedSince(
  session: InboxView["session"],
  uids: readonly number[],
  since: number,
): Promise<readonly number[]> {
  const young: number[] = [];
  for (const { set } of splitUidSets(uids)) {
    await session.fetch(set, null, ({ uid, internalDate }) => {
      if (internalDate >= since) young.push(uid);
    });
  }
  return young.sort((a, b) => a - b);
}

function readJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return null;
  }
}

const asAnswer = (value: MailboxAnswer): Answer => ({ payload: Buffer.from(JSON.stringify(value)) });
