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
  /** `programs:` is there, and for whom. */
  readonly programs: Allowed;
  /** Whose own scripts `imapsieve:` runs on changes over IMAP. */
  readonly imapEvents: Allowed;
}

/** For everybody, for these addresses, in lower case, or for nobody. */
export type Allowed = "all" | ReadonlySet<string> | null;

/**
 * Reads them from sections that belong to other services, loosely: what is wrong with such a section is told by its owner.
 * Throws a `ConfigFault` where the file itself is at fault.
 */
export function readMeans(file: string): Means {
  const { filter, programs, imapsieve } = loadSettings(file, {
    filter: z.unknown(),
    programs: z.unknown(),
    imapsieve: z.unknown(),
  });
  return {
    sends: sectionNames(file).includes("outbox"),
    knowsSender: at(filter, "envelope", "from") === "return-path",
    verdict: isGiven(at(filter, "verdict")),
    virusVerdict: isGiven(at(filter, "verdict", "virus")),
    authenticates: isGiven(at(filter, "authentication")),
    lists: listsIn(at(filter, "lists")),
    globalScripts: pathIn(file, at(filter, "organisation", "global_scripts")),
    programs: allowed(at(programs, "accounts")),
    imapEvents: watchedBy(at(imapsieve, "folders")),
  };
}

/** Accounts some folder of which is watched for a script of the owner's. */
function watchedBy(folders: unknown): Allowed {
  if (!Array.isArray(folders)) return null;
  const own = folders.filter((entry) => isGiven(at(entry, "owner_script")) || isGiven(at(entry, "metadata")));
  const accounts = own.map((entry) => allowed(at(entry, "accounts") ?? "all"));
  if (accounts.includes("all")) return "all";
  const named = accounts.flatMap((one) => (one instanceof Set ? [...one] : []));
  return named.length === 0 ? null : new Set(named);
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

function allowed(accounts: unknown): Allowed {
  if (accounts === "all") return accounts;
  if (!Array.isArray(accounts)) return null;
  return new Set(accounts.filter((address) => typeof address === "string").map((address) => address.toLowerCase()));
}

/** Whether an account is among those that something is allowed to. */
export function isAllowed(accounts: Allowed, address: string | undefined): boolean {
  return accounts === "all" || (address !== undefined && accounts?.has(address.toLowerCase()) === true);
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
