import { RetryLater } from "@tamis/bus";
import type { CircularAnswer } from "@tamis/contracts";
import type { Account, Language } from "@tamis/kit";
import type { ConsoleContext } from "../console-context.ts";
import { Problem } from "../http/problem.ts";
import { granted } from "../refusal.ts";

export type NamedLists = Omit<Extract<CircularAnswer, { readonly kind: "lists" }>, "kind">;
export type AddedLists = Extract<CircularAnswer, { readonly kind: "added-lists" }>;

interface Asked {
  readonly account: Account;
  readonly language: Language;
}

type Deps = Pick<ConsoleContext, "behind" | "listsOf">;

/** A page waits so long for the names of lists, ms. */
const NAMES_MS = 5_000;
/** A directory may be slow, and its lists long, ms. */
const ADD_MS = 180_000;

/** The lists that somebody may write to; `kind`: only those of it. A {@link Problem} where they cannot be read. */
export async function namedLists(
  { account, language, kind }: Asked & { readonly kind?: string | undefined },
  { behind, listsOf }: Deps,
): Promise<NamedLists> {
  const { covers, kinds } = listsOf(account);
  const wanted = kind?.toLowerCase();
  const asked = wanted === undefined ? kinds : kinds === null || kinds.includes(wanted) ? [wanted] : [];
  const found: NamedLists[] = [];
  for (const one of asked ?? [undefined]) {
    const only = one === undefined ? {} : { kind: one };
    const question = { op: "lists", accountId: account.id, language, ...only } as const;
    found.push(granted(await behind.ask(question, "lists", NAMES_MS)));
  }
  return {
    lists: found.flatMap(({ lists }) => lists).filter(({ name }) => covers(name)),
    isAll: found.every(({ isAll }) => isAll),
  };
}

/** As {@link namedLists}, for a page that is shown without them, too: null where they cannot be read now. */
export async function listsForPage(asked: Asked, deps: Deps): Promise<NamedLists | null> {
  try {
    return await namedLists(asked, deps);
  } catch (error) {
    if (error instanceof Problem || error instanceof RetryLater) return null;
    throw error;
  }
}

export interface AddingLists extends Asked {
  /** Of the circular. */
  readonly id: string;
  readonly lists: readonly string[];
}

/** Adds what lists hold: all of it, or nothing. A {@link Problem} where one of them is not the sender's to use. */
export async function addLists({ account, language, id, lists }: AddingLists, deps: Deps): Promise<AddedLists> {
  const { covers } = deps.listsOf(account);
  const foreign = lists.filter((name) => !covers(name));
  if (foreign.length > 0) throw new Problem("not-your-list", foreign.join(", "));
  const question = { op: "add-lists", accountId: account.id, id, language, sources: lists } as const;
  return granted(await deps.behind.ask(question, "added-lists", ADD_MS));
}
