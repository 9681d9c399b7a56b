import type { Comparator } from "../comparator.ts";
import type { Extension, KeyMatcher, MatchType } from "../extension.ts";
import { originalOf } from "../original.ts";
import type { RunState } from "../run-state.ts";
import { upperWide } from "../upper-wide.ts";
import { Wildcard } from "../wildcard.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const beyondAscii = /[^\x00-\x7f]/;

/** Up to this many characters a regular expression is faster than the call into Buffer. */
const short = 64;

/** RFC 4790 §9.2.1: only ASCII letters are folded, to upper case, which also gives the order. */
export function asciiUpper(text: string): string {
  if (text.length > short) {
    return Buffer.byteLength(text, "utf8") === text.length ? text.toUpperCase() : upperWide(text);
  }
  if (!beyondAscii.test(text)) return text.toUpperCase();
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** The order of the octets of UTF-8, which is that of code points (UTF-16 units differ above U+D800). */
function compareOctets(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    if (left.charCodeAt(i) === right.charCodeAt(i)) continue;
    return rank(left.charCodeAt(i)) - rank(right.charCodeAt(i));
  }
  return left.length - right.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const octet: Comparator = { name: "i;octet", fold: (text) => text, substring: true, compare: compareOctets };

const asciiCasemap: Comparator = {
  name: "i;ascii-casemap",
  fold: asciiUpper,
  substring: true,
  compare: compareOctets,
};

// RFC 5228 §2.7.1
const is: MatchType = {
  name: "is",
  plain: (keys) => ({ kind: "is", keys }),
  prepare({ keys, comparator }) {
    const folded = keys.map((key) => comparator.fold(key));
    const [only] = folded;
    if (folded.length === 1 && only !== undefined) {
      return { match: (_value, text) => (text === only ? 0 : -1) };
    }
    const positions = new Map<string, number>();
    folded.forEach((key, index) => {
      if (!positions.has(key)) positions.set(key, index);
    });
    return { match: (_value, text) => positions.get(text) ?? -1 };
  },
};

const contains: MatchType = {
  name: "contains",
  substring: true,
  plain: (keys) => ({ kind: "contains", keys }),
  prepare({ keys, comparator }) {
    const folded = keys.map((key) => comparator.fold(key));
    return { match: (_value, text) => folded.findIndex((key) => text.includes(key)) };
  },
};

const matches: MatchType = {
  name: "matches",
  substring: true,
  plain(folded) {
    const patterns = folded.map((key) => new Wildcard(key));
    const required = patterns.map((pattern) => pattern.required);
    if (patterns.every(({ isLiteral }) => isLiteral)) return { kind: "is", keys: required };
    return required.includes("") ? null : { kind: "contains", keys: required };
  },
  prepare({ keys, comparator, captures }) {
    const patterns = keys.map((key) => new Wildcard(comparator.fold(key)));
    return wildcardMatcher(patterns, captures ? comparator : null);
  },
};

/** With a comparator the match variables are set; it made the folded text. */
function wildcardMatcher(patterns: readonly Wildcard[], comparator: Comparator | null): KeyMatcher {
  return {
    match(value, text, state: RunState) {
      const spend = (steps: number): void => state.spend(steps);
      for (let index = 0; index < patterns.length; index++) {
        const pattern = patterns[index];
        if (pattern === undefined) continue;
        if (comparator === null) {
          if (pattern.test(text, spend)) return index;
          continue;
        }
        const captured = pattern.capture(text, originalOf(value, text, comparator), spend);
        if (captured === null) continue;
        state.matchVariables = captured.slice(0, state.limits.matchVariables);
        return index;
      }
      return -1;
    },
  };
}

/** Match types and comparators of the base language (RFC 5228 §2.7). */
export const baseComparison: Extension = {
  name: null,
  aliases: ["comparator-i;octet", "comparator-i;ascii-casemap"],
  rfc: "RFC 5228 §2.7",
  state: "yes",
  matchTypes: [is, contains, matches],
  comparators: [octet, asciiCasemap],
};
