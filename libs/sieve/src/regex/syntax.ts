import type { CharacterSet } from "./character-set.ts";

/** A parsed regular expression. */
export type RegexNode =
  | { readonly kind: "empty" }
  | { readonly kind: "character"; readonly code: number }
  | { readonly kind: "set"; readonly set: CharacterSet }
  | { readonly kind: "assert"; readonly place: Place }
  /** `last` is the number of the last group inside this one. */
  | { readonly kind: "group"; readonly index: number; readonly last: number; readonly node: RegexNode }
  | { readonly kind: "sequence"; readonly nodes: readonly RegexNode[] }
  | { readonly kind: "either"; readonly nodes: readonly RegexNode[] }
  /** `most` is null when there is no upper bound. */
  | { readonly kind: "repeat"; readonly node: RegexNode; readonly least: number; readonly most: number | null };

/** Places between characters: of the text, and of words in it. */
export type Place = "start" | "end" | "word-edge" | "no-word-edge" | "word-start" | "word-end";

/** What is wrong with a regular expression, and after how many characters. */
export class RegexFault extends Error {
  readonly reason: RegexReason;
  readonly at: number;
  constructor(reason: RegexReason, at: number) {
    super(reason);
    this.reason = reason;
    this.at = at;
  }
}

/** The codes of the messages that tell of them. */
export type RegexReason =
  | "regex-back-reference"
  | "regex-bad-class"
  | "regex-bad-interval"
  | "regex-bad-range"
  | "regex-bad-repeat"
  | "regex-open-bracket"
  | "regex-open-group"
  | "regex-too-big"
  | "regex-too-deep"
  | "regex-trailing-backslash";
