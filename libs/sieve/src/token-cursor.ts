import type { DiagnosticParameters } from "./diagnostic.ts";
import { type Comment, scan, type Token } from "./scanner.ts";
import { lineMap, type Span } from "./source.ts";

/** Receives what is wrong. */
export type Report = (code: string, span: Span, parameters?: DiagnosticParameters) => void;

const nothing: Token = { kind: "end", value: "", number: 0, start: 0, end: 0 };

/** Walks over the tokens of a script, one ahead, and says where things are. */
export class TokenCursor {
  readonly comments: readonly Comment[];
  /** Offset after the last token taken. */
  previousEnd = 0;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #report: Report;
  readonly #locate: (offset: number) => { readonly line: number; readonly column: number };
  #at = 0;

  constructor(text: string, report: Report) {
    const { tokens, comments } = scan(text);
    const lines = lineMap(text);
    this.comments = comments;
    this.#text = text;
    this.#tokens = tokens;
    this.#report = report;
    this.#locate = (offset) => lines.locate(offset);
  }

  /** The token ahead; `end` for ever at the end. */
  get token(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? nothing;
  }

  /** Takes the token ahead. */
  advance(): Token {
    const token = this.token;
    if (token.kind !== "end") {
      this.#at++;
      this.previousEnd = token.end;
    }
    return token;
  }

  /** Whether that punctuation mark is ahead. */
  is(mark: string): boolean {
    const { kind, value } = this.token;
    return kind === "punctuation" && value === mark;
  }

  span(start: number, end: number): Span {
    const { line, column } = this.#locate(start);
    return { start, end, line, column };
  }

  say(code: string, token: Token, parameters?: DiagnosticParameters): void {
    this.#report(code, this.span(token.start, token.end), parameters);
  }

  /** Says what is wrong right after the last token taken. */
  sayBehind(code: string, parameters?: DiagnosticParameters): void {
    this.#report(code, this.span(this.previousEnd, this.previousEnd), parameters);
  }

  /** Says what is wrong with the last token taken. */
  sayPrevious(code: string): void {
    this.#report(code, this.span(this.previousEnd - 1, this.previousEnd));
  }

  /** Says what the scanner found wrong. */
  sayError(token: Token): void {
    this.say(token.value, token, { found: this.show(token) });
  }

  /** A token as the script writes it, shortened. */
  show(token: Token): string {
    return token.kind === "end" ? "…" : this.#text.slice(token.start, Math.min(token.end, token.start + 40));
  }

  /** The last quoted string since an offset, if it runs over lines: perhaps its closing quote was forgotten. */
  longString(since: number): Token | null {
    for (let i = this.#at - 1; i >= 0; i--) {
      const token = this.#tokens[i];
      if (token === undefined || token.start < since) return null;
      if (token.kind !== "string") continue;
      return token.value.includes("\n") && this.#text[token.start] === '"' ? token : null;
    }
    return null;
  }

  /** To behind the mark that closes what was just opened. */
  skipBalanced(): void {
    let open = 1;
    while (open > 0 && this.token.kind !== "end") {
      if (this.is("{") || this.is("(")) open++;
      if (this.is("}") || this.is(")")) open--;
      this.advance();
    }
  }
}
