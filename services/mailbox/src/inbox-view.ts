import type { MailboxAnswer } from "@tamis/contracts";
import type { FolderBook } from "./folder-book.ts";
import type { ImapSession } from "./imap/imap-session.ts";

/** The selected INBOX as those see it who do something in it. */
export interface InboxView {
  readonly session: ImapSession;
  readonly folders: FolderBook;
}

/** Something asked of the connection, done between two other things. */
export type Job = (view: InboxView) => Promise<MailboxAnswer>;
