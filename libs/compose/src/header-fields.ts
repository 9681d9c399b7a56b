import { encodedWords, foldedField } from "@tamis/message";
import { readAddress } from "./addresses.ts";
import type { Mailbox } from "./draft.ts";
import { escapeFor } from "./escape.ts";

/** One header field of a mail. */
export interface Field {
  readonly name: string;
  /** Name, value, folds and the line end. */
  readonly raw: string;
  /** As a signature sees it (RFC 6376 §3.4.2), with its line end. */
  readonly canonical: string;
}

/** A field of a value that is fit for a header. */
export function field(name: string, value: string): Field {
  return fieldOf(foldedField(name, value));
}

/** A field that is written already, folded or not, with its line end. */
export function fieldOf(raw: string): Field {
  return { name: raw.slice(0, raw.indexOf(":")), raw, canonical: relaxed(raw) };
}

/** RFC 6376 §3.4.2: one line, the name in lower case, each run of blanks one space, none around the colon and at the end. */
export function relaxed(raw: string): string {
  const colon = raw.indexOf(":");
  const value = raw
    .slice(colon + 1)
    .replaceAll("\r\n", "")
    .replace(/[ \t]+/g, " ")
    .replace(/^ | $/g, "");
  return `${raw.slice(0, colon).trimEnd().toLowerCase()}:${value}\r\n`;
}

/** A word of ASCII that is longer is encoded, so that the line can be folded (RFC 5322 §2.1.1). */
const LONGEST_WORD = 70;

/** Unstructured text as it is written in a field of that name: itself where a reader would read the same, else encoded words. */
export function headerText(name: string, text: string): string {
  const line = escapeFor("header", text.toWellFormed());
  if (isPlain(line)) return line;
  return encodedWords(line, name.length + 2);
}

function isPlain(line: string): boolean {
  return (
    /^(?:[!-~]+(?: [!-~]+)*)?$/.test(line) &&
    !line.includes("=?") &&
    (line.length <= LONGEST_WORD || !line.split(" ").some((word) => word.length > LONGEST_WORD))
  );
}

/** A name before an address (RFC 5322 §3.2.5): atoms, a quoted string, or encoded words. */
export function phrase(field: string, name: string): string {
  const line = escapeFor("header", name.toWellFormed()).trim();
  if (!isPlain(line)) return encodedWords(line, field.length + 2);
  if (/^[\w!#$%&'*+\-/=?^`{|}~ ]*$/.test(line)) return line;
  // Blanks inside quotes are where the line would be folded.
  return line.length > LONGEST_WORD ? encodedWords(line, field.length + 2) : `"${line.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * `Name <address>` in a field of that name.
 * @throws RangeError where the address is none: it was to be refused when the recipient was taken
 */
export function mailboxText(field: string, { address, name = "" }: Mailbox): string {
  const written = readAddress(address);
  if (written === null) throw new RangeError("not an address");
  const spoken = phrase(field, name);
  return spoken === "" ? written.address : `${spoken} <${written.address}>`;
}

/** Octets of one section of a parameter (RFC 2231 §3). */
const SECTION = 18;

/** `; name=value` of a MIME field, on lines of its own: a quoted string, or RFC 2231 where the value is not short ASCII. */
export function parameter(name: string, value: string): string {
  if (/^[ -~]{0,60}$/.test(value) && !value.includes("=?")) {
    return `;\r\n ${name}="${value.replace(/["\\]/g, "\\$&")}"`;
  }
  const octets = Buffer.from(value, "utf8");
  const sections: string[] = [];
  for (let at = 0; at < octets.length; at += SECTION) {
    const encoded = [...octets.subarray(at, at + SECTION)].map(parameterCharacter).join("");
    sections.push(encoded);
  }
  if (sections.length === 1) return `;\r\n ${name}*=utf-8''${sections[0] ?? ""}`;
  return sections.map((text, index) => `;\r\n ${name}*${index}*=${index === 0 ? "utf-8''" : ""}${text}`).join("");
}

function parameterCharacter(octet: number): string {
  const character = String.fromCharCode(octet);
  return /[A-Za-z0-9._-]/.test(character) ? character : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
}
