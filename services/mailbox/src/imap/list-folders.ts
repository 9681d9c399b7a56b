import type { Untagged } from "./imap-connection.ts";
import { decodeMailboxName, isInbox } from "./mailbox-name.ts";
import { asText, ValueReader } from "./response-values.ts";

export interface Folder {
  readonly name: string;
  /** RFC 6154 attributes and others, lower case, with their backslash. */
  readonly attributes: ReadonlySet<string>;
  readonly separator: string;
}

interface Commands {
  readonly capabilities: ReadonlySet<string>;
  command(text: string, onUntagged: (untagged: Untagged) => boolean): Promise<unknown>;
}

/** LIST (RFC 9051 §6.3.9) of every folder, with the special-use attributes where the server has them (RFC 6154 §2). */
export async function listFolders(session: Commands): Promise<readonly Folder[]> {
  const folders: Folder[] = [];
  const { capabilities } = session;
  const isExtended = capabilities.has("SPECIAL-USE") && capabilities.has("LIST-EXTENDED");
  await session.command(`LIST "" "*"${isExtended ? " RETURN (SPECIAL-USE)" : ""}`, (untagged) => {
    if (untagged.kind !== "LIST") return false;
    const reader = new ValueReader(untagged.raw, untagged.position);
    const attributes = reader.next();
    const separator = asText(reader.next());
    const name = decodeMailboxName(asText(reader.next()));
    const words = Array.isArray(attributes) ? attributes.map((value) => asText(value).toLowerCase()) : [];
    folders.push({ name: isInbox(name) ? "INBOX" : name, attributes: new Set(words), separator });
    return true;
  });
  return folders;
}
