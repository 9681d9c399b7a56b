import { type Account, foldersWatched, type ImapsieveSettings, type WatchedFolder } from "@tamis/kit";
import { FolderBook } from "./folder-book.ts";
import type { ImapSession } from "./imap/imap-session.ts";

type Remark = (name: string, ok: boolean, text: string, mend?: string) => void;

/** What stands in the way of watching the folders that `imapsieve:` names for the account; nothing where it names none. */
export async function remarkWatched(
  session: ImapSession,
  { account, imapsieve }: { readonly account: Account; readonly imapsieve: ImapsieveSettings },
  remark: Remark,
): Promise<void> {
  const wanted = foldersWatched(imapsieve, account.address);
  if (wanted.length === 0) return;
  await remarkMissing(session, wanted, remark);
  remarkHints(session.capabilities, imapsieve.poll_seconds, remark);
  if (wanted.some(({ causes }) => causes.includes("FLAG"))) remarkFlags(session, remark);
  const own = [...session.capabilities].find((capability) => capability.startsWith("IMAPSIEVE="));
  if (own === undefined) return;
  remark(
    "imapsieve",
    false,
    "the server runs scripts on IMAP events itself (IMAPSIEVE, RFC 6785): each event may run two",
    "take the folders out of `imapsieve:`, or switch the server's own off",
  );
}

async function remarkMissing(session: ImapSession, wanted: readonly WatchedFolder[], remark: Remark): Promise<void> {
  const folders = new FolderBook(session, "auto");
  const uses = await folders.byUse();
  const names = wanted.map(({ folder }) => folder);
  const exist = await folders.exist(names);
  const isThere = (name: string): boolean =>
    name.startsWith("\\") ? (uses[name.toLowerCase()]?.length ?? 0) > 0 : exist[name] === true;
  const missing = names.filter((name) => !isThere(name));
  if (missing.length === 0) {
    remark("watched", true, `${names.length} folders are watched`);
    return;
  }
  remark(
    "watched",
    false,
    `there is no folder ${missing.map((name) => `"${name}"`).join(", ")} to be watched: no script runs for it`,
    "make the folder or correct `imapsieve.folders`; a special use (\\Junk) needs a server with SPECIAL-USE",
  );
}

function remarkHints(capabilities: ReadonlySet<string>, pollSeconds: number, remark: Remark): void {
  const text = capabilities.has("NOTIFY")
    ? "the server tells of watched folders (NOTIFY, RFC 5465)"
    : `no NOTIFY here: watched folders are looked at every ${pollSeconds} seconds`;
  remark("notify", true, text);
}

function remarkFlags({ hasModSeqs }: ImapSession, remark: Remark): void {
  if (hasModSeqs) return;
  remark(
    "condstore",
    false,
    "the server has no CONDSTORE (RFC 7162): changes of flags start no script, new mail in watched folders does",
    "take FLAG out of `causes` in `imapsieve.folders`, or enable CONDSTORE on the server",
  );
}
