import { Regex } from "./regex/regex.ts";
import { RegexFault } from "./regex/syntax.ts";

/** A regular expression of a setting, made ready. */
export interface Pattern {
  /** What its first group matched, of one without groups what the whole did; null where it does not match. */
  capture(text: string): string | null;
}

/** Makes a POSIX extended regular expression ready: linear in the text, case counts. Null where it is none. */
export function patternOf(text: string): Pattern | null {
  try {
    const regex = new Regex(text, (folded) => folded, Number.POSITIVE_INFINITY);
    return {
      capture(subject) {
        const groups = regex.capture(subject, subject);
        return groups === null ? null : (groups[1] ?? groups[0] ?? "");
      },
    };
  } catch (cause) {
    if (cause instanceof RegexFault) return null;
    throw cause;
  }
}
