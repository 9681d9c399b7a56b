/**
 * The shapes that a mail is read into. All of them are lazy views of the raw bytes: offsets always
 * count octets in {@link Message.raw}. Nothing here throws on mail, however broken.
 */

/** A mail being read: cheap to create, reads nothing until asked, keeps what it decoded. */
export interface Message {
  /** The bytes that are there; shorter than {@link size} when the mail was cut. */
  readonly raw: Uint8Array;
  /** Octets of the whole mail (RFC822.SIZE); may exceed `raw.length`. */
  readonly size: number;
  /** True when `raw` holds the whole mail. */
  readonly complete: boolean;
  /** True when `raw` holds all text parts, enclosed mails and headers of parts, be the bodies of other parts there or left out. */
  readonly hasTexts: boolean;
  /** What was left out of the bytes, where that is known. */
  readonly omission: Omission | null;
  /** Octet where the body begins, after the empty line that ends the header; the end of `raw` when there is none. */
  readonly bodyStart: number;
  /** The MIME tree (RFC 2045), read on first access. */
  readonly root: Entity;
  /** The top-level header fields of that name, case-insensitive, in the order of the mail. */
  headers(name: string): readonly HeaderField[];
  /** All top-level header fields, in the order of the mail. */
  headerFields(): readonly HeaderField[];
}

/** What the caller knows about a mail beyond its bytes. */
export interface KnownAboutMail {
  /** Octets of the whole mail; default: the bytes given. */
  readonly size?: number;
  /** Whether the bytes are the whole mail; default: `size` does not exceed them. */
  readonly complete?: boolean;
  /** The bytes are a mail out of which bodies of parts were left. */
  readonly omission?: Omission;
}

/** Which parts of a mail have no body in the bytes given, as the one who left them out (an IMAP server's BODYSTRUCTURE) counts parts. */
export interface Omission {
  /** Parts that are no multipart, in the order of the mail; an enclosed mail is one. */
  readonly parts: number;
  /** Those without their body, by their number from 0, ascending. */
  readonly omitted: readonly number[];
}

/** One header field (RFC 5322 §2.2). */
export interface HeaderField {
  /** The name as written. */
  readonly name: string;
  readonly lowerName: string;
  /** Octet of the first byte of the name. */
  readonly start: number;
  /** Octet after the line end of the last folded line. */
  readonly end: number;
  /** The value unfolded and trimmed: UTF-8 where valid, else windows-1252; encoded words stay. */
  raw(): string;
  /** What a person reads: unfolded, encoded words decoded (RFC 2047), UTF-8 as is (RFC 6532). */
  text(): string;
  /** The value read as an address list (RFC 5322 §3.4), tolerantly. */
  addresses(): readonly Mailbox[];
}

/** One mailbox of an address list (RFC 5322 §3.4). */
export interface Mailbox {
  /** The display name, decoded; "" when there is none. */
  readonly name: string;
  /** The addr-spec as written; "" for an empty group, and for a name whose address is missing. */
  readonly address: string;
  readonly localPart: string;
  /** "" when the address has no domain. */
  readonly domain: string;
  /** Display name of the group that holds the mailbox. */
  readonly group?: string;
}

/** A header value with parameters (RFC 2045 §5.1, RFC 2183, RFC 2231). */
export interface Parameterized {
  /** The part before the first semicolon, lower case, without comments. */
  readonly value: string;
  /** Lower-case names; continuations joined and charsets decoded. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One node of the MIME tree (RFC 2045 §2.4): a leaf, a multipart or an enclosed mail. */
export interface Entity {
  /** Media type in lower case, "text/plain" by default (RFC 2045 §5.2). */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Lower case, null when there is no Content-Disposition (RFC 2183). */
  readonly disposition: string | null;
  /** The file name from Content-Disposition, else from Content-Type; decoded. */
  readonly filename: string | null;
  /** Lower case, "7bit" by default (RFC 2045 §6.1). */
  readonly transferEncoding: string;
  readonly headerStart: number;
  readonly bodyStart: number;
  /** Octet after the last one of the body. */
  readonly end: number;
  /** Parts of a multipart; the one enclosed mail of a message/rfc822. */
  readonly children: readonly Entity[];
  /** 0 for the mail itself. */
  readonly depth: number;
  /** The entity's own header fields of that name. */
  headers(name: string): readonly HeaderField[];
  /** The body, content-transfer-decoded (RFC 2045 §6). */
  bytes(): Uint8Array;
  /** The body of a text type decoded by its charset, line ends as they are; "" for other types. */
  text(): string;
}

/** A point in time as a mail writes it. */
export interface MailDate {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}
