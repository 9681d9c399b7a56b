/** The charsets that the demo's mails are written in: what schools really send. */
export type Charset = "us-ascii" | "utf-8" | "iso-8859-1" | "iso-8859-15" | "windows-1252";

/** Where windows-1252 is not ISO-8859-1: the characters of bytes 0x80 … 0x9F, a space where there is none. */
const WINDOWS_1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
const ISO_8859_15: ReadonlyMap<string, number> = new Map([
  ["€", 0xa4],
  ["Š", 0xa6],
  ["š", 0xa8],
  ["Ž", 0xb4],
  ["ž", 0xb8],
  ["Œ", 0xbc],
  ["œ", 0xbd],
  ["Ÿ", 0xbe],
]);

function byteOf(character: string, charset: Charset): number {
  if (charset === "windows-1252" && character !== " ") {
    const at = WINDOWS_1252.indexOf(character);
    if (at >= 0) return 0x80 + at;
  }
  if (charset === "iso-8859-15") {
    const byte = ISO_8859_15.get(character);
    if (byte !== undefined) return byte;
  }
  const code = character.codePointAt(0) ?? 0;
  if (code > (charset === "us-ascii" ? 0x7f : 0xff))
    throw new RangeError(`${charset} has no ${JSON.stringify(character)}`);
  return code;
}

/** Text as bytes. Throws `RangeError` on a character that the charset lacks: a fault in a template, not in a mail. */
export function encodeText(text: string, charset: Charset): Buffer {
  if (charset === "utf-8") return Buffer.from(text, "utf8");
  return Buffer.from(Array.from(text, (character) => byteOf(character, charset)));
}

const hex = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;

/** RFC 2047 §4.2: letters and digits stand for themselves, a space is `_`. */
function wordQ(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    if (byte === 0x20) return "_";
    return /[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : hex(byte);
  }).join("");
}

/**
 * RFC 2047 §2: `text` as encoded-words of at most 75 characters, joined by a fold. No character is cut in two.
 */
export function encodedWords(text: string, charset: Charset, encoding: "B" | "Q"): string {
  const words: string[] = [];
  const room = 75 - `=?${charset}?${encoding}??=`.length;
  const encode = (piece: string): string => {
    const bytes = encodeText(piece, charset);
    return encoding === "B" ? bytes.toString("base64") : wordQ(bytes);
  };
  let piece = "";
  for (const character of text) {
    if (encode(piece + character).length > room) {
      words.push(piece);
      piece = "";
    }
    piece += character;
  }
  words.push(piece);
  return words.map((word) => `=?${charset}?${encoding}?${encode(word)}?=`).join("\r\n ");
}

/** RFC 2045 §6.7: lines of at most 76 characters, soft breaks, no white space at the end of a line. */
export function quotedPrintable(bytes: Buffer): string {
  const lines = bytes.toString("latin1").split("\r\n").map(quotedLine);
  return lines.join("\r\n");
}

function quotedLine(line: string): string {
  const rows: string[] = [];
  let row = "";
  for (let i = 0; i < line.length; i++) {
    const byte = line.charCodeAt(i);
    const isLast = i === line.length - 1;
    const isPlain = (byte > 0x20 && byte < 0x7f && byte !== 0x3d) || ((byte === 0x20 || byte === 0x09) && !isLast);
    const piece = isPlain ? line.charAt(i) : hex(byte);
    if (row.length + piece.length > 75) {
      rows.push(`${row}=`);
      row = "";
    }
    row += piece;
  }
  rows.push(row);
  return rows.join("\r\n");
}

/** RFC 2045 §6.8: lines of 76 characters. */
export function base64Lines(bytes: Buffer): string {
  return (bytes.toString("base64").match(/.{1,76}/g) ?? []).join("\r\n");
}

/** RFC 2231 §4: `name*=charset'language'percent-encoded`. */
export function extendedParameter(name: string, value: string, charset: Charset): string {
  return `${name}*=${charset}'fr'${percent(encodeText(value, charset))}`;
}

/** RFC 2231 §3 and §4.1: the same, in numbered pieces for those who fold long names. */
export function continuedParameter(name: string, value: string, charset: Charset): string {
  const pieces = percent(encodeText(value, charset)).match(/(?:%[0-9A-F]{2}|.){1,24}/g) ?? [""];
  return pieces.map((piece, i) => `${name}*${i}*=${i === 0 ? `${charset}'fr'` : ""}${piece}`).join(";\r\n ");
}

function percent(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9._-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
