import {
  base64Lines,
  type Charset,
  continuedParameter,
  encodedWords,
  encodeText,
  extendedParameter,
  quotedPrintable,
} from "./charset.ts";

/** How a text or a file travels (RFC 2045 §6). */
export type Encoding = "7bit" | "8bit" | "quoted-printable" | "base64";

/** How a file's name is written: RFC 2231 at once or in pieces, or the RFC 2047 word that the standard forbids there and everybody sends. */
export type NameStyle = "plain" | "rfc2231" | "rfc2231-pieces" | "rfc2047";

/** A header field: a string of ASCII (folded or not), or bytes that go out as they are. */
export type Field = readonly [name: string, value: string | Uint8Array];

/** A MIME part, its own header included. */
export type Part = { readonly header: readonly Field[]; readonly body: Uint8Array };

const ascii = (text: string): Buffer => Buffer.from(text, "latin1");

/** Lines with CRLF, as RFC 5322 wants them. */
const crlf = (text: string): string => text.replace(/\r?\n/g, "\r\n");

function travel(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === "base64") return ascii(base64Lines(bytes));
  if (encoding === "quoted-printable") return ascii(quotedPrintable(bytes));
  return bytes;
}

type TextOptions = {
  readonly charset?: Charset;
  readonly encoding?: Encoding;
  readonly type?: string;
  readonly parameters?: string;
};

/** A text part. Default: UTF-8, quoted-printable, text/plain. */
export function text(content: string, options: TextOptions = {}): Part {
  const { charset = "utf-8", encoding = "quoted-printable", type = "text/plain", parameters = "" } = options;
  return {
    header: [
      ["Content-Type", `${type}; charset=${charset}${parameters}`],
      ["Content-Transfer-Encoding", encoding],
    ],
    body: travel(encodeText(crlf(content), charset), encoding),
  };
}

export const html = (content: string, options: TextOptions = {}): Part =>
  text(content, { ...options, type: "text/html" });

type FileOptions = {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array | string;
  readonly style?: NameStyle;
  readonly inline?: boolean;
};

function nameParameter(name: string, style: NameStyle): string {
  switch (style) {
    case "plain":
      return `filename="${name}"`;
    case "rfc2231":
      return extendedParameter("filename", name, "utf-8");
    case "rfc2231-pieces":
      return continuedParameter("filename", name, "iso-8859-1");
    case "rfc2047":
      return `filename="${encodedWords(name, "iso-8859-1", "Q")}"`;
    default:
      return style satisfies never;
  }
}

/** An attached file, in base64. */
export function file(options: FileOptions): Part {
  const { name, type, content, style = "plain", inline = false } = options;
  return {
    header: [
      ["Content-Type", type],
      ["Content-Transfer-Encoding", "base64"],
      ["Content-Disposition", `${inline ? "inline" : "attachment"};\r\n ${nameParameter(name, style)}`],
    ],
    body: travel(Buffer.from(content), "base64"),
  };
}

/** RFC 2046 §5.1. The boundary is made from the depth and the number of parts, so that the same mail is always the same bytes. */
export function multipart(subtype: string, parts: readonly Part[], parameters = ""): Part {
  const boundary = `=_tamis_${subtype.replace(/\W/g, "")}_${parts.reduce((sum, part) => sum + part.body.length, 0).toString(36)}`;
  const pieces: Uint8Array[] = [];
  for (const part of parts) pieces.push(ascii(`--${boundary}\r\n`), bytesOf(part), ascii("\r\n"));
  pieces.push(ascii(`--${boundary}--\r\n`));
  return {
    header: [["Content-Type", `multipart/${subtype}; boundary="${boundary}"${parameters}`]],
    body: Buffer.concat(pieces),
  };
}

/** RFC 2046 §5.1.5: a part of a digest is a mail when it says nothing else. */
export const enclosed = (mail: Uint8Array): Part => ({ header: [], body: Buffer.concat([ascii("\r\n"), mail]) });

function bytesOf(part: Part): Buffer {
  const fields = part.header.flatMap(([name, value]) => [ascii(`${name}: `), Buffer.from(value), ascii("\r\n")]);
  return Buffer.concat([...fields, ascii("\r\n"), part.body]);
}

/** A whole mail: the given fields, MIME-Version, then the part. */
export function compose(header: readonly Field[], part: Part): Buffer {
  return bytesOf({ header: [...header, ["MIME-Version", "1.0"], ...part.header], body: part.body });
}

/** `Name <address>`, the name as an encoded-word where it is not ASCII. */
export function mailbox(name: string, address: string, charset: Charset = "utf-8"): string {
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  return `${isAscii ? `"${name}"` : encodedWords(name, charset, "Q")} <${address}>`;
}

/** A subject in encoded-words; plain where it is ASCII. */
export function subject(value: string, charset: Charset = "utf-8", encoding: "B" | "Q" = "Q"): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : encodedWords(value, charset, encoding);
}

/** Bytes in a header without any declaration: forbidden by RFC 5322, allowed by RFC 6532 for UTF-8, sent by old software. */
export const rawBytes = (value: string, charset: Charset): Uint8Array => encodeText(value, charset);

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

/** RFC 5322 §3.3, in the zone +0100: the school's winter time. */
export function mailDate(date: Date): string {
  const local = new Date(date.getTime() + 3_600_000);
  const [day, month] = [DAYS[local.getUTCDay()] ?? "", MONTHS[local.getUTCMonth()] ?? ""];
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  return `${day}, ${two(local.getUTCDate())} ${month} ${local.getUTCFullYear()} ${clock} +0100`;
}
