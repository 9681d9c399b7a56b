/** A header block (RFC 5322 §2.1): which fields stand where. Reading it makes no strings. */

import { parseAddresses } from "./addresses.ts";
import { decodeUnlabelled } from "./charset.ts";
import { decodeWords } from "./encoded-words.ts";
import { MAX_HEADER_BYTES, MAX_HEADER_FIELDS } from "./limits.ts";
import type { HeaderField, Mailbox } from "./model.ts";
import { COLON, CR, LF, lineFeedBefore, SPACE, TAB } from "./octets.ts";

export class HeaderBlock {
  readonly fields: readonly Field[];
  /** Octet after the empty line that ends the block. */
  readonly bodyStart: number;
  private readonly byName = new Map<string, readonly HeaderField[]>();

  constructor(fields: readonly Field[], bodyStart: number) {
    this.fields = fields;
    this.bodyStart = bodyStart;
  }

  /** The fields of that name, case-insensitive, in their order. */
  named(name: string): readonly HeaderField[] {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const lowerName = name.toLowerCase();
    const found = this.fields.filter((field) => field.isNamed(lowerName));
    this.byName.set(name, found);
    return found;
  }

  /** The value of the first field of that name, null when there is none. */
  first(name: string): HeaderField | null {
    return this.named(name)[0] ?? null;
  }
}

/**
 * Finds the fields of the block that starts at `start`, up to its empty line or `end`. A line that is neither a field
 * nor a continuation (the "From " line of an mbox, stray text) is skipped together with its continuations.
 */
export function readHeaderBlock(octets: Buffer, start: number, end: number): HeaderBlock {
  const stop = Math.min(end, start + MAX_HEADER_BYTES);
  const fields: Field[] = [];
  let at = start;
  while (at < stop) {
    const body = emptyLineEnd(octets, at, stop);
    if (body !== 0) return new HeaderBlock(fields, body);
    const next = foldedEnd(octets, at, stop);
    const nameEnd = fieldNameEnd(octets, at, next);
    if (nameEnd !== 0 && fields.length < MAX_HEADER_FIELDS) fields.push(new Field(octets, at, nameEnd, next));
    at = next;
  }
  return new HeaderBlock(fields, stop);
}

/** Octet after the empty line at `at`, 0 when the line is not empty. */
function emptyLineEnd(octets: Buffer, at: number, stop: number): number {
  if (octets[at] === LF) return at + 1;
  if (octets[at] !== CR) return 0;
  if (at + 1 === stop || octets[at + 1] === LF) return Math.min(at + 2, stop);
  return octets[at + 1] === CR && octets[at + 2] === LF && at + 3 <= stop ? at + 3 : 0;
}

/** Octet after the line at `from` and its continuation lines (RFC 5322 §2.2.3). */
function foldedEnd(octets: Buffer, from: number, stop: number): number {
  let at = lineFeedBefore(octets, from, stop);
  while (at + 1 < stop && (octets[at + 1] === SPACE || octets[at + 1] === TAB)) {
    at = lineFeedBefore(octets, at + 1, stop);
  }
  return Math.min(at + 1, stop);
}

/** Octet after the field name, 0 when the line has none; the obsolete form has blanks before the colon (RFC 5322 §4.5). */
function fieldNameEnd(octets: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && (octets[at] ?? 0) > SPACE && octets[at] !== COLON) at++;
  const nameEnd = at;
  while (at < end && (octets[at] === SPACE || octets[at] === TAB)) at++;
  return at < end && octets[at] === COLON && nameEnd > from ? nameEnd : 0;
}

class Field implements HeaderField {
  readonly start: number;
  readonly end: number;
  private readonly octets: Buffer;
  private readonly nameEnd: number;
  private lowered: string | null = null;
  private unfolded: string | null = null;
  private decoded: string | null = null;
  private mailboxes: readonly Mailbox[] | null = null;

  constructor(octets: Buffer, start: number, nameEnd: number, end: number) {
    this.octets = octets;
    this.start = start;
    this.nameEnd = nameEnd;
    this.end = end;
  }

  get name(): string {
    return this.octets.toString("latin1", this.start, this.nameEnd);
  }

  get lowerName(): string {
    this.lowered ??= this.name.toLowerCase();
    return this.lowered;
  }

  /** Whether the name is `lowerName`, without making a string of a name that differs at once. */
  isNamed(lowerName: string): boolean {
    const { length } = lowerName;
    if (this.nameEnd - this.start !== length) return false;
    return this.lowered === null && !this.endsLike(lowerName) ? false : this.lowerName === lowerName;
  }

  raw(): string {
    this.unfolded ??= this.readValue();
    return this.unfolded;
  }

  text(): string {
    this.decoded ??= decodeWords(this.raw());
    return this.decoded;
  }

  addresses(): readonly Mailbox[] {
    this.mailboxes ??= parseAddresses(this.raw());
    return this.mailboxes;
  }

  /** Names share their beginnings ("X-", "List-") more often than their ends. */
  private endsLike(lowerName: string): boolean {
    const last = this.octets[this.nameEnd - 1] ?? 0;
    return (last | SPACE) === (lowerName.charCodeAt(lowerName.length - 1) | SPACE);
  }

  private readValue(): string {
    let start = this.nameEnd;
    while (this.octets[start] !== COLON) start++;
    const text = decodeUnlabelled(this.octets, start + 1, this.end).trim();
    // RFC 5322 §2.2.3: unfolding removes the line ends only; the blanks after them stay.
    return text.includes("\n") ? text.replaceAll(/\r*\n/g, "") : text;
  }
}
