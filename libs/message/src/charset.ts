/** Octets to text by the charset that a mail names, or by what they look like. */

import { charsetName } from "./charset-names.ts";
import { CODE_PAGES, WINDOWS_1252_C1 } from "./code-pages.ts";
import { decodeHz, decodeIso2022Kr, decodeUtf32 } from "./escaped-charsets.ts";
import { MAX_CHARSETS_REMEMBERED } from "./limits.ts";
import { asBuffer, hasC1, hasEightBit } from "./octets.ts";
import { decodeUtf7 } from "./utf7.ts";

type Decode = (octets: Buffer) => string;

const REPLACEMENT = "\uFFFD";
let strictUtf8: InstanceType<typeof TextDecoder> | null = null;
const remembered = new Map<string, Decode>();

/**
 * Decodes by the named charset. Unknown names, "us-ascii" with 8-bit octets, and none at all mean:
 * UTF-8 where valid, else windows-1252. Never throws.
 */
export function decodeCharset(octets: Uint8Array, charset: string): string {
  return decoderOf(charset)(asBuffer(octets));
}

/** UTF-8 where valid, else windows-1252: what unlabelled octets most probably are. */
export function decodeUnlabelled(octets: Buffer, start = 0, end = octets.length): string {
  const text = octets.toString("utf8", start, end);
  if (!text.includes(REPLACEMENT)) return text;
  const part = octets.subarray(start, end);
  return isValidUtf8(part) ? text : windows1252(part);
}

function decoderOf(charset: string): Decode {
  const known = remembered.get(charset);
  if (known !== undefined) return known;
  const decode = makeDecoder(charsetName(charset));
  if (remembered.size < MAX_CHARSETS_REMEMBERED) remembered.set(charset, decode);
  return decode;
}

function makeDecoder(name: string): Decode {
  switch (name) {
    case "":
      return (octets) => withoutMark(decodeUnlabelled(octets));
    case "utf-8":
      return decodeUtf8;
    case "utf-7":
      return decodeUtf7;
    case "utf-16":
      return decodeUtf16;
    case "utf-32":
    case "utf-32le":
    case "utf-32be":
      return (octets) => decodeUtf32(octets, name === "utf-32be");
    case "iso-2022-kr":
      return decodeIso2022Kr;
    case "hz-gb-2312":
      return decodeHz;
    case "iso-8859-1":
    case "windows-1252":
      return windows1252;
    default:
      return makeTableOrStream(name);
  }
}

function makeTableOrStream(name: string): Decode {
  const page = CODE_PAGES.get(name);
  if (page !== undefined) return singleByte(`${ASCII}${page}`);
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(name);
  } catch {
    return (octets) => decodeUnlabelled(octets); // No such charset: RangeError.
  }
  if (/^(?:iso-8859-|windows-|koi8|macintosh|ibm866|x-mac)/.test(decoder.encoding)) {
    return singleByte(decoder.decode(Uint8Array.from({ length: 256 }, (_, octet) => octet)));
  }
  return (octets) => decoder.decode(octets);
}

/** The characters of the code points from `start` up to `end`. */
function octetCharacters(start: number, end: number): string {
  return String.fromCharCode(...Array.from({ length: end - start }, (_, index) => start + index));
}

const ASCII = octetCharacters(0, 128);

/** A decoder by table: faster than TextDecoder for these, and it drops nothing. */
function singleByte(characters: string): Decode {
  const table = Uint16Array.from(characters, (character) => character.charCodeAt(0));
  return (octets) => {
    if (!hasEightBit(octets)) return octets.toString("latin1");
    const units = new Uint16Array(octets.length);
    for (let at = 0; at < octets.length; at++) units[at] = table[octets[at] ?? 0] ?? 0xfffd;
    return Buffer.from(units.buffer).toString("utf16le");
  };
}

const windows1252ByTable = singleByte(`${ASCII}${WINDOWS_1252_C1}${octetCharacters(160, 256)}`);

/** ISO 8859-1 is read as windows-1252, as all mail programs and browsers do: C1 controls are no text. */
function windows1252(octets: Buffer): string {
  if (!hasC1(octets)) return octets.toString("latin1");
  return windows1252ByTable(octets);
}

/** QUIRK: 8-bit octets that contain not one UTF-8 sequence were mislabelled: "=?utf-8?Q?caf=E9?=". */
function decodeUtf8(octets: Buffer): string {
  const text = octets.toString("utf8");
  if (!text.includes(REPLACEMENT) || isValidUtf8(octets)) return withoutMark(text);
  // A sequence of n octets becomes one character, so equal counts mean that none was found.
  return /[\u0080-\uFFFC\uFFFE\uFFFF]/.test(text) ? withoutMark(text) : windows1252(octets);
}

function decodeUtf16(octets: Buffer): string {
  const mark = octets.length >= 2 ? octets.readUInt16BE(0) : 0;
  // RFC 2781 §4.3: without a byte order mark it is big-endian; zero second octets tell of the contrary.
  const little = mark === 0xfffe || (mark !== 0xfeff && octets[1] === 0);
  return new TextDecoder(little ? "utf-16le" : "utf-16be").decode(octets);
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function isValidUtf8(octets: Buffer): boolean {
  strictUtf8 ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    strictUtf8.decode(octets);
    return true;
  } catch {
    return false;
  }
}
