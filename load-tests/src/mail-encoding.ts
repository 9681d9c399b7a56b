/** How generated mail is encoded: what the libraries under test must undo. */

export type Charset = "utf-8" | "iso-8859-1" | "windows-1252" | "us-ascii";
export type TransferEncoding = "7bit" | "8bit" | "quoted-printable" | "base64";

/** Octets of the text; the texts use no character that ISO 8859-1 lacks except the euro sign, which becomes "EUR" there. */
export function encodeCharset(text: string, charset: Charset): Buffer {
  if (charset === "utf-8") return Buffer.from(text);
  if (charset === "windows-1252") return Buffer.from(text.replaceAll("€", "\u0080"), "latin1");
  return Buffer.from(text.replaceAll("€", "EUR"), "latin1");
}

/** Base64 in lines of 76 characters. */
export function encodeBase64(octets: Buffer): string {
  const text = octets.toString("base64");
  const lines = Array.from({ length: Math.ceil(text.length / 76) }, (_, line) => text.slice(line * 76, line * 76 + 76));
  return lines.join("\r\n");
}

/** RFC 2045 §6.7, lines of at most 76 characters, CRLF kept as line ends. */
export function encodeQuotedPrintable(octets: Buffer): string {
  return octets
    .toString("latin1")
    .split("\r\n")
    .map((line) => softBreak(line.replace(/[^ -<>-~\t]|[ \t]$/g, escaped)))
    .join("\r\n");
}

const ESCAPES = Array.from({ length: 256 }, (_, octet) => `=${octet.toString(16).toUpperCase().padStart(2, "0")}`);
const escaped = (character: string): string => ESCAPES[character.charCodeAt(0)] ?? character;

function softBreak(line: string): string {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > 76) {
    const split = rest.lastIndexOf("=", 75) > 72 ? rest.lastIndexOf("=", 75) : 75;
    pieces.push(rest.slice(0, split));
    rest = rest.slice(split);
  }
  return [...pieces, rest].join("=\r\n");
}

/** The body text under its transfer encoding, as octets for the wire. */
export function encodeBody(octets: Buffer, encoding: TransferEncoding): Buffer {
  if (encoding === "base64") return Buffer.from(encodeBase64(octets));
  return encoding === "quoted-printable" ? Buffer.from(encodeQuotedPrintable(octets)) : octets;
}

/** A header value with encoded words where it needs them (RFC 2047), as B or Q, split into words of 45 octets and folded. */
export function encodeHeader(text: string, charset: Charset, form: "B" | "Q"): string {
  if (!/[^ -~]/.test(text)) return text;
  const words: string[] = [];
  let chunk = "";
  for (const character of text) {
    if (encodeCharset(chunk + character, charset).length > 30) {
      words.push(chunk);
      chunk = "";
    }
    chunk += character;
  }
  return [...words, chunk].map((word) => encodedWord(encodeCharset(word, charset), charset, form)).join("\r\n ");
}

function encodedWord(octets: Buffer, charset: Charset, form: "B" | "Q"): string {
  if (form === "B") return `=?${charset}?B?${octets.toString("base64")}?=`;
  const quoted = octets
    .toString("latin1")
    .replace(/[^A-Za-z0-9 ]/g, escaped)
    .replaceAll(" ", "_");
  return `=?${charset}?Q?${quoted}?=`;
}
