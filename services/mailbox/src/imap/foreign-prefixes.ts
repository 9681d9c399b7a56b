import type { ImapSession } from "./imap-session.ts";
import { decodeMailboxName } from "./mailbox-name.ts";
import { asText, ValueReader } from "./response-values.ts";
import { ServerRefused } from "./server-refused.ts";

/** RFC 2342 §5: how the names of folders begin that are other people's, or shared. None where the server does not say. */
export async function foreignPrefixes(session: ImapSession): Promise<readonly string[]> {
  if (!session.capabilities.has("NAMESPACE")) return [];
  const prefixes: string[] = [];
  try {
    await session.command("NAMESPACE", (untagged) => {
      if (untagged.kind !== "NAMESPACE") return false;
      const reader = new ValueReader(untagged.raw, untagged.position);
      reader.next(); // The account's own.
      for (const namespaces of [reader.next(), reader.next()]) {
        for (const namespace of Array.isArray(namespaces) ? namespaces : [])
          if (Array.isArray(namespace)) prefixes.push(decodeMailboxName(asText(namespace[0])));
      }
      return true;
    });
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
  }
  // An empty one would be every folder.
  return prefixes.filter((prefix) => prefix !== "");
}
