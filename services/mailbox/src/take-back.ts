import {
  type AppliedMail,
  type Decision,
  folderIdOf,
  type MailboxAnswer,
  type MailboxAsk,
  type MovedMail,
  parseMailId,
} from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { actOnStored } from "./act-on-stored.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { type KnownMail, knownMails } from "./known-mails.ts";
import { now } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

type Ask = Extract<MailboxAsk, { readonly op: "take-back" }>;

interface Moved extends MovedMail {
  readonly uid: number;
}

/**
 * Takes back what a run of rules did to mails of one folder. What an earlier attempt took back already, told or not, is found by
 * its fingerprint where it belongs; what its owner moved since is left alone.
 */
export async function takeBack(
  deps: WorkerDeps,
  memory: AccountMemory,
  view: InboxView,
  ask: Ask,
): Promise<MailboxAnswer> {
  const keys = ask.mails.map(({ mailId }) => parseMailId(mailId));
  const uidValidity = keys[0]?.uidValidity ?? 0;
  const folderId = folderIdOf(ask.folder);
  if (keys.some((key) => key?.folderId !== folderId || key.uidValidity !== uidValidity))
    return { kind: "refused", reason: "these mails do not belong to one folder" };
  const place = { id: folderId, name: ask.folder, uidValidity };
  const moved = ask.mails.map((mail, i): Moved => ({ ...mail, uid: keys[i]?.uid ?? 0 }));
  const here = await lookAt(view.session, memory, place, moved);
  const ours = moved.filter((mail) => isOurs(mail, here.get(mail.uid), ask.folder));
  const mails = await actOnStored(deps, memory, view, {
    folder: place,
    decisions: ours.map((mail) => backwards(mail, ask.folder, here.get(mail.uid)?.internalDate ?? 0)),
    observed: false,
    retried: true,
    about: { sortId: ask.runId, undoOf: ask.runId },
  });
  const results = new Map(mails.map((mail) => [mail.mailId, answerOf(mail)]));
  return {
    kind: "taken-back",
    mails: ask.mails.map(({ mailId }) => results.get(mailId) ?? { mailId, result: "gone" }),
  };
}

/** Another mail may have its UID by now. One that is away may be where an earlier attempt put it. */
function isOurs(mail: Moved, seen: KnownMail | undefined, folder: string): boolean {
  return seen === undefined ? mail.to !== folder : seen.fingerprint === mail.fingerprint;
}

/** What is in the folder under these UIDs now. */
async function lookAt(
  session: ImapSession,
  memory: AccountMemory,
  { name, uidValidity }: { readonly name: string; readonly uidValidity: number },
  mails: readonly Moved[],
): Promise<ReadonlyMap<number, KnownMail>> {
  const uids = mails.map(({ uid }) => uid).sort((a, b) => a - b);
  try {
    return await inFolder(session, memory, { name, readOnly: true }, async (selected) => {
      const here = selected.uidValidity === uidValidity ? await knownMails(session, `UID ${formatUidSet(uids)}`) : [];
      return new Map(here.map((mail) => [mail.uid, mail]));
    });
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.isPassing) throw error;
    return new Map();
  }
}

function backwards(mail: Moved, folder: string, internalDate: number): Decision {
  const { uid, fingerprint, to, addFlags, removeFlags } = mail;
  const at = now();
  return {
    uid,
    fingerprint,
    internalDate,
    plan: {
      copies: [],
      destination:
        to === folder
          ? { kind: "stay", addFlags, removeFlags }
          : { kind: "folder", mailbox: to, create: true, addFlags, removeFlags },
    },
    times: { seenAt: at, fetchedAt: at, receivedByFilterAt: at, decidedAt: at },
  };
}

function answerOf({ mailId, result, reason }: AppliedMail) {
  const told = result === "observed" || result === "discarded" ? "failed" : result;
  return { mailId, result: told, ...(reason === undefined ? {} : { reason }) };
}
