import { dirname, resolve } from "node:path";
import { loadSettings, sectionNames } from "@tamis/kit";
import { listName } from "@tamis/sieve";
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
  /** The external lists of `filter.lists` (RFC 6134), by `listName`, in their order. */
  readonly lists: readonly string[];
  /** The folder of the global scripts (RFC 6609), `filter.organisation.global_scripts`; null: there is none. */
  readonly globalScripts: string | null;
  /** `programs:` is there, and for whom: for everybody, or for these addresses, in lower case; null: for nobody. */
  readonly programs: "all" | ReadonlySet<string> | null;
}

/**
 * Reads them from sections that belong to other services, loosely: what is wrong with such a section is told by its owner.
 * Throws a `ConfigFault` where the file itself is at fault.
 */
export function readMeans(file: string): Means {
  const { filter, programs } = loadSettings(file, { filter: z.unknown(), programs: z.unknown() });
  return {
    sends: sectionNames(file).includes("outbox"),
    knowsSender: at(filter, "envelope", "from") === "return-path",
    verdict: isGiven(at(filter, "verdict")),
    virusVerdict: isGiven(at(filter, "verdict", "virus")),
    authenticates: isGiven(at(filter, "authentication")),
    lists: listsIn(at(filter, "lists")),
    globalScripts: pathIn(file, at(filter, "organisation", "global_scripts")),
    programs: allowed(at(programs, "accounts")),
  };
}

/** Relative to the folder of tamis.yaml, as all paths in it. */
const pathIn = (file: string, path: unknown): string | null =>
  typeof path === "string" ? resolve(dirname(file), path) : null;

function listsIn(lists: unknown): readonly string[] {
  if (!Array.isArray(lists)) return [];
  return lists
    .map((list) => at(list, "name"))
    .flatMap((name) => (typeof name === "string" ? (listName(name) ?? []) : []));
}

function allowed(accounts: unknown): Means["programs"] {
  if (accounts === "all") return accounts;
  if (!Array.isArray(accounts)) return null;
  return new Set(accounts.filter((address) => typeof address === "string").map((address) => address.toLowerCase()));
}

/** Whether the scripts of this account may run programs. */
export function runsPrograms({ programs }: Means, address: string | undefined): boolean {
  return programs === "all" || (address !== undefined && programs?.has(address.toLowerCase()) === true);
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
