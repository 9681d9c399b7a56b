import type { Message } from "@tamis/message";
import { type Pattern, patternOf } from "@tamis/sieve";
import type { FilterSettings } from "./config.ts";

/** What somebody found out about a mail (RFC 5235), as facts of the Sieve library; absent: nobody looked. */
export interface VerdictFacts {
  /** From 0 to 1. */
  readonly spam?: number;
  /** From 1, clean, to 5, certainly a virus. */
  readonly virus?: number;
}

type VerdictSettings = NonNullable<FilterSettings["verdict"]>;

/** Reads the verdict that a filter before Tamis left in the header; of fields of one name the topmost counts, since anybody can write the others. */
export function verdictReader(settings: VerdictSettings | undefined): (message: Message) => VerdictFacts {
  if (settings === undefined) return () => ({});
  const spamOf = spamReader(settings);
  const virusOf = settings.virus === undefined ? null : virusReader(settings.virus);
  return (message) => {
    const spam = spamOf(message);
    const virus = virusOf?.(message) ?? null;
    return { ...(spam === null ? {} : { spam }), ...(virus === null ? {} : { virus }) };
  };
}

type Reader<T> = (message: Message) => T | null;

/** Characters of a field that are looked at. */
const LOOKED_AT = 1000;

/** What the field says, or what the pattern finds in it. */
function textReader(header: string, pattern: string | undefined): Reader<string> {
  const expression: Pattern | null = pattern === undefined ? null : patternOf(pattern);
  return (message) => {
    const text = message.headers(header)[0]?.text().slice(0, LOOKED_AT).trim();
    if (text === undefined) return null;
    return expression === null ? text : expression.capture(text);
  };
}

function spamReader(settings: VerdictSettings): Reader<number> {
  const read = textReader(settings.header, settings.pattern);
  switch (settings.form) {
    case "score": {
      const max = settings.max_pattern === undefined ? null : textReader(settings.header, settings.max_pattern);
      return (message) => share(numberIn(read(message)), max === null ? settings.max : numberIn(max(message)));
    }
    case "stars":
      return (message) => share(read(message)?.length, settings.max);
    case "probability":
      return (message) => {
        const text = read(message);
        return share(numberIn(text), text?.endsWith("%") === true ? 100 : 1);
      };
    case "text":
      return valueReader(read, settings.values);
    default:
      return settings satisfies never;
  }
}

function virusReader({ header, pattern, values }: NonNullable<VerdictSettings["virus"]>): Reader<number> {
  return valueReader(textReader(header, pattern), values);
}

function valueReader(read: Reader<string>, values: Readonly<Record<string, number>>): Reader<number> {
  const known = new Map(Object.entries(values).map(([text, value]) => [text.trim().toLowerCase(), value]));
  return (message) => known.get(read(message)?.trim().toLowerCase() ?? "") ?? null;
}

/** The number that the text begins with. */
function numberIn(text: string | null): number | undefined {
  const found = /^[-+]?[0-9]*\.?[0-9]+/.exec(text ?? "");
  return found === null ? undefined : Number(found[0]);
}

/** A mail with a score below zero is as little spam as one with zero. */
function share(score: number | undefined, max: number | undefined): number | null {
  if (score === undefined || max === undefined || !(max > 0)) return null;
  return Math.min(1, Math.max(0, score / max));
}
