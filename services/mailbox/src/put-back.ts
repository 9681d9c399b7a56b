import {
  folderIdOf,
  formatMailId,
  isWakeKeyword,
  type MailboxAnswer,
  type MailboxAsk,
  parseMailId,
} from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { type SettledMail, settle } from "./account-record.ts";
import { reselectInbox } from "./contact.ts";
import type { CopyResult } from "./imap/copy-uid.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { storableFlags } from "./imap/permanent-flags.ts";
import { removeByUid } from "./imap/remove-by-uid.ts";
import { unlessRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { knownMails, onDayOf } from "./known-mails.ts";

type Ask<Op extends MailboxAsk["op"]> = Extract<MailboxAsk, { readonly op: Op }>;

const refused = (reason: string): MailboxAnswer => ({ kind: "refused", reason });

/** Moves a mail back to INBOX, where it is known by its fingerprint and left alone. */
export async function undo(view: InboxView, memory: AccountMemory, ask: Ask<"undo">): Promise<MailboxAnswer> {
  const key = parseMailId(ask.newMailId);
  if (key === null || key.folderId !== folderIdOf(ask.folder))
    return refused("the mailId does not belong to that folder");
  const { session } = view;
  if (!canMove(session)) return refused("the mail server has neither MOVE (RFC 6851) nor UIDPLUS (RFC 4315)");
  memory.store.assertLease();
  return await inFolder(session, memory, { name: ask.folder, readOnly: false }, async (folder) => {
    if (key.uidValidity !== 0 && folder.uidValidity !== key.uidValidity)
      return refused("the folder was renumbered since (UIDVALIDITY)");
    const mail = (await knownMails(session, `UID ${key.uid}`)).find(({ uid }) => uid === key.uid);
    if (mail === undefined) return refused("the mail is no longer in that folder: its owner moved or deleted it");
    const uid = await bringBack(view, memory, mail);
    if (uid === null) return { kind: "done", mails: 1 };
    await clearWake(session, uid);
    return inInbox(memory, uid);
  });
}

/** What was snoozed is awake now: put into the folder again by hand, it is not to come back. */
async function clearWake(session: ImapSession, uid: number): Promise<void> {
  const flags: string[] = [];
  await session.fetch(`${uid}`, null, (mail) => flags.push(...mail.flags.filter(isWakeKeyword)));
  if (flags.length > 0) await unlessRefused(() => session.store([uid], "-", flags));
}

/**
 * What was to leave because of a mail did not: the mail is to be in INBOX, with the keyword, and settled. From Trash it
 * is moved back; elsewhere its owner put it. May be asked again: what was done is found as it is.
 */
export async function putBack(view: InboxView, memory: AccountMemory, ask: Ask<"put-back">): Promise<MailboxAnswer> {
  const key = parseMailId(ask.mailId);
  if (key === null || key.folderId !== folderIdOf("INBOX") || key.accountId !== ask.accountId)
    return refused("the mailId is not of this account's INBOX");
  memory.store.assertLease();
  const { record } = memory;
  const uidThen = key.uidValidity === record.uidValidity ? key.uid : null;
  const here = await findInInbox(view.session, ask, uidThen);
  if (here !== null) return await keep(view, memory, here, ask.keyword);
  const trash = await view.folders.trash();
  if (trash === null || !(await isThere(view.session, trash))) return { kind: "gone" };
  if (!canMove(view.session)) return refused("the mail server has neither MOVE (RFC 6851) nor UIDPLUS (RFC 4315)");
  const uid = await inFolder(view.session, memory, { name: trash, readOnly: false }, async () => {
    const mail = (await knownMails(view.session, onDayOf(ask.internalDate))).findLast(isSame(ask));
    return mail === undefined ? null : await bringBack(view, memory, mail);
  });
  if (uid === null) return { kind: "gone" };
  return await keep(view, memory, { ...ask, uid }, ask.keyword);
}

const canMove = ({ capabilities }: ImapSession): boolean => capabilities.has("MOVE") || capabilities.has("UIDPLUS");

const isSame =
  (wanted: { readonly fingerprint: string }) =>
  ({ fingerprint }: SettledMail): boolean =>
    fingerprint === wanted.fingerprint;

async function isThere(session: ImapSession, folder: string): Promise<boolean> {
  return (await session.status(folder)) !== null;
}

/** By the UID that it had, else by its fingerprint among the mails of its day: it came back under another UID. */
async function findInInbox(
  session: ImapSession,
  mail: { readonly fingerprint: string; readonly internalDate: number },
  uidThen: number | null,
): Promise<SettledMail | null> {
  if (uidThen !== null) {
    await session.know(uidThen);
    const found = (await knownMails(session, `UID ${uidThen}`)).find(isSame(mail));
    if (found !== undefined) return found;
  }
  return (await knownMails(session, onDayOf(mail.internalDate))).findLast(isSame(mail)) ?? null;
}

/**
 * From the selected folder into INBOX, which is selected then. The fingerprint is written down before: whatever happens,
 * the mail is known when it turns up there. Its UID there; null where it is not there, since its owner was faster.
 */
async function bringBack(
  { session }: InboxView,
  { record, store, awaited }: AccountMemory,
  mail: SettledMail,
): Promise<number | null> {
  record.prints.add(mail.fingerprint);
  await store.save(record);
  store.assertLease();
  const { uidValidity, uids } = await intoInbox(session, mail.uid, () => store.assertLease());
  await reselectInbox(session, record);
  const told = uidValidity === record.uidValidity ? uids.get(mail.uid) : undefined;
  const uid = told ?? (await findInInbox(session, mail, null))?.uid ?? null;
  if (uid === null) return null;
  settle(record, { ...mail, uid });
  awaited.delete(uid);
  await store.save(record);
  return uid;
}

/** Without MOVE: COPY, and the source goes by its UID alone. */
async function intoInbox(session: ImapSession, uid: number, assertLease: () => void): Promise<CopyResult> {
  if (session.capabilities.has("MOVE")) return await session.move([uid], "INBOX");
  const copied = await session.copy([uid], "INBOX");
  if (copied.uids.size === 0) return copied;
  await removeByUid(session, [uid], assertLease);
  return copied;
}

/** Settled in INBOX whatever is decided of it later, with the keyword where the folder keeps it. */
async function keep(
  { session }: InboxView,
  memory: AccountMemory,
  mail: SettledMail,
  keyword: string,
): Promise<MailboxAnswer> {
  const { record, store, awaited } = memory;
  settle(record, mail);
  awaited.delete(mail.uid);
  await store.save(record);
  store.assertLease();
  const flags = storableFlags([keyword], session.selected);
  // The mail is back; its keyword is an ornament.
  if (flags.length > 0) await unlessRefused(() => session.store([mail.uid], "+", flags));
  return inInbox(memory, mail.uid);
}

function inInbox({ accountId, record }: AccountMemory, uid: number): MailboxAnswer {
  const key = { accountId, folderId: folderIdOf("INBOX"), uidValidity: record.uidValidity, uid };
  return { kind: "done", mails: 1, mailId: formatMailId(key) };
}
