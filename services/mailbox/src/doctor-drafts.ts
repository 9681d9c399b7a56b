import { type Account, type DraftsSettings, draftsWanted } from "@tamis/kit";
import type { Note } from "./doctor.ts";
import { remarks } from "./doctor-texts.ts";
import { FolderBook } from "./folder-book.ts";
import type { ImapSession } from "./imap/imap-session.ts";

interface DraftsOf {
  readonly account: Account;
  readonly drafts: DraftsSettings;
  /** `outbox:` is configured. */
  readonly isSent: boolean;
}

/** What stands in the way of drafts that are to be sent later; nothing where none of the account's are. */
export async function noteDrafts(
  session: ImapSession,
  { account, drafts, isSent }: DraftsOf,
  note: Note,
): Promise<void> {
  // As it would be if the account were acted on: the doctor is asked before it is.
  const wanted = draftsWanted(drafts, { ...account, mode: "act" });
  if (wanted === null) return;
  if (!isSent) return note("drafts", remarks["drafts-no-outbox"]);
  if (!session.capabilities.has("MOVE")) return note("drafts", remarks["drafts-no-move"]);
  const folders = new FolderBook(session, { trash: "auto", snoozed: "auto" });
  const exist = await folders.exist(wanted.folders);
  const isThere = drafts.create || wanted.isHandedOver || Object.values(exist).includes(true);
  const names = wanted.folders.map((name) => `"${name}"`).join(", ");
  if (isThere) note("drafts", remarks.drafts);
  else note("drafts", remarks["drafts-no-folder"], { names });
}
