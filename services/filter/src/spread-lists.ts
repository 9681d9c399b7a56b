import type { Action, Redirect } from "@tamis/sieve";
import type { RuledAction } from "./layers.ts";
import { canonicalEntry } from "./list-entries.ts";
import type { MailLists } from "./mail-lists.ts";
import type { Fate, Fates } from "./plan.ts";
import type { TextName } from "./texts.ts";

export interface SpreadContext {
  readonly lists: Pick<MailLists, "members">;
  /** The owner's address. */
  readonly address: string;
  /** Addresses that the redirects of one mail may come to. */
  readonly mostRecipients: number;
}

/** Actions without lists to redirect to, but for those that have a fate already: the mail is kept. */
export interface Spread {
  readonly actions: readonly RuledAction[];
  readonly fates: Fates;
}

/**
 * `redirect :list` (RFC 6134 §2.3) becomes a redirect to each member; the owner, where he is one, keeps his copy. A list that is
 * empty, or with which the mail would go to too many, is not used. Throws `RetryLater` while a list cannot be read.
 */
export async function spreadLists(actions: readonly RuledAction[], context: SpreadContext): Promise<Spread> {
  if (!actions.some(({ action }) => isToList(action))) return { actions, fates: new Map() };
  const members = new Map<RuledAction, readonly string[]>();
  const fates = new Map<Action, Fate>();
  for (const ruled of actions) {
    if (!isToList(ruled.action)) continue;
    const found = await context.lists.members(ruled.action.address);
    if (found === "unusable" || found.length === 0)
      fates.set(ruled.action, kept(found === "unusable" ? "list-unusable" : "list-empty"));
    else members.set(ruled, found);
  }
  const recipients = new Set([...members.values()].flatMap((found) => found.map(canonicalEntry)));
  for (const { action } of actions)
    if (isRedirect(action) && !isToList(action)) recipients.add(canonicalEntry(action.address));
  if (recipients.size > context.mostRecipients) {
    for (const { action } of members.keys()) fates.set(action, kept("list-too-long"));
    return { actions, fates };
  }
  return { actions: actions.flatMap((ruled) => toMembers(ruled, members.get(ruled), context.address)), fates };
}

const kept = (text: TextName): Fate => ({ kind: "kept", fault: { text } });

const isRedirect = (action: Action): action is Redirect => action.kind === "redirect";

/** Whether it goes to a list that has not been spread. */
export const isToList = (action: Action): action is Redirect & { readonly list: true } =>
  isRedirect(action) && action.list === true;

function toMembers(ruled: RuledAction, members: readonly string[] | undefined, owner: string): readonly RuledAction[] {
  const { layer, action } = ruled;
  if (members === undefined || !isToList(action)) return [ruled];
  const { list: _, ...redirect } = action;
  return members.flatMap((address): readonly RuledAction[] => {
    if (canonicalEntry(address) !== canonicalEntry(owner)) return [{ layer, action: { ...redirect, address } }];
    const { copy, origin, edits } = redirect;
    // Beside a copy the keep stands as it is.
    if (copy) return [];
    return [{ layer, action: { kind: "keep", implicit: false, origin, ...(edits === undefined ? {} : { edits }) } }];
  });
}
