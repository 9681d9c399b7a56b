import { type MailboxAnswer, type MailboxAsk, MDN_SENT } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import type { AccountMemory } from "./account-memory.ts";
import { settle } from "./account-record.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { FolderBook } from "./folder-book.ts";
import { append } from "./imap/append.ts";
import type { ImapSession, SelectedFolder } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { storableFlags } from "./imap/permanent-flags.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { knownMails, since } from "./known-mails.ts";

type Ask = Extract<MailboxAsk, { readonly op: "file-copy" }>;

/** The left side of a Message-ID of ours: ASCII, and nothing that a quoted string would have to escape. */
const LEFT_SIDE = /^<([!#-?A-[\]-~]+)@/;

/**
 * RFC 8580: stores the copy of a mail that was sent. An earlier attempt whose answer was lost is found by the Message-ID, which is
 * this sending's alone: one copy, however often it is asked. In INBOX it is settled: nobody decides on what the owner sent.
 */
export async function fileCopy(
  { session, folders }: InboxView,
  memory: AccountMemory,
  { ask, raw }: { readonly ask: Ask; readonly raw: Uint8Array },
): Promise<MailboxAnswer> {
  const [, leftSide] = LEFT_SIDE.exec(ask.messageId) ?? [];
  if (leftSide === undefined)
    return { kind: "refused", reason: "the copy has no Message-ID that it could be found by" };
  memory.store.assertLease();
  if (!(await exists(session, folders, ask))) return { kind: "gone" };
  return await inFolder(session, memory, { name: ask.mailbox, readOnly: false }, async (folder) => {
    const criteria = `HEADER Message-ID "${leftSide}@" ${since(ask.date)}`;
    const [found] = await session.search(criteria);
    if (found === undefined) await store(session, memory, { ask, raw, folder });
    if (isInbox(ask.mailbox)) await settleCopies(session, memory, criteria);
    return { kind: "done", mails: 1 };
  });
}

/** Whether the folder is there, made where it is to be. */
async function exists(
  session: ImapSession,
  folders: FolderBook,
  { mailbox, create, specialUse }: Ask,
): Promise<boolean> {
  if (isInbox(mailbox) || (await session.status(mailbox)) !== null) return true;
  if (!create) return false;
  try {
    await folders.create(mailbox, specialUse);
  } catch (error) {
    // Made by somebody else at the same moment.
    if (!(error instanceof ServerRefused) || (await session.status(mailbox)) === null) throw error;
  }
  return true;
}

interface Storing {
  readonly ask: Ask;
  readonly raw: Uint8Array;
  readonly folder: SelectedFolder;
}

async function store(session: ImapSession, memory: AccountMemory, { ask, raw, folder }: Storing): Promise<void> {
  const internalDate = Math.floor(ask.date / 1000) * 1000;
  if (isInbox(ask.mailbox)) {
    // Written down before: whoever sees it there first knows it.
    memory.record.prints.add(fingerprintOf({ bytes: raw, size: raw.length, internalDate }));
    await memory.store.save(memory.record);
  }
  memory.store.assertLease();
  await append(session, ask.mailbox, { raw, flags: storableFlags(flagsOf(ask, raw), folder), internalDate });
}

/** RFC 3503 §3: nobody is asked for a receipt of what he sent himself. */
function flagsOf({ flags }: Ask, raw: Uint8Array): readonly string[] {
  const asks = readMessage(raw).headers("disposition-notification-to").length > 0;
  return asks && !flags.includes(MDN_SENT) ? [...flags, MDN_SENT] : flags;
}

async function settleCopies(session: ImapSession, memory: AccountMemory, criteria: string): Promise<void> {
  for (const mail of await knownMails(session, criteria)) {
    settle(memory.record, mail);
    memory.awaited.delete(mail.uid);
  }
  await memory.store.save(memory.record);
}
