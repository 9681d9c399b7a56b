import type { AccountMemory } from "./account-memory.ts";
import { isRenumbered } from "./contact.ts";
import { ConnectionLost } from "./imap/imap-connection.ts";
import { type ImapSession, type SelectedFolder, ServerRefused } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";

/** A folder to work in; `readOnly` = EXAMINE. */
export interface FolderVisit {
  readonly name: string;
  readonly readOnly: boolean;
}

/**
 * Does `work` with this folder selected, and has INBOX selected again whatever comes of it. Throws {@link ServerRefused}
 * where there is no such folder, and ConnectionLost where INBOX is not what it was: the worker opens it anew.
 */
export async function inFolder<T>(
  session: ImapSession,
  memory: Pick<AccountMemory, "loaded">,
  { name, readOnly }: FolderVisit,
  work: (selected: SelectedFolder) => Promise<T>,
): Promise<T> {
  const { selected } = session;
  if (isInbox(name) && selected?.name === "INBOX") return await work(selected);
  try {
    return await work(await session.select(name, readOnly));
  } finally {
    await backToInbox(session, memory);
  }
}

async function backToInbox(session: ImapSession, { loaded }: Pick<AccountMemory, "loaded">): Promise<void> {
  try {
    const inbox = await session.select("INBOX");
    if (loaded === null || !isRenumbered(inbox, loaded)) return;
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
    throw new ConnectionLost("protocol", "INBOX cannot be selected any more");
  }
  throw new ConnectionLost("renumbered", "INBOX was renumbered");
}
