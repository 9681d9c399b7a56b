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
    if (stop > at) pieces.push(html.slice(at, stop).replace(/\s+/g, " "));
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
  private readonly lower: string;
  private readonly missing = new Set<string>();
  private unclosedQuotes = 0;

  constructor(html: string) {
    this.html = html;
    this.lower = html.includes("<") ? asciiLower(html) : html;
  }

  /** Index after the next `wanted` (lower case), or -1. */
  after(wanted: string, from: number): number {
    if (this.missing.has(wanted)) return -1;
    const found = this.lower.indexOf(wanted, from);
    if (found === -1) this.missing.add(wanted);
    return found === -1 ? -1 : found + wanted.length;
  }

  /** Index after the ">" of the tag that starts at `from`, outside attribute values; -1 when it never closes. */
  tagEnd(from: number): number {
    const close = this.after(">", from);
    if (close === -1) return -1;
    const quoted = /["']/.test(this.html.slice(from, close));
    return quoted && this.unclosedQuotes < MAX_UNCLOSED_QUOTES ? this.quotedTagEnd(from, close) : close;
  }

  private quotedTagEnd(from: number, close: number): number {
    let quote = "";
    const limit = Math.min(this.html.length, from + MAX_TAG);
    for (let at = from; at < limit; at++) {
      const character = this.html[at] ?? "";
      if (quote !== "") quote = character === quote ? "" : quote;
      else if ((character === '"' || character === "'") && this.opensValue(at)) quote = character;
      else if (character === ">") return at + 1;
    }
    this.unclosedQuotes++;
    return close;
  }

  /** Quotes count only as the start of an attribute value. */
  private opensValue(at: number): boolean {
    return /[=\s]/.test(this.html[at - 1] ?? "");
  }
}

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
  const name = /^<[/!?]?([a-zA-Z][\w:-]{0,30})?/.exec(html.slice(open, open + 34));
  const isTag = name?.[1] !== undefined || html[open + 1] === "!" || html[open + 1] === "?" || html[open + 1] === "/";
  const end = isTag ? seeker.tagEnd(open + 1) : -1;
  if (end === -1) return { text: "<", end: open + 1 };
  const element = (name?.[1] ?? "").toLowerCase();
  if (HIDDEN.has(element) && html[open + 1] !== "/" && html[end - 2] !== "/") {
    const close = seeker.after(`</${element}`, end);
    if (close !== -1) return { text: "\n", end: Math.max(seeker.after(">", close), close) };
  }
  return { text: BLOCKS.has(element) ? "\n" : CELLS.has(element) ? " " : "", end };
}

/** Blanks at line ends go, runs of empty lines become one; no-break spaces are blanks, as the words around them are two. */
function tidy(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/[ \t\r\f\u00a0]+/g, " ").trim());
  return lines
    .filter((line, index) => line !== "" || (lines[index - 1] ?? "") !== "")
    .join("\n")
    .trim();
}
