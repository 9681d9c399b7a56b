import { createHash } from "node:crypto";
import { base64Lines } from "@tamis/message";
import type { Attachment } from "./draft.ts";
import type { SlotPlace } from "./escape.ts";
import { parameter } from "./header-fields.ts";
import { quotedPrintable, SOFT_BREAK } from "./quoted-printable.ts";
import type { Slot } from "./template.ts";

/** Octets that are the same in every mail. */
export interface Constant {
  readonly raw: Buffer;
  /** As a signature sees them (RFC 6376 §3.4.4): runs of blanks are one space. */
  readonly canonical: Buffer;
}

/** A hole in a body. */
export interface BodySlot {
  readonly slot: Slot;
  readonly place: SlotPlace;
}

/** A body in pieces, in their order. */
export type Chunk = Constant | BodySlot;

/** A text with fields, of which each is written as its place asks. */
export type PlacedText = readonly (string | BodySlot)[];

/** A body part: the lines of its header, without the empty one, and its body. */
export interface Entity {
  readonly header: string;
  readonly body: readonly Chunk[];
}

/** ASCII octets, encoded once for all mails. */
export function constant(octets: Buffer | string): Constant {
  const raw = typeof octets === "string" ? Buffer.from(octets, "latin1") : octets;
  if (!/[ \t]{2}|\t/.test(raw.toString("latin1"))) return { raw, canonical: raw };
  return { raw, canonical: relaxedBody(raw) };
}

/** Runs of blanks as one space. No encoding of ours leaves any at the end of a line. */
export function relaxedBody(octets: Buffer): Buffer {
  return Buffer.from(octets.toString("latin1").replace(/[ \t]+/g, " "), "latin1");
}

/**
 * A text part in UTF-8, quoted-printable. What is the same for all is encoded here; each piece begins at the start of a line, so that a
 * value is encoded without a look at what is around it.
 */
export function textEntity(subtype: "plain" | "html", text: PlacedText): Entity {
  const chunks = text.map((piece, index): Chunk => {
    if (typeof piece !== "string") return piece;
    const encoded = quotedPrintable(piece);
    const goesOn = index < text.length - 1 && !piece.endsWith("\r\n");
    return constant(goesOn ? Buffer.concat([encoded, SOFT_BREAK]) : encoded);
  });
  return {
    header: `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n`,
    body: chunks,
  };
}

/** Every line end as CRLF, and one at the end. */
export function wholeLines(text: PlacedText): PlacedText {
  const pieces = text.map((piece) => (typeof piece === "string" ? piece.replace(/\r\n|\r|\n/g, "\r\n") : piece));
  const last = pieces.at(-1);
  return typeof last === "string"
    ? [...pieces.slice(0, -1), `${last.replace(/(?:\r\n)+$/, "")}\r\n`]
    : [...pieces, "\r\n"];
}

/** A file in base64 (RFC 2183 §2.3). RFC 2046 §5.2.1: an enclosed mail may not be in base64, so it goes as a mere file. */
export function fileEntity({ filename, type, octets }: Attachment): Entity {
  const isPlainType = !/^(?:message|multipart)\//i.test(type);
  const disposition = `Content-Disposition: attachment${parameter("filename", filename)}\r\n`;
  return {
    header: `Content-Type: ${isPlainType ? type : "application/octet-stream"}\r\nContent-Transfer-Encoding: base64\r\n${disposition}`,
    body: [constant(`${base64Lines(octets)}\r\n`)],
  };
}

/** RFC 2046 §5.1. "=_" stands in no quoted-printable and no base64; the digest keeps mails apart that enclose each other. */
export function multipart(subtype: "alternative" | "mixed", parts: readonly Entity[]): Entity {
  const digest = createHash("sha256");
  for (const { header, body } of parts) {
    digest.update(header);
    for (const chunk of body) if ("raw" in chunk) digest.update(chunk.raw);
  }
  const boundary = `=_${digest.digest("hex").slice(0, 24)}`;
  const body = parts.flatMap(({ header, body }) => [
    constant(`--${boundary}\r\n${header}\r\n`),
    ...body,
    constant("\r\n"),
  ]);
  return {
    header: `Content-Type: multipart/${subtype};\r\n boundary="${boundary}"\r\n`,
    body: [...body, constant(`--${boundary}--\r\n`)],
  };
}

/** Constants that follow each other as one. */
export function joined(chunks: readonly Chunk[]): readonly Chunk[] {
  const out: Chunk[] = [];
  let run: Constant[] = [];
  const flush = (): void => {
    if (run.length > 0) {
      const raw = Buffer.concat(run.map((one) => one.raw));
      // Attachments are not kept twice.
      const isCanonical = run.every((one) => one.canonical === one.raw);
      out.push({ raw, canonical: isCanonical ? raw : Buffer.concat(run.map(({ canonical }) => canonical)) });
    }
    run = [];
  };
  for (const chunk of chunks) {
    if ("raw" in chunk) run.push(chunk);
    else {
      flush();
      out.push(chunk);
    }
  }
  flush();
  return out;
}
