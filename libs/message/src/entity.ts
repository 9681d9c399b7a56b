/** The MIME tree of a mail (RFC 2045 to 2047, RFC 2183, RFC 6532). */

import { decodeCharset } from "./charset.ts";
import { type HeaderBlock, readHeaderBlock } from "./header-block.ts";
import { MAX_DEPTH, MAX_ENTITIES } from "./limits.ts";
import type { Entity, HeaderField, Parameterized } from "./model.ts";
import { findParts, guessBoundary, type PartRange } from "./multipart.ts";
import { parseContentType, parseParameterized, withoutComments } from "./parameters.ts";
import { decodeTransfer } from "./transfer-encoding.ts";

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();
const PLAIN_TEXT: Parameterized = { value: "text/plain", parameters: NO_PARAMETERS };
const ENCLOSED_MAIL: Parameterized = { value: "message/rfc822", parameters: NO_PARAMETERS };
const IDENTITY = new Set(["", "7bit", "8bit", "binary"]);

/** Media types whose body is one mail (RFC 2046 §5.2.1, RFC 6532 §3.7). */
const isEnclosedMail = (type: string): boolean =>
  type === "message/rfc822" || type === "message/global" || type === "message/news";

/** What the reading of one tree counts. */
interface Budget {
  entities: number;
}

/** Reads the tree of the mail in `octets`, whose header block is already known. */
export function readTree(octets: Buffer, header: HeaderBlock): Entity {
  const place = { start: 0, end: octets.length, depth: 0 };
  return new MimeEntity(octets, place, { header, fallback: PLAIN_TEXT, budget: { entities: 1 } });
}

interface Place extends PartRange {
  readonly depth: number;
}

interface Surroundings {
  readonly header: HeaderBlock;
  /** The Content-Type where the entity has none (RFC 2046 §5.1.5). */
  readonly fallback: Parameterized;
  readonly budget: Budget;
}

class MimeEntity implements Entity {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly transferEncoding: string;
  readonly headerStart: number;
  readonly bodyStart: number;
  readonly end: number;
  readonly depth: number;
  readonly children: readonly Entity[];
  private readonly octets: Buffer;
  private readonly header: HeaderBlock;
  private decodedBody: Buffer | null = null;
  private decodedText: string | null = null;
  private parsedDisposition: Parameterized | null | undefined;

  constructor(octets: Buffer, place: Place, { header, fallback, budget }: Surroundings) {
    this.octets = octets;
    this.header = header;
    this.headerStart = place.start;
    this.bodyStart = Math.min(header.bodyStart, place.end);
    this.end = place.end;
    this.depth = place.depth;
    const written = header.first("content-type");
    const contentType = written === null ? fallback : parseContentType(written.raw());
    this.type = contentType.value;
    this.parameters = contentType.parameters;
    this.transferEncoding = readTransferEncoding(header);
    this.children = place.depth < MAX_DEPTH ? this.readChildren(budget) : [];
  }

  get disposition(): string | null {
    return this.contentDisposition()?.value || null;
  }

  get filename(): string | null {
    return this.contentDisposition()?.parameters.get("filename") ?? this.parameters.get("name") ?? null;
  }

  headers(name: string): readonly HeaderField[] {
    return this.header.named(name);
  }

  bytes(): Uint8Array {
    return this.body();
  }

  text(): string {
    if (!this.type.startsWith("text/")) return "";
    this.decodedText ??= decodeCharset(this.body(), this.parameters.get("charset") ?? "");
    return this.decodedText;
  }

  private body(): Buffer {
    this.decodedBody ??= decodeTransfer(this.octets.subarray(this.bodyStart, this.end), this.transferEncoding);
    return this.decodedBody;
  }

  private contentDisposition(): Parameterized | null {
    if (this.parsedDisposition === undefined) {
      const field = this.header.first("content-disposition");
      this.parsedDisposition = field === null ? null : parseParameterized(field.raw());
    }
    return this.parsedDisposition;
  }

  private readChildren(budget: Budget): readonly Entity[] {
    if (this.type.startsWith("multipart/")) return this.readParts(budget);
    if (!isEnclosedMail(this.type) || budget.entities >= MAX_ENTITIES) return [];
    budget.entities++;
    // RFC 6532 §3.7 allows message/global to be transfer-encoded, and mail does it to message/rfc822 too.
    const encoded = !IDENTITY.has(this.transferEncoding);
    const octets = encoded ? this.body() : this.octets;
    const place = encoded ? { start: 0, end: octets.length } : { start: this.bodyStart, end: this.end };
    return [this.readChild(octets, place, { fallback: PLAIN_TEXT, budget })];
  }

  private readParts(budget: Budget): readonly Entity[] {
    const body = { start: this.bodyStart, end: this.end };
    const most = MAX_ENTITIES - budget.entities;
    const boundary = this.parameters.get("boundary")?.trimEnd() || guessBoundary(this.octets, body);
    if (most <= 0) return [];
    const parts = boundary === null ? [] : findParts(this.octets, body, boundary, most);
    budget.entities += parts.length;
    const fallback = this.type === "multipart/digest" ? ENCLOSED_MAIL : PLAIN_TEXT;
    return parts.map((part) => this.readChild(this.octets, part, { fallback, budget }));
  }

  private readChild(octets: Buffer, part: PartRange, around: Omit<Surroundings, "header">): Entity {
    const header = readHeaderBlock(octets, part.start, part.end);
    return new MimeEntity(octets, { ...part, depth: this.depth + 1 }, { header, ...around });
  }
}

/** RFC 2045 §6.1. */
function readTransferEncoding(header: HeaderBlock): string {
  const field = header.first("content-transfer-encoding");
  if (field === null) return "7bit";
  const written = withoutComments(field.raw()).trim().toLowerCase();
  return /^[^\s;]*/.exec(written)?.[0].replaceAll('"', "") || "7bit";
}
