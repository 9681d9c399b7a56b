import type { DiagnosticParameters } from "./diagnostic.ts";
import { type Comment, Scanner, type Token } from "./scanner.ts";
import type { Extent } from "./source.ts";

/** Receives what is wrong. */
export type Report = (code: string, at: Extent, parameters?: DiagnosticParameters) => void;

/** Walks over the tokens of a script, one ahead, and says where things are. */
export class TokenCursor {
  /** The token ahead; `end` for ever at the end. */
  token: Token;
  /** The comments before the token ahead. */
  readonly comments: readonly Comment[];
  /** Offset after the last token taken. */
  previousEnd = 0;
  readonly #text: string;
  readonly #scanner: Scanner;
  readonly #report: Report;
  /** The last string taken. */
  #string: Token | null = null;

  constructor(text: string, report: Report) {
    this.#text = text;
    this.#report = report;
    this.#scanner = new Scanner(text);
    this.comments = this.#scanner.comments;
    this.token = this.#scanner.next();
  }

  /** Takes the token ahead. */
  advance(): Token {
    const token = this.token;
    if (token.kind === "end") return token;
    if (token.kind === "string") this.#string = token;
    this.previousEnd = token.end;
    this.token = this.#scanner.next();
    return token;
  }

  /** Whether that punctuation mark is ahead. */
  is(mark: string): boolean {
    const { kind, value } = this.token;
    return kind === "punctuation" && value === mark;
  }

  say(code: string, at: Extent, parameters?: DiagnosticParameters): void {
    this.#report(code, at, parameters);
  }

  /** Says what is wrong right after the last token taken. */
  sayBehind(code: string, parameters?: DiagnosticParameters): void {
    this.#report(code, { start: this.previousEnd, end: this.previousEnd }, parameters);
  }

  /** Says what is wrong with the last token taken. */
  sayPrevious(code: string): void {
    this.#report(code, { start: this.previousEnd - 1, end: this.previousEnd });
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
    const token = this.#string;
    if (token === null || token.start < since) return null;
    return token.value.includes("\n") && this.#text[token.start] === '"' ? token : null;
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
