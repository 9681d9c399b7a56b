/** Encoded words in header text (RFC 2047, RFC 2231 §5), read as tolerantly as mail programs write them. */

import { decodeCharset } from "./charset.ts";
import { EQUALS, hexPair, SPACE } from "./octets.ts";

const UNDERSCORE = 0x5f;
/** Longest charset name, with its language tag, that is still believed to be one. */
const MAX_CHARSET_LENGTH = 60;

/** One encoded word: its place in the text and its octets. */
interface EncodedWord {
  readonly start: number;
  readonly end: number;
  readonly charset: string;
  readonly octets: Buffer;
}

/**
 * Replaces the encoded words of a header value by what they say (RFC 2047 §6). Blanks between two of them
 * vanish (§6.2). QUIRK: words of one charset that follow each other are joined before decoding, since
 * many programs split inside a character; words inside quotes, next to text, or with blanks in them are decoded too.
 */
export function decodeWords(text: string): string {
  if (!text.includes("=?")) return text;
  const words = findWords(text);
  if (words.length === 0) return text;
  const pieces: string[] = [];
  let position = 0;
  for (let index = 0; index < words.length; ) {
    const first = words[index];
    if (first === undefined) break;
    const between = text.slice(position, first.start);
    if (position === 0 || between.trim() !== "") pieces.push(between);
    const joined = [first.octets];
    let last = first;
    for (index++; index < words.length; index++) {
      const next = words[index];
      if (next === undefined || next.charset !== first.charset) break;
      if (text.slice(last.end, next.start).trim() !== "") break;
      joined.push(next.octets);
      last = next;
    }
    pieces.push(decodeCharset(joined.length === 1 ? first.octets : Buffer.concat(joined), first.charset));
    position = last.end;
  }
  pieces.push(text.slice(position));
  return pieces.join("");
}

function findWords(text: string): EncodedWord[] {
  const words: EncodedWord[] = [];
  let terminator = 0; // The first "?=" at or after the place last asked for: never searched twice.
  let start = text.indexOf("=?");
  while (start !== -1) {
    const payload = payloadStart(text, start);
    let end = 0;
    if (payload > 0) {
      if (terminator < payload) terminator = text.indexOf("?=", payload);
      if (terminator === -1) break;
      const next = text.indexOf("=?", payload);
      // A further "=?" before the end means that this one is cut off; one character before it, that it is base64 padding.
      if (next === -1 || next >= terminator - 1) end = terminator + 2;
    }
    if (end > 0) words.push(readWord(text, start, payload, end));
    start = text.indexOf("=?", end > 0 ? end : start + 2);
  }
  return words;
}

/** Index after "=?charset?B?", 0 when the text there is no encoded word. */
function payloadStart(text: string, start: number): number {
  const limit = start + 2 + MAX_CHARSET_LENGTH;
  let at = start + 2;
  for (; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3f) break;
    if (!(code > SPACE && code < 0x7f)) return 0;
  }
  if (at === start + 2 || at === limit || text[at + 2] !== "?") return 0;
  const encoding = text.charCodeAt(at + 1) | 0x20;
  return encoding === 0x62 || encoding === 0x71 ? at + 3 : 0;
}

function readWord(text: string, start: number, payload: number, end: number): EncodedWord {
  const label = text.slice(start + 2, payload - 3).toLowerCase();
  const language = label.indexOf("*");
  const charset = language === -1 ? label : label.slice(0, language);
  const encoded = text.slice(payload, end - 2);
  const isBase64 = (text.charCodeAt(payload - 2) | 0x20) === 0x62;
  if (isBase64) return { start, end, charset, octets: Buffer.from(encoded, "base64") };
  // QUIRK: "=?iso-8859-1?Q?R\xE9seau?=": 8-bit octets that should have been escaped. They were decoded with the header.
  const asLatin1 = !charset.startsWith("utf") && /^[\0-\xFF]*$/.test(encoded);
  return { start, end, charset, octets: decodeQ(Buffer.from(encoded, asLatin1 ? "latin1" : "utf8")) };
}

/** The Q encoding (RFC 2047 §4.2), decoded in place. */
function decodeQ(octets: Buffer): Buffer {
  let to = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet === EQUALS) {
      const escaped = hexPair(octets, at + 1);
      octets[to++] = escaped < 0 ? octet : escaped;
      if (escaped >= 0) at += 2;
    } else octets[to++] = octet === UNDERSCORE ? SPACE : octet;
  }
  return octets.subarray(0, to);
}
