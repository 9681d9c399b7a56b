/** HTML to the text that a person reads. One pass, whatever the markup. */

import { decodeEntities } from "./html-entities.ts";

/** Elements whose content is not shown, and where it ends. */
const HIDDEN: ReadonlyMap<string, RegExp> = new Map(
  ["script", "style", "title", "template", "noframes", "textarea"].map((name) => [name, new RegExp(`</${name}`, "gi")]),
);

/** Elements that start and end a line. */
const BLOCKS: ReadonlySet<string> = new Set(
  "address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table tbody tfoot thead title tr ul".split(
    " ",
  ),
);

/** Elements that part words without starting a line. */
const CELLS: ReadonlySet<string> = new Set(["td", "th"]);

/** A tag that is told to whoever reads the text. */
export interface HtmlTag {
  /** In lower case, without the "/" of an end tag. */
  readonly name: string;
  readonly isEnd: boolean;
  /** As they are written. */
  readonly attributes: string;
  /** Where it stands. */
  readonly start: number;
  readonly end: number;
}

/** How the text of HTML is read where people are to read it too. */
export interface SpokenHtml {
  /** What is said in the place of a tag, with its character references, lines ended by LF; null: what stands there anyway. */
  tagText(tag: HtmlTag): string | null;
}

/**
 * The text of an HTML body: tags stripped, character references decoded, blanks collapsed, blocks on lines of their own.
 * Scripts, styles and comments are dropped. Markup that never closes counts as text.
 * @param spoken tags may be said, preformatted lines stay lines, and no-break spaces stay
 */
export function htmlToText(html: string, spoken?: SpokenHtml): string {
  const pieces: string[] = [];
  const seeker = new Seeker(html);
  let at = 0;
  let isPreformatted = false;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const stop = open === -1 ? html.length : open;
    if (stop > at) pieces.push(isPreformatted ? html.slice(at, stop).replace(/\r?\n/g, BREAK) : html.slice(at, stop));
    if (open === -1) break;
    const tag = readTag(html, open, seeker);
    if (spoken !== undefined && tag.name === "pre") isPreformatted = html[open + 1] !== "/";
    const said = spoken !== undefined && tag.name !== "" ? sayTag(html, open, { tag, spoken }) : null;
    const text = said ?? tag.text;
    if (text !== "") pieces.push(text);
    at = tag.end;
  }
  return tidy(decodeEntities(pieces.join("")), spoken === undefined ? BLANKS : LOOSE_BLANKS);
}

function sayTag(
  html: string,
  start: number,
  { tag, spoken }: { readonly tag: Tag; readonly spoken: SpokenHtml },
): string | null {
  const isEnd = html[start + 1] === "/";
  const attributes = html.slice(start + tag.name.length + (isEnd ? 2 : 1), tag.end - 1);
  const said = spoken.tagText({ name: tag.name, isEnd, attributes, start, end: tag.end });
  return said === null ? null : said.replaceAll("\n", BREAK);
}

/** Stands for the begin or end of a line until the blanks of the text are read: no character of HTML. */
const BREAK = "\0";

interface Tag {
  /** Of its element, in lower case; "" where it is none, or where its content is not shown. */
  readonly name: string;
  /** What stands for the tag in the text. */
  readonly text: string;
  readonly end: number;
}

/** Forward searches that remember a failure, so that none runs to the end of the text twice. */
class Seeker {
  private readonly html: string;
  private readonly missing = new Set<string>();
  private unclosedQuotes = 0;

  constructor(html: string) {
    this.html = html;
  }

  /** Index after the next `wanted`, or -1. */
  after(wanted: string, from: number): number {
    if (this.missing.has(wanted)) return -1;
    const found = this.html.indexOf(wanted, from);
    if (found === -1) this.missing.add(wanted);
    return found === -1 ? -1 : found + wanted.length;
  }

  /** Index after the next match, or -1. */
  afterMatch(wanted: RegExp, from: number): number {
    if (this.missing.has(wanted.source)) return -1;
    wanted.lastIndex = from;
    if (wanted.test(this.html)) return wanted.lastIndex;
    this.missing.add(wanted.source);
    return -1;
  }

  /** Index after the ">" of the tag that starts at `from`, outside attribute values; -1 when it never closes. */
  tagEnd(from: number): number {
    const close = this.after(">", from);
    if (close === -1) return -1;
    const quote = this.unclosedQuotes < MAX_UNCLOSED_QUOTES ? this.nextQuote(from, close) : close;
    return quote < close
      ? this.quotedTagEnd(quote, { close, limit: Math.min(this.html.length, from + MAX_TAG) })
      : close;
  }

  private nextQuote(from: number, end: number): number {
    let at = from;
    while (at < end && !isQuote(this.html.charCodeAt(at))) at++;
    return at;
  }

  private quotedTagEnd(from: number, { close, limit }: { readonly close: number; readonly limit: number }): number {
    for (let at = from; at < limit; at++) {
      const code = this.html.charCodeAt(at);
      if (code === GREATER) return at + 1;
      if (!isQuote(code) || !this.opensValue(at)) continue;
      at = this.html.indexOf(code === DOUBLE_QUOTE ? '"' : "'", at + 1);
      if (at === -1) break;
    }
    this.unclosedQuotes++;
    return close;
  }

  /** Quotes count only as the start of an attribute value. */
  private opensValue(at: number): boolean {
    return this.html[at - 1] === "=" || /\s/.test(this.html[at - 1] ?? "");
  }
}

const GREATER = 0x3e;
const DOUBLE_QUOTE = 0x22;

/** One of `"` and `'`. */
const isQuote = (code: number): boolean => code === DOUBLE_QUOTE || code === 0x27;

/** A tag whose quotes are not closed within so many characters ends at its first ">". */
const MAX_TAG = 8192;

/** So many tags with an unclosed quote, and quotes no longer count. */
const MAX_UNCLOSED_QUOTES = 50;

function readTag(html: string, open: number, seeker: Seeker): Tag {
  if (html.startsWith("<!--", open)) {
    const end = seeker.after("-->", open + 4);
    return { name: "", text: "", end: end === -1 ? Math.max(seeker.after(">", open), open + 4) : end };
  }
  const isMarked = "/!?".includes(html[open + 1] ?? " ");
  const nameStart = open + (isMarked ? 2 : 1);
  const nameEnd = endOfName(html, nameStart);
  const end = isMarked || nameEnd > nameStart ? seeker.tagEnd(open + 1) : -1;
  if (end === -1) return { name: "", text: "<", end: open + 1 };
  const element = html.slice(nameStart, nameEnd).toLowerCase();
  const closing = HIDDEN.get(element);
  if (closing !== undefined && html[open + 1] !== "/" && html[end - 2] !== "/") {
    const close = seeker.afterMatch(closing, end);
    if (close !== -1) return { name: "", text: BREAK, end: Math.max(seeker.after(">", close), close) };
  }
  return { name: element, text: BLOCKS.has(element) ? BREAK : CELLS.has(element) ? " " : "", end };
}

/** Longest name of an element that counts. */
const MAX_NAME = 31;

/** Where the name ends that starts there: a letter, then letters, digits, "_", ":" and "-". */
function endOfName(html: string, start: number): number {
  const limit = Math.min(html.length, start + MAX_NAME);
  let at = start;
  for (; at < limit; at++) {
    const code = html.charCodeAt(at);
    const lower = code | 0x20;
    if (lower >= 0x61 && lower <= 0x7a) continue;
    // Digits and the colon follow each other in ASCII.
    const isOther = (code >= 0x30 && code <= 0x3a) || code === 0x5f || code === 0x2d;
    if (at === start || !isOther) break;
  }
  return at;
}

/** Runs of blanks that become one space; single spaces, the most of all blanks, stay as they are. No-break spaces are blanks, as the words around them are two. */
const BLANKS = /[^\S ]\s*| \s+/g;

/** The same, but for spaces that do not break: French has them before ":", ";", "!", "?" and inside guillemets. */
const LOOSE_BLANKS = /[\t\n\v\f\r\u2028\u2029][ \t\n\v\f\r\u2028\u2029]*| [ \t\n\v\f\r\u2028\u2029]+/g;

/** Each run of blanks is one space, none at line ends; runs of empty lines become one. */
function tidy(text: string, blanks: RegExp): string {
  const lines: string[] = [];
  for (const line of text.split(BREAK)) {
    const clean = line.replace(blanks, " ").trim();
    if (clean !== "" || lines.at(-1) !== "") lines.push(clean);
  }
  return lines.join("\n").trim();
}
