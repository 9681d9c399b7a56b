/** A string comparator (RFC 4790). */
export interface Comparator {
  readonly name: string;
  /** Maps a string so that equality, substring and order are those of the mapped strings. */
  fold(text: string): string;
  /** Whether `:contains` and `:matches` work (RFC 4790 §4.2). */
  readonly substring: boolean;
  /** Negative, zero or positive, over folded strings. */
  compare(left: string, right: string): number;
}
