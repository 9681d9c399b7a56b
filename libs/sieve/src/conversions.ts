import { base64Lines, type Entity, htmlToText, plainEntity, withCrlf } from "@tamis/message";

/** Conversions between media types that this library does itself: text by text. */
const conversions: ReadonlyMap<string, (text: string) => string> = new Map([
  ["text/html text/plain", htmlToText],
  ["text/html text/html", (text: string) => text],
  ["text/plain text/plain", (text: string) => text],
  ["text/plain text/html", (text: string) => `<pre>${escaped(text)}</pre>\r\n`],
]);

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Whether a conversion is known, whatever the part. */
export function isConvertible(from: string, to: string, charset: string): boolean {
  return conversions.has(`${from} ${to}`) && writers.has(charset.toLowerCase());
}

/** How a text is written in a charset; characters that it lacks become question marks. */
const writers: ReadonlyMap<string, (text: string) => Buffer> = new Map([
  ["utf-8", (text: string) => Buffer.from(text.toWellFormed(), "utf8")],
  ["us-ascii", (text: string) => Buffer.from(text.replace(/\P{ASCII}/gu, "?"), "latin1")],
  ["iso-8859-1", (text: string) => Buffer.from(text.replace(/[\u{100}-\u{10ffff}]/gu, "?"), "latin1")],
]);

/** The part in another type or charset, as an entity with its header; null where that cannot be done. */
export function convertedEntity(part: Entity, to: string, charset: string): string | null {
  const convert = conversions.get(`${part.type} ${to}`);
  const write = writers.get(charset.toLowerCase());
  if (convert === undefined || write === undefined) return null;
  const text = convert(part.text());
  if (to === "text/plain" && charset.toLowerCase() === "utf-8") return plainEntity(text);
  const header = `Content-Type: ${to}; charset=${charset.toLowerCase()}\r\nContent-Transfer-Encoding: base64\r\n`;
  return `${header}\r\n${base64Lines(write(withCrlf(text)))}`;
}
