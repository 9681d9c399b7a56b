import type { ImapConnection } from "./imap-connection.ts";
import { decodeMailboxName, isInbox } from "./mailbox-name.ts";
import { quotedName } from "./quoted-name.ts";
import { asNumber, asText, readPairs, ValueReader } from "./response-values.ts";

/** What STATUS tells of a folder. */
export interface FolderStatus {
  readonly uidValidity: number;
  readonly uidNext: number;
  /** HIGHESTMODSEQ; null where it was not asked for, or the folder has none (RFC 7162 §3.1.2.2). */
  readonly modSeq: bigint | null;
}

/**
 * RFC 9051 §6.3.11 STATUS; `null` where there is no such folder. `isHearing`: the server tells of other folders by itself too
 * (RFC 5465 §5), or several are asked about at once, so only an answer with this name is one.
 */
export async function folderStatus(
  connection: Pick<ImapConnection, "command">,
  name: string,
  { items, isHearing }: { readonly items: string; readonly isHearing: boolean },
): Promise<FolderStatus | null> {
  let found: FolderStatus | null = null;
  const tagged = await connection.command(`STATUS ${quotedName(name)} (${items})`, (untagged) => {
    if (untagged.kind !== "STATUS") return false;
    const reader = new ValueReader(untagged.raw, untagged.position);
    const told = decodeMailboxName(asText(reader.next()));
    if (isHearing && told !== name && !(isInbox(told) && isInbox(name))) return false;
    const values = readPairs(reader.next());
    // The server tells by itself what changed, and not all that was asked for.
    if (isHearing && !(values.has("UIDVALIDITY") && values.has("UIDNEXT"))) return false;
    const modSeq = asText(values.get("HIGHESTMODSEQ"));
    found = {
      uidValidity: asNumber(values.get("UIDVALIDITY")),
      uidNext: asNumber(values.get("UIDNEXT")),
      modSeq: /^[1-9]\d*$/.test(modSeq) ? BigInt(modSeq) : null,
    };
    return true;
  });
  return tagged.status === "OK" ? found : null;
}
