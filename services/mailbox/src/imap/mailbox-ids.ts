import type { ImapSession } from "./imap-session.ts";
import { decodeMailboxName, isInbox } from "./mailbox-name.ts";
import { quotedName } from "./quoted-name.ts";
import { asText, readPairs, type Value, ValueReader } from "./response-values.ts";
import { unlessRefused } from "./server-refused.ts";

/** RFC 8474 §4: folder names by MAILBOXID, of these ids; none where the server has no OBJECTID. */
export async function mailboxesById(
  session: ImapSession,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (!session.capabilities.has("OBJECTID") || ids.length === 0) return found;
  const wanted = new Set(ids);
  const note = (mailbox: string, id: string): void => {
    if (wanted.has(id)) found.set(id, mailbox);
  };
  // RFC 5819: one command for all folders.
  if (session.capabilities.has("LIST-STATUS")) {
    await readStatuses(session, 'LIST "" "*" RETURN (STATUS (MAILBOXID))', note);
    return found;
  }
  for (const { name } of await session.list()) {
    if (found.size === wanted.size) break;
    // A folder that cannot be asked (\\Noselect) has no id.
    await unlessRefused(() => readStatuses(session, `STATUS ${quotedName(name)} (MAILBOXID)`, note));
  }
  return found;
}

async function readStatuses(
  session: ImapSession,
  command: string,
  note: (mailbox: string, id: string) => void,
): Promise<void> {
  await session.command(command, (untagged) => {
    if (untagged.kind === "LIST") return true;
    if (untagged.kind !== "STATUS") return false;
    const reader = new ValueReader(untagged.raw, untagged.position);
    const name = decodeMailboxName(asText(reader.next()));
    const id = objectId(readPairs(reader.next()).get("MAILBOXID"));
    if (id !== "") note(isInbox(name) ? "INBOX" : name, id);
    return true;
  });
}

/** RFC 8474 §7: `(` objectid `)`. */
function objectId(value: Value | undefined): string {
  return asText(Array.isArray(value) ? value[0] : value);
}
