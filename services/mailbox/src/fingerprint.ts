import { hash } from "node:crypto";

/** The header fields a fingerprint is made of, and that of `markerOf`, as a BODY.PEEK section. */
export const FINGERPRINT_SECTION = "[HEADER.FIELDS (MESSAGE-ID RECEIVED X-TAMIS-REWRITTEN)]";

/** Longest header that is looked through: as much as is fetched of a mail, else {@link FINGERPRINT_SECTION} would tell more. */
const HEADER_LIMIT = 448 * 1024;
const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const COLON = 58;
const LOWER_CASE = 32;
const [LETTER_M, LETTER_R] = Buffer.from("mr");

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
  const { messageId, received } = readFields(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const second = Math.floor(internalDate / 1000);
  return hash("sha1", `${messageId}\n${size}\n${second}\n${received}`).slice(0, 16);
}

/** Line by line over the octets: of a backlog's headers no text is made but these two. */
function readFields(octets: Buffer): { readonly messageId: string; readonly received: string } {
  const limit = Math.min(octets.length, HEADER_LIMIT);
  let messageId: string | null = null;
  let received: string | null = null;
  for (let at = 0; at < limit && !endsHeader(octets, at); at = lineEnd(octets, at, limit) + 1) {
    const initial = (octets[at] ?? 0) | LOWER_CASE;
    if (initial === LETTER_M) messageId ??= valueAt(octets, at, { name: "message-id", limit });
    else if (initial === LETTER_R) received ??= valueAt(octets, at, { name: "received", limit });
    if (messageId !== null && received !== null) break;
  }
  return { messageId: messageId ?? "", received: received ?? "" };
}

/** The first field of this name (lower case) in a mail's first bytes, folding and blanks taken out; "" where there is none. */
export function headerFieldOf(bytes: Uint8Array, name: string): string {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const limit = Math.min(octets.length, HEADER_LIMIT);
  for (let at = 0; at < limit && !endsHeader(octets, at); at = lineEnd(octets, at, limit) + 1) {
    const value = valueAt(octets, at, { name, limit });
    if (value !== null) return value;
  }
  return "";
}

/** An empty line that ends as the line before it does. */
function endsHeader(octets: Buffer, at: number): boolean {
  if (at === 0) return false;
  return octets[at] === LF || (octets[at] === CR && octets[at + 1] === LF && octets[at - 2] === CR);
}

function lineEnd(octets: Buffer, from: number, limit: number): number {
  const end = octets.indexOf(LF, from);
  return end < 0 || end > limit ? limit : end;
}

/** The value of the field at `at`, folding and blanks taken out; null where it has another name. */
function valueAt(octets: Buffer, at: number, field: { readonly name: string; readonly limit: number }): string | null {
  const { name, limit } = field;
  if (octets.toString("latin1", at, at + name.length).toLowerCase() !== name) return null;
  let colon = at + name.length;
  while (isBlank(octets[colon])) colon += 1;
  if (octets[colon] !== COLON) return null;
  let end = lineEnd(octets, colon, limit);
  while (end < limit && isBlank(octets[end + 1])) end = lineEnd(octets, end + 1, limit);
  return octets.toString("latin1", colon + 1, end).replace(/\s+/g, "");
}

const isBlank = (octet: number | undefined): boolean => octet === SPACE || octet === TAB;
