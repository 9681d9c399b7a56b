/** HTML to the text that a person reads. One pass, whatever the markup. */

import { decodeEntities } from "./html-entities.ts";

/** Elements whose content is not shown. */
const HIDDEN: ReadonlySet<string> = new Set(["script", "style", "title", "template", "noframes", "textarea"]);

/** Elements that start and end a line. */
const BLOCKS: ReadonlySet<string> = new Set(
  "address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table tbody tfoot thead title tr ul".split(
    " ",
  ),
);

/** Elements that part words without starting a line. */
const CELLS: ReadonlySet<string> = new Set(["td", "th"]);

/** More than one, or another than the space: most blanks are single spaces, which need no replacing. */
const BLANKS = /\s{2,}|[^\S ]/g;

/** The same within a line, no-break spaces among them. */
const LINE_BLANKS = /[ \t\r\f\u00a0]{2,}|[\t\r\f\u00a0]/g;

/**
 * The text of an HTML body: tags stripped, character references decoded, blanks collapsed, blocks on lines of their own.
 * Scripts, styles and comments are dropped. Markup that never closes counts as text.
 */
export function htmlToText(html: string): string {
  const pieces: string[] = [];
  const seeker = new Seeker(html);
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const stop = open === -1 ? html.length : open;
    if (stop > at) pieces.push(html.slice(at, stop).replace(BLANKS, " "));
    if (open === -1) break;
    const tag = readTag(html, open, seeker);
    pieces.push(tag.text);
    at = tag.end;
  }
  return tidy(decodeEntities(pieces.join("")));
}

interface Tag {
  /** What stands for the tag in the text. */
  readonly text: string;
  readonly end: number;
}

/** Forward searches that remember a failure, so that none runs to the end of the text twice. */
class Seeker {
  private readonly html: string;
  private lower: string | null = null;
  private readonly missing = new Set<string>();
  private unclosedQuotes = 0;

  constructor(html: string) {
    this.html = html;
  }

  /** Index after the next `wanted`, or -1. */
  after(wanted: string, from: number): number {
    return this.afterIn(this.html, wanted, from);
  }

  /** The same for the end tag of an element (lower case), which may be written in any case. */
  afterEndTag(element: string, from: number): number {
    this.lower ??= asciiLower(this.html);
    return this.afterIn(this.lower, `</${element}`, from);
  }

  private afterIn(text: string, wanted: string, from: number): number {
    if (this.missing.has(wanted)) return -1;
    const found = text.indexOf(wanted, from);
    if (found === -1) this.missing.add(wanted);
    return found === -1 ? -1 : found + wanted.length;
  }

  /** Index after the ">" of the tag that starts at `from`, outside attribute values; -1 when it never closes. */
  tagEnd(from: number): number {
    const close = this.after(">", from);
    if (close === -1) return -1;
    if (this.unclosedQuotes >= MAX_UNCLOSED_QUOTES) return close;
    for (let at = from; at < close; at++) if (isQuote(this.html.charCodeAt(at))) return this.quotedTagEnd(at, close);
    return close;
  }

  /** `from`: at the first quote. */
  private quotedTagEnd(from: number, close: number): number {
    const { html } = this;
    let quote = 0;
    const limit = Math.min(html.length, from + MAX_TAG);
    for (let at = from; at < limit; at++) {
      const unit = html.charCodeAt(at);
      if (quote !== 0) quote = unit === quote ? 0 : quote;
      else if (unit === GREATER) return at + 1;
      else if (isQuote(unit) && /[=\s]/.test(html[at - 1] ?? "")) quote = unit; // Quotes count only as the start of a value.
    }
    this.unclosedQuotes++;
    return close;
  }
}

const GREATER = 0x3e;
const isQuote = (unit: number): boolean => unit === 0x22 || unit === 0x27;

/** A tag whose quotes are not closed within so many characters ends at its first ">". */
const MAX_TAG = 8192;

/** So many tags with an unclosed quote, and quotes no longer count. */
const MAX_UNCLOSED_QUOTES = 50;

/** Lower case that keeps every index: "İ".toLowerCase() has two characters. */
const asciiLower = (text: string): string => {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
};

function readTag(html: string, open: number, seeker: Seeker): Tag {
  if (html.startsWith("<!--", open)) {
    const end = seeker.after("-->", open + 4);
    return end === -1 ? { text: "", end: Math.max(seeker.after(">", open), open + 4) } : { text: "", end };
  }
  const first = html[open + 1] ?? "";
  const isMarked = first === "/" || first === "!" || first === "?";
  const start = isMarked ? open + 2 : open + 1;
  const element = html.slice(start, nameEnd(html, start)).toLowerCase();
  const end = isMarked || element !== "" ? seeker.tagEnd(open + 1) : -1;
  if (end === -1) return { text: "<", end: open + 1 };
  if (HIDDEN.has(element) && first !== "/" && html[end - 2] !== "/") {
    const close = seeker.afterEndTag(element, end);
    if (close !== -1) return { text: "\n", end: Math.max(seeker.after(">", close), close) };
  }
  return { text: BLOCKS.has(element) ? "\n" : CELLS.has(element) ? " " : "", end };
}

/** Longest name of an element that is looked at. */
const MAX_NAME = 31;

/** Where the element's name at `start` ends; `start` where there is none. */
function nameEnd(html: string, start: number): number {
  if (!isLetter(html.charCodeAt(start))) return start;
  let at = start + 1;
  while (at < start + MAX_NAME && isNamePart(html.charCodeAt(at))) at++;
  return at;
}

function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Letters, digits, "_", ":" and "-". */
function isNamePart(unit: number): boolean {
  return isLetter(unit) || (unit >= 0x30 && unit <= 0x3a) || unit === 0x5f || unit === 0x2d;
}

/** Blanks at line ends go, runs of empty lines become one; no-break spaces are blanks, as the words around them are two. */
function tidy(text: string): string {
  const lines = text
    .replace(LINE_BLANKS, " ")
    .split("\n")
    .map((line) => line.trim());
  return lines
    .filter((line, index) => line !== "" || (lines[index - 1] ?? "") !== "")
    .join("\n")
    .trim();
}
