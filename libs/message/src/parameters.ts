/** Header values with parameters: Content-Type, Content-Disposition and their like (RFC 2045 §5.1, RFC 2231). */

import { decodeCharset } from "./charset.ts";
import { decodeWords } from "./encoded-words.ts";
import { MAX_COMMENT_DEPTH } from "./limits.ts";
import type { Parameterized } from "./model.ts";
import { hexPair } from "./octets.ts";

/** One parameter as written: RFC 2231 makes the value of a name from several of them. */
interface Written {
  readonly name: string;
  /** Order among continuations, -1 when it is none. */
  readonly section: number;
  /** Percent-encoded, the first section with charset and language (RFC 2231 §4). */
  readonly extended: boolean;
  readonly value: string;
}

/**
 * Reads `value; name=value; …`. Names are lower case; the first of two equal names counts; an RFC 2231 form wins over
 * a plain one (RFC 6266 §4.3). QUIRK: encoded words in values are decoded, a missing semicolon or closing quote is forgiven.
 */
export function parseParameterized(text: string): Parameterized {
  const semicolon = text.indexOf(";");
  const head = semicolon === -1 ? text : text.slice(0, semicolon);
  const value = withoutComments(head).trim();
  // QUIRK: "text/plain charset=utf-8": the blank stands for a semicolon.
  const blank = /\s/.exec(value);
  const rest = blank === null ? "" : value.slice(blank.index);
  const written: Written[] = rest.includes("=") ? readParameters(`;${rest}`) : [];
  if (semicolon !== -1) written.push(...readParameters(text.slice(semicolon)));
  return {
    value: (blank === null ? value : value.slice(0, blank.index)).toLowerCase(),
    parameters: joinParameters(written),
  };
}

/** {@link parseParameterized} of a Content-Type; a value that is no media type is "text/plain" (RFC 2045 §5.2). */
export function parseContentType(text: string): Parameterized {
  const parsed = parseParameterized(text);
  if (/^[^\s/]+\/[^\s/]+$/.test(parsed.value)) return parsed;
  return { value: "text/plain", parameters: parsed.parameters };
}

function readParameters(text: string): Written[] {
  const found: Written[] = [];
  let at = 0;
  while (at < text.length) {
    at++; // The semicolon.
    const stop = indexOrEnd(text, ";", at);
    const inside = text.slice(at, stop).indexOf("=");
    if (inside === -1) {
      at = stop;
      continue;
    }
    const equals = at + inside;
    const name = withoutComments(text.slice(at, equals)).trim().toLowerCase();
    const { value, end } = readValue(text, equals + 1, name);
    at = indexOrEnd(text, ";", end);
    if (name !== "") found.push(asWritten(name, value));
  }
  return found;
}

const indexOrEnd = (text: string, wanted: string, from: number): number => {
  const at = text.indexOf(wanted, from);
  return at === -1 ? text.length : at;
};

function readValue(text: string, from: number, name: string): { readonly value: string; readonly end: number } {
  let start = from;
  while (isBlank(text.charCodeAt(start))) start++;
  if (text[start] === '"') return readQuoted(text, start + 1);
  const end = indexOrEnd(text, ";", start);
  const value = withoutComments(text.slice(start, end)).trim();
  // QUIRK: file names stand unquoted with blanks in them; other values end at the blank.
  return { value: /^(?:file)?name\b/.test(name) ? value : (/^\S*/.exec(value)?.[0] ?? ""), end };
}

/** The quoted-string whose content starts at `from`; without a closing quote it ends with the text. */
function readQuoted(text: string, from: number): { readonly value: string; readonly end: number } {
  const pieces: string[] = [];
  let plain = from;
  let at = from;
  while (at < text.length && text[at] !== '"') {
    const next = text[at + 1];
    // QUIRK: a backslash before another character belongs to a Windows path.
    if (text[at] === "\\" && (next === '"' || next === "\\")) {
      pieces.push(text.slice(plain, at));
      plain = at + 1;
      at++;
    }
    at++;
  }
  pieces.push(text.slice(plain, at));
  return { value: pieces.join(""), end: Math.min(at + 1, text.length) };
}

const isBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

function asWritten(name: string, value: string): Written {
  const parts = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(name);
  if (parts === null) return { name, section: -1, extended: false, value };
  return {
    name: parts[1]?.trim() ?? name,
    section: parts[2] === undefined ? -1 : Number(parts[2]),
    extended: parts[3] !== undefined,
    value,
  };
}

function joinParameters(written: readonly Written[]): ReadonlyMap<string, string> {
  const grouped = Map.groupBy(written, ({ name }) => name);
  const joined = new Map<string, string>();
  for (const [name, same] of grouped) {
    const sections = same.filter(({ extended, section }) => extended || section >= 0);
    joined.set(name, sections.length === 0 ? plainValue(same[0]?.value ?? "") : joinSections(sections));
  }
  return joined;
}

const plainValue = (value: string): string => (value.includes("=?") ? decodeWords(value) : value);

/** RFC 2231 §3 and §4: sections in their order, the charset from the first. */
function joinSections(sections: readonly Written[]): string {
  const whole = sections.find((section) => section.section < 0);
  const ordered = whole === undefined ? sections.toSorted((a, b) => a.section - b.section) : [whole];
  const head = ordered[0];
  if (head === undefined) return "";
  if (!ordered.some((section) => section.extended)) return plainValue(ordered.map(({ value }) => value).join(""));
  const tagged = head.extended ? /^([^']*)'[^']*'/.exec(head.value) : null;
  const octets = ordered.map(({ value, extended }, index) => {
    const text = index === 0 && tagged !== null ? value.slice(tagged[0].length) : value;
    return extended ? decodePercent(text) : Buffer.from(text);
  });
  return decodeCharset(Buffer.concat(octets), tagged?.[1] ?? "");
}

function decodePercent(text: string): Buffer {
  const octets = Buffer.from(text);
  let to = 0;
  for (let at = 0; at < octets.length; at++) {
    const escaped = octets[at] === 0x25 ? hexPair(octets, at + 1) : -1;
    octets[to++] = escaped < 0 ? (octets[at] ?? 0) : escaped;
    if (escaped >= 0) at += 2;
  }
  return octets.subarray(0, to);
}

/** The text without its comments (RFC 5322 §3.2.2); an unclosed one stays as text. */
export function withoutComments(text: string): string {
  if (!text.includes("(")) return text;
  const pieces: string[] = [];
  let plain = 0;
  let at = text.indexOf("(");
  while (at !== -1) {
    const end = commentEnd(text, at);
    if (end === -1) break;
    pieces.push(text.slice(plain, at));
    plain = end;
    at = text.indexOf("(", end);
  }
  pieces.push(text.slice(plain));
  return pieces.join("");
}

/** Index after the comment that opens at `start`, -1 when it never closes. */
export function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x28 && depth < MAX_COMMENT_DEPTH) depth++;
    else if (code === 0x29 && --depth === 0) return at + 1;
  }
  return -1;
}
