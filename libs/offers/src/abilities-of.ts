import type { ServerAbilities } from "@tamis/contracts";
import type { Ability } from "@tamis/sieve";
import type { Means } from "./means.ts";

/**
 * An account whose server nobody has seen yet. `usual`: what nearly every server can do is assumed, which is what to promise;
 * `all`: anything is, so that no script that runs is stopped for want of news.
 */
export type UnknownServer = "usual" | "all";

/** The IMAP capabilities that make an ability, each enough by itself; IMAP4rev2 contains some (RFC 9051 §E). */
const byCapability: ReadonlyMap<Ability, readonly string[]> = new Map<Ability, readonly string[]>([
  ["rewrite", ["UIDPLUS", "IMAP4REV2"]],
  ["special-use", ["SPECIAL-USE", "IMAP4REV2"]],
  ["objectid", ["OBJECTID"]],
  ["metadata", ["METADATA"]],
  ["server-metadata", ["METADATA", "METADATA-SERVER"]],
]);

const usual: readonly Ability[] = ["rewrite", "special-use", "keywords"];

/** What differs from account to account. */
export interface AccountMeans {
  /** What its server can do; null: nobody has seen it yet. */
  readonly server: ServerAbilities | null;
  /** It is one of those that `programs:` is for. */
  readonly programs: boolean;
  /** Its own scripts are run on changes over IMAP. */
  readonly imapEvents: boolean;
}

/** What scripts can count on in an account: what Tamis carries out, what tamis.yaml sets up, what the server can do. */
export function abilitiesOf(
  means: Means,
  { server, programs, imapEvents }: AccountMeans,
  unknown: UnknownServer,
): ReadonlySet<Ability> {
  const ofServer =
    server !== null ? told(server) : unknown === "all" ? [...byCapability.keys(), ...usual, "snooze" as const] : usual;
  return new Set<Ability>([
    // KV `memory` and `scripts` are there wherever `filter` is.
    "memory",
    "other-scripts",
    "delivery",
    // A copy of what is sent is stored by APPEND, which every server has.
    ...(means.sends ? (["send", "file-copies"] as const) : []),
    ...(means.knowsSender ? (["envelope-sender"] as const) : []),
    ...(means.authenticates ? (["authentication"] as const) : []),
    ...(means.verdict ? (["verdict"] as const) : []),
    ...(means.virusVerdict ? (["virus-verdict"] as const) : []),
    ...(means.lists.length > 0 ? (["lists"] as const) : []),
    ...(programs ? (["programs", "program-filters"] as const) : []),
    ...(imapEvents ? (["imap-events"] as const) : []),
    ...ofServer,
  ]);
}

function told({ capabilities, keywords }: ServerAbilities): readonly Ability[] {
  const has = new Set(capabilities.map((capability) => capability.toUpperCase()));
  const found = [...byCapability].filter(([, enough]) => enough.some((capability) => has.has(capability)));
  return [
    ...found.map(([ability]) => ability),
    ...(keywords ? (["keywords"] as const) : []),
    // When a mail wakes lies on it, as a keyword; and it is moved, never copied, lest it come back twice.
    ...(keywords && has.has("MOVE") ? (["snooze"] as const) : []),
  ];
}
