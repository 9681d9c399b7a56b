import type { RecipientFault } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import {
  addRecipients,
  type CircularRecipientsOptions,
  lockCircular,
  numbers,
  type SourcedRecipient,
} from "./add-recipients.ts";
import type { Tables } from "./schema.ts";

/** What became of all recipients of a request: those without a fault were added. */
export interface AddedAll {
  readonly suppressed: number;
  /** By the `line` of their recipients. */
  readonly faults: readonly RecipientFault[];
  /** Of the circular, now. */
  readonly recipients: number;
}

/** Recipients of one statement. */
const PAGE = 500;

/** Adds recipients to a draft, however many: all that can be written to, in one transaction. */
export async function addAll(
  store: Store<Tables>,
  circular: { readonly accountId: string; readonly id: string },
  adding: CircularRecipientsOptions & { readonly recipients: readonly SourcedRecipient[]; readonly now: Date },
): Promise<AddedAll | "missing" | "not-possible"> {
  const { recipients, ...options } = adding;
  // In a transaction of its own: other circulars need numbers, too, while this one is filled.
  const first = await store.transaction((db) => numbers(db, recipients.length));
  return store.transaction(async (db) => {
    const draft = await lockCircular(db, circular.accountId, circular.id);
    if (draft === undefined) return "missing";
    if (draft.state !== "draft") return "not-possible";
    const faults: RecipientFault[] = [];
    let suppressed = 0;
    let count = 0;
    for (let from = 0; from < Math.max(1, recipients.length); from += PAGE) {
      const page = { recipients: recipients.slice(from, from + PAGE), first: first + from };
      const added = await addRecipients(db, draft, { ...options, ...page });
      faults.push(...added.faults);
      suppressed += added.suppressed;
      count = added.recipients;
    }
    return { suppressed, faults, recipients: count };
  });
}
