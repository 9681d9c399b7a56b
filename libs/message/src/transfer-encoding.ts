/** Content-Transfer-Encodings (RFC 2045 §6), decoded as far as the octets allow. */

import { CR, EQUALS, hexPair, LF, SPACE, TAB } from "./octets.ts";

/** The body without its transfer encoding; unknown encodings and identity ones give the same octets. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case "base64":
      return decodeBase64(body);
    case "quoted-printable":
      return decodeQuotedPrintable(body);
    case "x-uuencode":
    case "uuencode":
    case "x-uue":
    case "uue":
      return decodeUu(body);
    default:
      return body;
  }
}

/**
 * RFC 2045 §6.8. Octets outside the alphabet are skipped. Padding ends the data; QUIRK: further runs that are base64
 * throughout are joined to it (parts encoded piece by piece), anything else, such as the footer of a list, is not.
 */
export function decodeBase64(body: Buffer): Buffer {
  const text = body.toString("latin1");
  let padding = text.indexOf("=");
  if (padding === -1) return Buffer.from(text, "base64");
  const pieces = [Buffer.from(text.slice(0, padding), "base64")];
  while (padding !== -1) {
    let start = padding + 1;
    while (text.charCodeAt(start) === EQUALS) start++;
    padding = text.indexOf("=", start);
    const run = text.slice(start, padding === -1 ? text.length : padding);
    if (!isBase64(run)) break;
    if (run.length > 0) pieces.push(Buffer.from(run, "base64"));
  }
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

/** Whether there are only characters of the alphabet and blanks. */
function isBase64(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const lower = code | 0x20;
    const isBlank = code === SPACE || code === TAB || code === CR || code === LF;
    const isSign = code === 0x2b || (code >= 0x2f && code <= 0x39);
    if (!isBlank && !isSign && !(lower >= 0x61 && lower <= 0x7a)) return false;
  }
  return true;
}

/** RFC 2045 §6.7. A wrong escape stays as it is; blanks at the end of a line are transport noise. */
export function decodeQuotedPrintable(body: Buffer): Buffer {
  const { length } = body;
  const out = Buffer.allocUnsafe(length);
  let to = 0;
  let escapesEnd = 0; // Blanks before this place were escaped, and so are meant.
  for (let at = 0; at < length; at++) {
    const octet = body[at] as number;
    // Of the octets below "=" those that end a line are at most CR: so two comparisons do for nearly all.
    if (octet > EQUALS || (octet !== EQUALS && octet > CR)) {
      out[to++] = octet;
    } else if (octet === EQUALS) {
      const escaped = hexPair(body, at + 1);
      const next = escaped >= 0 ? at + 3 : softBreakEnd(body, at + 1);
      const meant = next === 0 ? EQUALS : escaped;
      if (meant >= 0) out[to++] = meant;
      at = Math.max(at, next - 1);
      escapesEnd = to;
    } else {
      if (endsLine(octet)) to = withoutBlanks(out, escapesEnd, to);
      out[to++] = octet;
    }
  }
  return out.subarray(0, withoutBlanks(out, escapesEnd, to));
}

const endsLine = (octet: number): boolean => octet === LF || octet === CR;

function withoutBlanks(out: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (out[end - 1] === SPACE || out[end - 1] === TAB)) end--;
  return end;
}

/** Where the text goes on after the "=" of a soft line break (beyond the end when nothing follows), 0 when it is none. */
function softBreakEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === SPACE || body[at] === TAB) at++;
  if (body[at] === CR && body[at + 1] === LF) return at + 2;
  if (body[at] === LF || body[at] === CR) return at + 1;
  return at >= body.length ? body.length + 1 : 0;
}

/** uuencode (POSIX), of which only the lines between "begin" and "end" count. */
export function decodeUu(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  let inside = false;
  for (const line of body.toString("latin1").split(/\r?\n/)) {
    if (!inside) inside = /^begin [0-7]{3,4} /.test(line);
    else if (line === "end") break;
    else length = decodeUuLine(line, out, length);
  }
  return inside ? out.subarray(0, length) : body;
}

function decodeUuLine(line: string, out: Buffer, from: number): number {
  let to = from;
  const end = Math.min(to + ((line.charCodeAt(0) - 32) & 63), to + (line.length - 1), out.length);
  for (let at = 1; at < line.length && to < end; at += 4) {
    const bits = [0, 1, 2, 3].reduce((held, step) => (held << 6) | (((line.charCodeAt(at + step) || 32) - 32) & 63), 0);
    for (const shift of [16, 8, 0]) {
      if (to < end) out[to++] = (bits >> shift) & 255;
    }
  }
  return to;
}
