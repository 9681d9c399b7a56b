import { hash } from "node:crypto";

/** The header fields a fingerprint is made of, and that of `markerOf`, as a BODY.PEEK section. */
export const FINGERPRINT_SECTION = "[HEADER.FIELDS (MESSAGE-ID RECEIVED X-TAMIS-REWRITTEN)]";

/** Longest header that is looked through: as much as is fetched of a mail, else {@link FINGERPRINT_SECTION} would tell more. */
const HEADER_LIMIT = 448 * 1024;
const MESSAGE_ID = /\nmessage-id[ \t]*:/i;
const RECEIVED = /\nreceived[ \t]*:/i;
const BLANK_CRLF = Buffer.from("\r\n\r\n");
const BLANK_LF = Buffer.from("\n\n");

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
  const messageId = fieldOf(header, MESSAGE_ID);
  const received = fieldOf(header, RECEIVED);
  const second = Math.floor(internalDate / 1000);
  return hash("sha1", `${messageId}\n${size}\n${second}\n${received}`).slice(0, 16);
}

function headerText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEADER_LIMIT));
  const crlf = buffer.indexOf(BLANK_CRLF);
  const end = crlf < 0 ? buffer.length : crlf;
  const lf = buffer.subarray(0, end).indexOf(BLANK_LF);
  return `\n${buffer.toString("latin1", 0, lf < 0 ? end : lf)}`;
}

/** The first field in a mail's first bytes that begins as `name` says, `\\nname[ \\t]*:`; folding and blanks taken out, "" where there is none. */
export function headerFieldOf(bytes: Uint8Array, name: RegExp): string {
  return fieldOf(headerText(bytes), name);
}

function fieldOf(header: string, name: RegExp): string {
  const start = header.search(name);
  if (start < 0) return "";
  const value = header.slice(header.indexOf(":", start) + 1);
  const end = value.search(/\n(?![ \t])/);
  return (end < 0 ? value : value.slice(0, end)).replace(/\s+/g, "");
}
