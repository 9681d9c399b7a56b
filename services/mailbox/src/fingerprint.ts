import { createHash } from "node:crypto";

/** The header fields a fingerprint is made of, as a BODY.PEEK section. */
export const FINGERPRINT_SECTION = "[HEADER.FIELDS (MESSAGE-ID RECEIVED)]";

/** Longest header that is looked through: what comes behind is of no one's first Received. */
const HEADER_LIMIT = 64 * 1024;

export interface Printable {
  /** The mail's first bytes, or its {@link FINGERPRINT_SECTION} alone. */
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly internalDate: number;
}

/**
 * 16 hex digits that know a mail again under another UID: Message-ID, RFC822.SIZE, INTERNALDATE (which MOVE and COPY
 * keep, RFC 9051 §6.4.7) and the first Received. Not for secrets.
 */
export function fingerprintOf({ bytes, size, internalDate }: Printable): string {
  const header = headerText(bytes);
  const messageId = fieldOf(header, "message-id");
  const received = fieldOf(header, "received");
  const second = Math.floor(internalDate / 1000);
  return createHash("sha1").update(`${messageId}\n${size}\n${second}\n${received}`).digest("hex").slice(0, 16);
}

function headerText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEADER_LIMIT));
  const crlf = buffer.indexOf("\r\n\r\n");
  const lf = buffer.indexOf("\n\n");
  const end = Math.min(crlf < 0 ? buffer.length : crlf, lf < 0 ? buffer.length : lf);
  return `\n${buffer.toString("latin1", 0, end)}`;
}

/** The first field of that name, folding and blanks taken out. */
function fieldOf(header: string, name: string): string {
  const start = header.search(new RegExp(`\\n${name}[ \\t]*:`, "i"));
  if (start < 0) return "";
  const value = header.slice(header.indexOf(":", start) + 1);
  const end = value.search(/\n(?![ \t])/);
  return (end < 0 ? value : value.slice(0, end)).replace(/\s+/g, "");
}
