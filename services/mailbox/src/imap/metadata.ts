import type { ImapSession } from "./imap-session.ts";
import { quotedName } from "./quoted-name.ts";
import { asText, type Value, ValueReader } from "./response-values.ts";
import { ServerRefused } from "./server-refused.ts";

/** Octets of one value; a longer one is none. Scripts compare texts, and what they ask for goes over the bus. */
const MAX_VALUE = 64 * 1024;
/** RFC 5464 §5 entry names, as a quoted string: printable, without wildcards, no slash at the end. */
const ENTRY = /^\/(?:private|shared)(?:\/[^\s/*%"\\\x7f-\uffff]+)+$/i;

/**
 * RFC 5464 §4.2 GETMETADATA: the value of one annotation, of the server where `mailbox` is null. Null where there is
 * none, the value is longer than 64 KiB, the server refuses, or it has no annotations of that kind.
 */
export async function annotation(session: ImapSession, mailbox: string | null, entry: string): Promise<string | null> {
  const { capabilities } = session;
  const isOffered = capabilities.has("METADATA") || (mailbox === null && capabilities.has("METADATA-SERVER"));
  if (!isOffered || !ENTRY.test(entry)) return null;
  let found: string | null = null;
  try {
    const name = mailbox === null ? '""' : quotedName(mailbox);
    await session.command(`GETMETADATA ${name} ("${entry}")`, (untagged) => {
      if (untagged.kind !== "METADATA") return false;
      const reader = new ValueReader(untagged.raw, untagged.position);
      reader.next();
      const values = reader.next();
      // Without values it is the server telling of a change (RFC 5464 §4.4.2).
      if (!Array.isArray(values)) return false;
      found = valueIn(values, entry) ?? found;
      return true;
    });
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
  }
  return found;
}

/** Of a list of names and values; names are in any case (RFC 5464 §4.1). */
function valueIn(values: readonly Value[], entry: string): string | null {
  for (let i = 0; i + 1 < values.length; i += 2) {
    if (asText(values[i]).toLowerCase() !== entry.toLowerCase()) continue;
    const value = values[i + 1] ?? null;
    const octets = Buffer.isBuffer(value) ? value : Buffer.from(asText(value), "latin1");
    return value === null || octets.length > MAX_VALUE ? null : octets.toString("utf8");
  }
  return null;
}
