import { loadSettings, sectionNames } from "@tamis/kit";
import { z } from "zod";

/** What tamis.yaml says that scripts can count on, whatever their account. */
export interface Means {
  /** `outbox:` is there: mail leaves. */
  readonly sends: boolean;
  /** `filter.envelope.from` is `return-path`: the envelope's sender is known for certain. */
  readonly knowsSender: boolean;
  /** `filter.verdict` is there: `spamtest` (RFC 5235) has something to read. */
  readonly verdict: boolean;
  /** `filter.verdict.virus` is there: `virustest` has. */
  readonly virusVerdict: boolean;
  /** `filter.authentication` is there: who is who they say is read from the mail (RFC 8601). */
  readonly authenticates: boolean;
}

/**
 * Reads them from sections that belong to other services, loosely: what is wrong with such a section is told by its owner.
 * Throws a `ConfigFault` where the file itself is at fault.
 */
export function readMeans(file: string): Means {
  const { filter } = loadSettings(file, { filter: z.unknown() });
  return {
    sends: sectionNames(file).includes("outbox"),
    knowsSender: at(filter, "envelope", "from") === "return-path",
    verdict: isGiven(at(filter, "verdict")),
    virusVerdict: isGiven(at(filter, "verdict", "virus")),
    authenticates: isGiven(at(filter, "authentication")),
  };
}

/** The value below these keys; `undefined` where there is none. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== false;
