/** What a token is. `error` carries the code of a diagnostic; the scanner itself never fails. */
export type TokenKind = "identifier" | "tag" | "number" | "string" | "punctuation" | "error" | "end";

/** One token; `value` is the lower-case name, the string's content, the punctuation mark or the error's code. */
export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Only for numbers: the value with its quantifier applied. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** A comment without its marks, with its place (RFC 5228 §2.3). */
export interface Comment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A script as tokens and comments; the last token is always `end`. */
export interface Scanned {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

const identifierStart = /[A-Za-z_]/;
const numberRest = /[0-9]+([KMGkmg]?)([A-Za-z0-9_]*)/y;
const multiLineHead = /:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)/y;
const typographic = /[“”„«][^“”„«»"\r\n]*[“”»]?/y;
const quantifiers: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Cuts a script into tokens (RFC 5228 §8.1). Never throws; what is no token becomes an `error` token. */
export function scan(text: string): Scanned {
  const scanner = new Scanner(text);
  scanner.run();
  return scanner;
}

class Scanner implements Scanned {
  readonly tokens: Token[] = [];
  readonly comments: Comment[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    // QUIRK: editors on Windows put a byte order mark before the first command.
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < this.#text.length) this.#next();
    this.#push("end", "", this.#text.length);
  }

  #push(kind: TokenKind, value: string, start: number, number = 0): void {
    this.tokens.push({ kind, value, number, start, end: Math.max(start, this.#at) });
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  #next(): void {
    const start = this.#at;
    const character = this.#text[start] ?? "";
    if (isBlank(this.#text.charCodeAt(start))) {
      do this.#at++;
      while (isBlank(this.#text.charCodeAt(this.#at)));
      return;
    }
    if (character === "#") this.#hashComment(start);
    else if (character === "/" && this.#text[start + 1] === "*") this.#bracketComment(start);
    else if (character === '"') this.#quoted(start);
    else if (character >= "0" && character <= "9") this.#number(start);
    else if (identifierStart.test(character)) this.#word(start);
    else if (character === ":") this.#tag(start);
    else if (";,(){}[]".includes(character)) {
      this.#at++;
      this.#push("punctuation", character, start);
    } else this.#unexpected(start);
  }

  // hash-comment = "#" *octet-not-crlf CRLF
  #hashComment(start: number): void {
    const end = lineBreak(this.#text, start);
    this.#at = end;
    this.comments.push({ text: this.#text.slice(start + 1, end), start, end });
  }

  // bracket-comment = "/*" *not-star 1*STAR *(not-star-slash *not-star 1*STAR) "/"
  #bracketComment(start: number): void {
    const close = this.#text.indexOf("*/", start + 2);
    this.#at = close < 0 ? this.#text.length : close + 2;
    const content = this.#text.slice(start + 2, close < 0 ? this.#text.length : close);
    this.comments.push({ text: content, start, end: this.#at });
    if (close >= 0) return;
    this.#at = start + 2;
    this.#push("error", "unterminated-comment", start);
    this.#at = this.#text.length;
  }

  // quoted-string = DQUOTE quoted-text DQUOTE
  #quoted(start: number): void {
    const close = this.#text.indexOf('"', start + 1);
    const simple = close < 0 ? "\\" : this.#text.slice(start + 1, close);
    if (!simple.includes("\\")) {
      this.#at = close + 1;
      this.#push("string", canonicalLines(simple), start);
      return;
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
        this.#push("string", canonicalLines(pieces.join("")), start);
        return;
      }
    }
    this.#at = lineBreak(this.#text, start);
    this.#push("error", "unterminated-string", start);
  }

  // number = 1*DIGIT [ QUANTIFIER ]
  #number(start: number): void {
    const found = this.#match(numberRest);
    const digits = found?.[0] ?? "";
    const value = Number.parseInt(digits, 10) * (quantifiers[(found?.[1] ?? "").toUpperCase()] ?? 1);
    if (found?.[2]) this.#push("error", "bad-number", start);
    else if (value > Number.MAX_SAFE_INTEGER) this.#push("error", "number-too-big", start);
    else this.#push("number", digits, start, value);
  }

  // identifier = (ALPHA / "_") *(ALPHA / DIGIT / "_")
  #word(start: number): void {
    const word = this.#name();
    if (word === "text" && this.#match(multiLineHead) !== null) this.#multiLine(start);
    else this.#push("identifier", word, start);
  }

  /** The rest of an identifier in lower case. */
  #name(): string {
    const start = this.#at;
    while (isOfIdentifier(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text.slice(start, this.#at).toLowerCase();
  }

  // multi-line = "text:" *(SP / HTAB) (hash-comment / CRLF) *(multiline-literal / multiline-dotstart) "." CRLF
  #multiLine(start: number): void {
    const lines: string[] = [];
    while (this.#at < this.#text.length) {
      const end = lineBreak(this.#text, this.#at);
      const line = this.#text.slice(this.#at, end);
      this.#at = afterBreak(this.#text, end);
      if (line === ".") {
        this.#push("string", lines.join(""), start);
        return;
      }
      // RFC 5228 §2.4.2: a line that starts with a dot is stuffed with one more.
      lines.push(line.startsWith("..") ? line.slice(1) : line, "\r\n");
    }
    this.#at = start + 5;
    this.#push("error", "unterminated-multi-line", start);
    this.#at = this.#text.length;
  }

  // tag = ":" identifier
  #tag(start: number): void {
    this.#at++;
    if (!identifierStart.test(this.#text[this.#at] ?? "")) {
      this.#push("error", "lone-colon", start);
      return;
    }
    this.#push("tag", this.#name(), start);
  }

  #unexpected(start: number): void {
    // QUIRK: word processors and web pages turn quotes into these.
    if (this.#match(typographic) !== null) {
      this.#push("error", "typographic-quotes", start);
      return;
    }
    const point = this.#text.codePointAt(start) ?? 0;
    this.#at += point > 0xffff ? 2 : 1;
    const previous = this.tokens.at(-1);
    if (previous?.kind === "error" && previous.value === "unexpected-character" && previous.end === start) {
      this.tokens.pop();
      this.#push("error", "unexpected-character", previous.start);
    } else this.#push("error", "unexpected-character", start);
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** ALPHA / DIGIT / "_"; NaN, behind the text, is none. */
function isOfIdentifier(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}

function lineBreak(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return i;
  }
  return text.length;
}

function afterBreak(text: string, at: number): number {
  return text.startsWith("\r\n", at) ? at + 2 : Math.min(at + 1, text.length);
}

/** Scripts arrive with LF or CRLF; RFC 5228 §2.4.2 knows only CRLF inside strings. */
function canonicalLines(text: string): string {
  return text.includes("\n") || text.includes("\r") ? text.replace(/\r\n|\n|\r/g, "\r\n") : text;
}
