/** Octets of a base64 encoded word that stays within 75 characters (RFC 2047 §2). */
const octetsPerWord = 45;

/** Characters of a line before it is folded (RFC 5322 §2.1.1). */
const lineLength = 76;

/**
 * A header field with its line end: one line, folded at its blanks; words beyond ASCII become encoded words
 * (RFC 2047). Line ends in the value become blanks, so that no value can add a field.
 */
export function headerField(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const line = value.replace(/[\u0000-\u0008\u000a-\u001f\u007f]+[ \t]*/g, " ").trim();
  return foldedField(name, encodedText(line));
}

/** Text for a header field: runs of words that hold other characters than ASCII are encoded, the blanks between them too. */
function encodedText(text: string): string {
  const pieces = text.split(/(\s+)/);
  const wide = pieces.map((piece, index) => index % 2 === 0 && /\P{ASCII}/u.test(piece));
  let out = "";
  for (let at = 0; at < pieces.length; at++) {
    let run = pieces[at] ?? "";
    if (wide[at] !== true) {
      out += run;
      continue;
    }
    for (; wide[at + 2] === true; at += 2) run += `${pieces[at + 1] ?? ""}${pieces[at + 2] ?? ""}`;
    out += encodedWords(run);
  }
  return out;
}

/**
 * The text as encoded words of 75 characters at most (RFC 2047 §2), parted by blanks that no reader shows.
 * @param column where the first one begins in its line, so that it stays within the 76 characters of such a line
 */
export function encodedWords(text: string, column = 0): string {
  const words: string[] = [];
  let chunk = "";
  let length = 0;
  let room = column === 0 ? octetsPerWord : Math.max(3, Math.floor((lineLength - 12 - column) / 4) * 3);
  for (const character of text.toWellFormed()) {
    const octets = Buffer.byteLength(character, "utf8");
    if (length + octets > room) {
      words.push(encodedWord(chunk));
      chunk = "";
      length = 0;
      room = octetsPerWord;
    }
    chunk += character;
    length += octets;
  }
  words.push(encodedWord(chunk));
  return words.join(" ");
}

function encodedWord(text: string): string {
  return `=?utf-8?B?${Buffer.from(text, "utf8").toString("base64")}?=`;
}

/** A field with its line end, of a value that is fit for a header, its lines broken before blanks (RFC 5322 §2.2.3). */
export function foldedField(name: string, value: string): string {
  return `${folded(`${name}: ${value}`)}\r\n`;
}

function folded(field: string): string {
  let out = "";
  let line = "";
  for (const piece of field.split(/(?=[ \t]+)(?<![ \t])/)) {
    if (line !== "" && line.length + piece.length > lineLength && line.includes(" ")) {
      out += `${line}\r\n`;
      line = "";
    }
    line += piece;
  }
  return out + line;
}

const sevenBit = { charset: "us-ascii", encoding: "7bit" };
const wide = { charset: "utf-8", encoding: "base64" };

/** A text/plain entity: its header, an empty line, its body in 7bit, or in base64 where the text needs it. */
export function plainEntity(text: string): string {
  const crlf = withCrlf(text);
  const isPlain = /^[\t\r\n\u0020-\u007e]*$/.test(crlf) && !/[^\n]{999}/.test(crlf);
  const { charset, encoding } = isPlain ? sevenBit : wide;
  const body = isPlain ? crlf : base64Lines(Buffer.from(crlf.toWellFormed(), "utf8"));
  return `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}

/** RFC 2045 §6.8: lines of 76 characters. */
export function base64Lines(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("base64");
  return text.replace(/.{76}(?=.)/g, "$&\r\n");
}

/** Every line end as CRLF. */
export function withCrlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

/** A boundary that stands nowhere in the octets (RFC 2046 §5.1.1); the same for the same octets. */
export function boundaryFor(octets: Buffer): string {
  for (let number = octets.length; ; number++) {
    const boundary = `=_tamis_${number.toString(36)}`;
    if (!octets.includes(`--${boundary}`)) return boundary;
  }
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** RFC 5322 §3.3, in UTC. */
export function dateText(time: number): string {
  const at = new Date(time);
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${days[at.getUTCDay()] ?? ""}, ${at.getUTCDate()} ${months[at.getUTCMonth()] ?? ""} ${at.getUTCFullYear()} ${clock} +0000`;
}
