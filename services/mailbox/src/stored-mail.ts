import { createHash } from "node:crypto";
import { readMessage } from "@tamis/message";

/**
 * Whether the server stored what it was sent, by SHA-256. Octet by octet; else, since servers do so, with these
 * differences allowed: line ends (bare LF becomes CRLF, RFC 9051 §4.3 leaves it to the server), a line end at the end of
 * the mail, and header fields that the server added. Every field that was sent must be there, in its order, and the body
 * as it was sent.
 */
export function isStored(sent: Uint8Array, stored: Uint8Array): boolean {
  if (digest([sent]) === digest([stored])) return true;
  const want = pieces(sent);
  const have = pieces(stored);
  const kept: Buffer[] = [];
  for (const field of have.fields) if (want.fields[kept.length]?.equals(field)) kept.push(field);
  return digest([...want.fields, want.body]) === digest([...kept, have.body]);
}

/** Header fields and body, with lines ended by LF. */
function pieces(raw: Uint8Array): { readonly fields: readonly Buffer[]; readonly body: Buffer } {
  const octets = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const message = readMessage(octets);
  const fields = message.headerFields().map(({ start, end }) => endedByLf(octets.subarray(start, end)));
  return { fields, body: endedByLf(octets.subarray(message.root.bodyStart)) };
}

function endedByLf(octets: Buffer): Buffer {
  const text = octets.toString("latin1").replaceAll("\r\n", "\n");
  return Buffer.from(text === "" || text.endsWith("\n") ? text : `${text}\n`, "latin1");
}

/** Each piece with its length: where one ends counts. */
function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest("hex");
}
