import { afterBreak, type Extent, LineBreaks } from "./source.ts";

/** What a token is. `error` carries the code of a diagnostic; the scanner itself never fails. */
export type TokenKind = "identifier" | "tag" | "number" | "string" | "punctuation" | "error" | "end";

/** One token; `value` is the lower-case name, the string's content, the punctuation mark or the error's code. */
export interface Token extends Extent {
  readonly kind: TokenKind;
  readonly value: string;
  /** Only for numbers: the value with its quantifier applied. */
  readonly number: number;
}

/** A comment without its marks, with its place (RFC 5228 §2.3). */
export interface Comment extends Extent {
  readonly text: string;
}

/** A script as tokens and comments; the last token is always `end`. */
export interface Scanned {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

const numberRest = /[0-9]+([KMGkmg]?)([A-Za-z0-9_]*)/y;
const multiLineHead = /:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)/y;
const typographic = /[“”„«][^“”„«»"\r\n]*[“”»]?/y;
const quantifiers: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** What may begin with a character. */
const other = 0;
const blank = 1;
const letter = 2;
const digit = 3;
const mark = 4;

/** The classes of ASCII; everything beyond is `other`. */
const classes = new Uint8Array(128);
for (const character of " \t\r\n") classes[character.charCodeAt(0)] = blank;
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") {
  classes[character.charCodeAt(0)] = letter;
}
for (const character of "0123456789") classes[character.charCodeAt(0)] = digit;
for (const character of ";,(){}[]") classes[character.charCodeAt(0)] = mark;

/** Cuts a script into tokens (RFC 5228 §8.1). Never throws; what is no token becomes an `error` token. */
export function scan(text: string): Scanned {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  for (;;) {
    const token = scanner.next();
    tokens.push(token);
    if (token.kind === "end") return { tokens, comments: scanner.comments };
  }
}

/** Gives the tokens of a script one by one. */
export class Scanner {
  /** The comments before the token given last. */
  readonly comments: Comment[] = [];
  readonly #text: string;
  readonly #breaks: LineBreaks;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#breaks = new LineBreaks(text);
    // QUIRK: editors on Windows put a byte order mark before the first command.
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  /** The next token; `end` for ever at the end. */
  next(): Token {
    for (;;) {
      this.#skipBlanks();
      const start = this.#at;
      if (start >= this.#text.length) return this.#token("end", "", start);
      const token = this.#tokenAt(start);
      if (token !== null) return token;
    }
  }

  #skipBlanks(): void {
    const text = this.#text;
    let at = this.#at;
    while (at < text.length && classOf(text.charCodeAt(at)) === blank) at++;
    this.#at = at;
  }

  /** The token that begins there; null for a comment. */
  #tokenAt(start: number): Token | null {
    const code = this.#text.charCodeAt(start);
    switch (classOf(code)) {
      case letter:
        return this.#word(start);
      case digit:
        return this.#number(start);
      case mark:
        this.#at++;
        return this.#token("punctuation", this.#text[start] ?? "", start);
      default:
        if (code === quote) return this.#quoted(start);
        if (code === colon) return this.#tag(start);
        if (code === hash) return this.#hashComment(start);
        return this.#opensComment(start) ? this.#bracketComment(start) : this.#unexpected(start);
    }
  }

  #opensComment(at: number): boolean {
    return this.#text.startsWith("/*", at);
  }

  #token(kind: TokenKind, value: string, start: number, number = 0): Token {
    return { kind, value, number, start, end: Math.max(start, this.#at) };
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  // hash-comment = "#" *octet-not-crlf CRLF
  #hashComment(start: number): null {
    const end = this.#breaks.next(start);
    this.#at = end;
    this.comments.push({ text: this.#text.slice(start + 1, end), start, end });
    return null;
  }

  // bracket-comment = "/*" *not-star 1*STAR *(not-star-slash *not-star 1*STAR) "/"
  #bracketComment(start: number): Token | null {
    const close = this.#text.indexOf("*/", start + 2);
    this.#at = close < 0 ? this.#text.length : close + 2;
    const content = this.#text.slice(start + 2, close < 0 ? this.#text.length : close);
    this.comments.push({ text: content, start, end: this.#at });
    return close >= 0 ? null : this.#unterminated("unterminated-comment", start, start + 2);
  }

  /** What runs to the end of the script for want of its end mark: the mark that opened it is shown. */
  #unterminated(code: string, start: number, end: number): Token {
    this.#at = this.#text.length;
    return { kind: "error", value: code, number: 0, start, end };
  }

  // quoted-string = DQUOTE quoted-text DQUOTE
  #quoted(start: number): Token {
    const close = this.#text.indexOf('"', start + 1);
    const simple = close < 0 ? "\\" : this.#text.slice(start + 1, close);
    if (!simple.includes("\\")) {
      this.#at = close + 1;
      return this.#token("string", canonicalLines(simple), start);
    }
    const pieces: string[] = [];
    let from = start + 1;
    for (let i = from; i < this.#text.length; i++) {
      const character = this.#text[i];
      if (character === "\\") {
        // RFC 5228 §2.4.2: a backslash before any other character is ignored.
        pieces.push(this.#text.slice(from, i));
        from = i + 1;
        i++;
      } else if (character === '"') {
        pieces.push(this.#text.slice(from, i));
        this.#at = i + 1;
        return this.#token("string", canonicalLines(pieces.join("")), start);
      }
    }
    this.#at = this.#breaks.next(start);
    return this.#token("error", "unterminated-string", start);
  }

  // number = 1*DIGIT [ QUANTIFIER ]
  #number(start: number): Token {
    const found = this.#match(numberRest);
    const digits = found?.[0] ?? "";
    const value = Number.parseInt(digits, 10) * (quantifiers[(found?.[1] ?? "").toUpperCase()] ?? 1);
    if (found?.[2]) return this.#token("error", "bad-number", start);
    if (value > Number.MAX_SAFE_INTEGER) return this.#token("error", "number-too-big", start);
    return this.#token("number", digits, start, value);
  }

  // identifier = (ALPHA / "_") *(ALPHA / DIGIT / "_")
  #word(start: number): Token {
    const word = this.#name();
    if (word === "text" && this.#match(multiLineHead) !== null) return this.#multiLine(start);
    return this.#token("identifier", word, start);
  }

  /** The rest of an identifier in lower case. */
  #name(): string {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    while (at < text.length && isOfIdentifier(text.charCodeAt(at))) at++;
    this.#at = at;
    return text.slice(start, at).toLowerCase();
  }

  // multi-line = "text:" *(SP / HTAB) (hash-comment / CRLF) *(multiline-literal / multiline-dotstart) "." CRLF
  #multiLine(start: number): Token {
    const lines: string[] = [];
    while (this.#at < this.#text.length) {
      const end = this.#breaks.next(this.#at);
      const line = this.#text.slice(this.#at, end);
      this.#at = afterBreak(this.#text, end);
      if (line === ".") return this.#token("string", lines.join(""), start);
      // RFC 5228 §2.4.2: a line that starts with a dot is stuffed with one more.
      lines.push(line.startsWith("..") ? line.slice(1) : line, "\r\n");
    }
    return this.#unterminated("unterminated-multi-line", start, start + 5);
  }

  // tag = ":" identifier
  #tag(start: number): Token {
    this.#at++;
    if (classOf(this.#text.charCodeAt(this.#at)) !== letter) return this.#token("error", "lone-colon", start);
    return this.#token("tag", this.#name(), start);
  }

  #unexpected(start: number): Token {
    // QUIRK: word processors and web pages turn quotes into these.
    if (this.#match(typographic) !== null) return this.#token("error", "typographic-quotes", start);
    do this.#at += (this.#text.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1;
    while (this.#isUnexpected(this.#at));
    return this.#token("error", "unexpected-character", start);
  }

  /** Whether the character there can begin nothing, nor is a quote that was meant as one. */
  #isUnexpected(at: number): boolean {
    if (at >= this.#text.length || this.#opensComment(at)) return false;
    const code = this.#text.charCodeAt(at);
    return classOf(code) === other && code !== quote && code !== colon && code !== hash && !isTypographic(code);
  }
}

const quote = 0x22;
const hash = 0x23;
const colon = 0x3a;

/** NaN, behind the text, is `other`. */
function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? other) : other;
}

/** ALPHA / DIGIT / "_" */
function isOfIdentifier(code: number): boolean {
  const kind = classOf(code);
  return kind === letter || kind === digit;
}

/** What a quote of a word processor opens with: “ ” „ « */
function isTypographic(code: number): boolean {
  return code === 0x201c || code === 0x201d || code === 0x201e || code === 0xab;
}

/** Scripts arrive with LF or CRLF; RFC 5228 §2.4.2 knows only CRLF inside strings. */
function canonicalLines(text: string): string {
  return text.includes("\n") || text.includes("\r") ? text.replace(/\r\n|\n|\r/g, "\r\n") : text;
}
