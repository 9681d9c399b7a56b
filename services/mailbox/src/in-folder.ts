import type { AccountMemory } from "./account-memory.ts";
import { reselectInbox } from "./contact.ts";
import type { ImapSession, SelectedFolder } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";

/** A folder to work in; `readOnly` = EXAMINE. */
export interface FolderVisit {
  readonly name: string;
  readonly readOnly: boolean;
}

/**
 * Does `work` with this folder selected, and has INBOX selected again whatever comes of it. Throws ServerRefused where
 * there is no such folder, and ConnectionLost where INBOX is not what it was: the worker opens it anew.
 */
export async function inFolder<T>(
  session: ImapSession,
  memory: Pick<AccountMemory, "record">,
  { name, readOnly }: FolderVisit,
  work: (selected: SelectedFolder) => Promise<T>,
): Promise<T> {
  const { selected } = session;
  if (isInbox(name) && selected?.name === "INBOX") return await work(selected);
  try {
    return await work(await session.select(name, readOnly));
  } finally {
    if (session.closed === null && session.selected?.name !== "INBOX") await reselectInbox(session, memory.record);
  }
}
