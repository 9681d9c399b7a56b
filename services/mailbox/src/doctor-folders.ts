import { type Account, foldersWatched, type ImapsieveSettings, type WatchedFolder } from "@tamis/kit";
import type { Note } from "./doctor.ts";
import { remarks } from "./doctor-texts.ts";
import { FolderBook } from "./folder-book.ts";
import type { ImapSession } from "./imap/imap-session.ts";

/** What stands in the way of watching the folders that `imapsieve:` names for the account; nothing where it names none. */
export async function noteWatched(
  session: ImapSession,
  { account, imapsieve }: { readonly account: Account; readonly imapsieve: ImapsieveSettings },
  note: Note,
): Promise<void> {
  const wanted = foldersWatched(imapsieve, account.address);
  if (wanted.length === 0) return;
  await noteMissing(session, wanted, note);
  if (session.capabilities.has("NOTIFY")) note("notify", remarks.notify);
  else note("notify", remarks["no-notify"], { seconds: imapsieve.poll_seconds });
  if (wanted.some(({ causes }) => causes.includes("FLAG")) && !session.hasModSeqs)
    note("condstore", remarks["no-condstore"]);
  const isOwn = [...session.capabilities].some((capability) => capability.startsWith("IMAPSIEVE="));
  if (isOwn) note("imapsieve", remarks["own-imapsieve"]);
}

async function noteMissing(session: ImapSession, wanted: readonly WatchedFolder[], note: Note): Promise<void> {
  const folders = new FolderBook(session, { trash: "auto", snoozed: "auto" });
  const uses = await folders.byUse();
  const names = wanted.map(({ folder }) => folder);
  const exist = await folders.exist(names);
  const isThere = (name: string): boolean =>
    name.startsWith("\\") ? (uses[name.toLowerCase()]?.length ?? 0) > 0 : exist[name] === true;
  const missing = names.filter((name) => !isThere(name));
  if (missing.length === 0) note("watched", remarks.watched, { count: names.length });
  else note("watched", remarks["not-watched"], { names: missing.map((name) => `"${name}"`).join(", ") });
}
