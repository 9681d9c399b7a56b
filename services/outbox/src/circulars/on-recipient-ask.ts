import { type CircularAnswer, type LeftOut, MOST_LEFT_OUT } from "@tamis/contracts";
import { ListFault } from "../lists/list-fault.ts";
import { tellFault } from "../lists/list-texts.ts";
import type { Lists } from "../lists/open-lists.ts";
import type { ResolvedSource } from "../lists/resolve-lists.ts";
import { toPath } from "../smtp/address.ts";
import type { AddedAll } from "../tables/add-listed.ts";
import type { SourcedRecipient } from "../tables/add-recipients.ts";
import type { CircularRecipients } from "../tables/circular-recipients.ts";
import type { Circulars } from "../tables/circulars.ts";
import type { Language } from "../texts.ts";
import { tellOf } from "./circular-texts.ts";
import { type Ask, refused } from "./refusal.ts";

export interface RecipientAskDeps {
  readonly circulars: Pick<Circulars, "discard" | "find">;
  readonly recipients: CircularRecipients;
  readonly lists: Lists;
  readonly language: Language;
  readonly now: () => Date;
}

type RecipientAsk = Ask<"add-lists" | "lists" | "discard" | "suppress" | "unsuppress" | "suppressed">;

/** Lists of one answer. */
const MOST_LISTS = 1000;

/** The part of `outbox.circulars` that is about who gets circulars, and who none. */
export async function onRecipientAsk(ask: RecipientAsk, deps: RecipientAskDeps): Promise<CircularAnswer> {
  const { recipients, now } = deps;
  switch (ask.op) {
    case "add-lists":
      return addLists(ask, deps);
    case "lists":
      return lists(ask, deps);
    case "discard":
      return discard(ask, deps);
    case "suppress":
    case "unsuppress": {
      const isGood = (address: string): boolean => toPath(address.trim()) !== null;
      const good = ask.addresses.filter(isGood).map((address) => address.trim());
      const changed = ask.op === "suppress" ? recipients.suppress(good, now()) : recipients.unsuppress(good);
      const invalid = ask.addresses.filter((address) => !isGood(address));
      return { kind: "suppression", changed: await changed, invalid };
    }
    case "suppressed":
      return { kind: "suppressed", ...(await recipients.suppressed({ after: ask.after, limit: ask.limit })) };
    default:
      return ask satisfies never;
  }
}

async function discard(
  { accountId, id }: Ask<"discard">,
  { circulars, language, now }: RecipientAskDeps,
): Promise<CircularAnswer> {
  const done = await circulars.discard(accountId, id, now());
  if (done === "missing") return refused("missing", tellOf("missing", language));
  if (done === "done") return { kind: "done" };
  const state = (await circulars.find(accountId, id))?.state ?? "?";
  return refused("not-possible", tellOf("not-possible", language, { state }));
}

/** The refusal that a list which cannot be used comes to; whatever else is thrown is thrown on. */
function refusedFor(error: unknown, language: Language): CircularAnswer {
  if (!(error instanceof ListFault)) throw error;
  const isAway = error.code === "away" || error.code === "changing";
  return refused(isAway ? "list-away" : "bad-list", tellFault(error, language));
}

async function lists({ kind }: Ask<"lists">, { lists: all, language }: RecipientAskDeps): Promise<CircularAnswer> {
  try {
    const found = await all.names(MOST_LISTS + 1, kind?.toLowerCase());
    return { kind: "lists", lists: found.slice(0, MOST_LISTS), isAll: found.length <= MOST_LISTS };
  } catch (error) {
    return refusedFor(error, language);
  }
}

/** All sources are read before anything is added, and then all is added, or nothing. */
async function addLists({ accountId, id, sources }: Ask<"add-lists">, deps: RecipientAskDeps): Promise<CircularAnswer> {
  const { circulars, recipients, language, now } = deps;
  // Before a directory is searched for it.
  if ((await circulars.find(accountId, id)) === null) return refused("missing", tellOf("missing", language));
  let resolved: readonly ResolvedSource[];
  try {
    resolved = await deps.lists.resolve([...new Set(sources)]);
  } catch (error) {
    return refusedFor(error, language);
  }
  const all = asRecipients(resolved);
  const added = await recipients.addAll(accountId, id, { recipients: all, now: now() });
  if (added === "missing") return refused("missing", tellOf("missing", language));
  if (added === "not-possible") return refused("not-possible", tellOf("not-draft", language));
  return accountOf(resolved, all, added);
}

/** The line of each is its place among all. */
const asRecipients = (resolved: readonly ResolvedSource[]): readonly SourcedRecipient[] =>
  resolved
    .flatMap(({ members, source }) => members.map((member) => ({ ...member, source })))
    .map(({ address, name, fields, source }, line) => ({
      ...{ line, address, fields, source },
      ...(name === undefined ? {} : { name }),
    }));

/** What came of each source. */
function accountOf(
  resolved: readonly ResolvedSource[],
  all: readonly SourcedRecipient[],
  { faults, suppressed, recipients }: AddedAll,
): CircularAnswer {
  let first = 0;
  const leftOut: LeftOut[] = [];
  const sources = resolved.map(({ source, members, lists: read, depth, notes }) => {
    const end = first + members.length;
    const own = faults.filter(({ line }) => line >= first && line < end);
    first = end;
    for (const fault of own)
      if (fault.kind !== "double")
        leftOut.push({
          source,
          address: all[fault.line]?.address ?? "",
          missing: fault.kind === "fields" ? fault.missing : [],
        });
    const count = (kind: "double" | "invalid" | "fields"): number => own.filter((fault) => fault.kind === kind).length;
    return {
      ...{ source, found: members.length, added: members.length - own.length },
      ...{ doubles: count("double"), invalid: count("invalid"), incomplete: count("fields") },
      ...{ lists: read, depth, notes },
    };
  });
  return {
    kind: "added-lists",
    sources,
    leftOut: leftOut.slice(0, MOST_LEFT_OUT),
    added: all.length - faults.length,
    suppressed,
    recipients,
  };
}
