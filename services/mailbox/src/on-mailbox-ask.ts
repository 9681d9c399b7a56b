import type { Answer, Incoming } from "@tamis/bus";
import { type MailboxAnswer, type MailboxAsk, mailboxAsk } from "@tamis/contracts";
import type { AccountWorker } from "./account-worker.ts";
import { onDraftBack, onDraftSent } from "./drafts/on-draft-ask.ts";
import { fileCopy } from "./file-copy.ts";
import { answerMailboxIds, answerMetadata } from "./folder-questions.ts";
import { formatSearchDate } from "./imap/internal-date.ts";
import { splitUidSets } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import type { InboxView, Job } from "./inbox-view.ts";
import { beginRun, findMail, readHeaders } from "./on-stored-ask.ts";
import { putBack, undo } from "./put-back.ts";
import { settleReceipt } from "./receipts/settle-receipt.ts";
import { takeBack } from "./take-back.ts";

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
  return asAnswer(await answer(parsed.data, worker));
}

async function answer(ask: MailboxAsk, worker: AccountWorker): Promise<MailboxAnswer> {
  const answered = (job: Job): Promise<MailboxAnswer> => worker.ask((view) => guarded(() => job(view)));
  switch (ask.op) {
    case "mailbox-exists":
      return await answered(async ({ folders }) => ({
        kind: "mailbox-exists",
        mailboxes: await folders.exist(ask.mailboxes),
      }));
    case "special-use":
      return await answered(async ({ folders }) => ({ kind: "special-use", mailboxes: await folders.byUse() }));
    case "mailbox-ids":
      return await answered((view) => answerMailboxIds(view, ask));
    case "metadata":
      return await answered((view) => answerMetadata(view, ask));
    case "undo":
      return await answered((view) => undo(view, worker.memory, ask));
    case "put-back":
      return await answered((view) => putBack(view, worker.memory, ask));
    case "file-copy":
      return await fileCopyFor(ask, worker);
    case "sort":
      return await answered((view) => sort(view, worker, ask));
    case "recover":
      worker.recover(ask.since);
      return { kind: "done", mails: 0 };
    case "run-rules":
      return await answered((view) => beginRun(view, worker, ask));
    case "take-back":
      return await worker.askWith((deps, memory, view) => takeBack(deps, memory, view, ask));
    case "draft-sent":
    case "draft-back":
      return await becomeOfDraft(ask, worker);
    case "headers":
      return await answered((view) => readHeaders(view, worker, ask));
    case "find":
      return await answered((view) => findMail(view, worker, ask));
    case "settle-receipt":
      return await answered((view) => settleReceipt(view, worker.memory, ask));
    default:
      return ask satisfies never;
  }
}

async function fileCopyFor(
  ask: Extract<MailboxAsk, { op: "file-copy" }>,
  worker: AccountWorker,
): Promise<MailboxAnswer> {
  const raw = await worker.outgoing(ask.object);
  if (raw === null) return { kind: "refused", reason: "the octets of the copy are gone" };
  return await worker.ask((view) => guarded(() => fileCopy(view, worker.memory, { ask, raw })));
}

async function becomeOfDraft(
  ask: Extract<MailboxAsk, { op: "draft-sent" | "draft-back" }>,
  worker: AccountWorker,
): Promise<MailboxAnswer> {
  const raw = ask.op === "draft-sent" ? await worker.outgoing(ask.object) : null;
  return await worker.askWith((deps, memory, view) =>
    guarded(async () => {
      const scene = { deps, memory, view };
      if (ask.op === "draft-back") return await onDraftBack(scene, ask);
      return raw === null
        ? { kind: "refused", reason: "the octets of the copy are gone" }
        : await onDraftSent(scene, ask, raw);
    }),
  );
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
