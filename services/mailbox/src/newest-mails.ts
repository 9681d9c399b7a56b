import { folderIdOf } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatSearchDate } from "./imap/internal-date.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { splitUidSets } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";

const DAY_MS = 86_400_000;
/** How far back a folder with more mails than are wanted is looked through, before all of it is. */
const WINDOWS_DAYS = [7, 30, 120, 480] as const;

/** Mails of one folder, ascending. */
export interface FolderMails {
  readonly folder: { readonly id: string; readonly name: string; readonly uidValidity: number };
  readonly uids: readonly number[];
}

interface Found {
  readonly folder: FolderMails["folder"];
  readonly uid: number;
  readonly internalDate: number;
}

/**
 * The newest mails by INTERNALDATE over these folders, without those marked \Deleted; of INBOX only what is settled, so
 * that nothing on its way is decided on twice. Of folders that were `named` the one that cannot be had instead, if any.
 */
export async function newestMails(
  session: ImapSession,
  memory: AccountMemory,
  { folders, last, named }: { readonly folders: readonly string[]; readonly last: number; readonly named: boolean },
): Promise<readonly FolderMails[] | string> {
  let newest: readonly Found[] = [];
  for (const name of new Set(folders.map((folder) => (isInbox(folder) ? "INBOX" : folder)))) {
    const floor = newest.length < last ? 0 : (newest.at(-1)?.internalDate ?? 0);
    try {
      const found = await inFolder(session, memory, { name, readOnly: true }, ({ uidValidity }) =>
        newestIn(session, { id: folderIdOf(name), name, uidValidity }, { last, floor }),
      );
      const known = name === "INBOX" ? found.filter(({ uid }) => memory.record.settled.has(uid)) : found;
      newest = [...newest, ...known].sort((a, b) => b.internalDate - a.internalDate).slice(0, last);
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.isPassing) throw error;
      if (named) return name;
    }
  }
  return byFolder(newest);
}

async function newestIn(
  session: ImapSession,
  folder: FolderMails["folder"],
  wanted: { readonly last: number; readonly floor: number },
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { set } of splitUidSets(await candidates(session, wanted))) {
    await session.fetch(set, null, ({ uid, internalDate }) => found.push({ folder, uid, internalDate }));
  }
  return found;
}

/** UIDs among which the newest are. SEARCH knows days only; one more, since servers differ in their zone. */
async function candidates(
  session: ImapSession,
  { last, floor }: { readonly last: number; readonly floor: number },
): Promise<readonly number[]> {
  const since = (time: number): string => `UNDELETED SINCE ${formatSearchDate(time - DAY_MS)}`;
  for (const days of session.exists > last ? WINDOWS_DAYS : []) {
    const begin = Date.now() - days * DAY_MS;
    if (begin <= floor) break;
    const uids = await session.search(since(begin));
    if (uids.length >= last) return uids;
  }
  return await session.search(floor > DAY_MS ? since(floor) : "UNDELETED");
}

function byFolder(mails: readonly Found[]): readonly FolderMails[] {
  const folders = new Map<string, { folder: FolderMails["folder"]; uids: number[] }>();
  for (const { folder, uid } of mails) {
    const known = folders.get(folder.name);
    if (known === undefined) folders.set(folder.name, { folder, uids: [uid] });
    else known.uids.push(uid);
  }
  return [...folders.values()].map(({ folder, uids }) => ({ folder, uids: uids.sort((a, b) => a - b) }));
}
