import type { StoreHandle } from "@tamis/store";
import { sql } from "kysely";
import { lockCircular } from "./add-recipients.ts";
import { countMoves, countsOf, totalOf } from "./circular-counts.ts";
import { numberOf } from "./circulars.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** How many came of a source; null: it is not known. */
export interface RecipientSource {
  readonly source: string | null;
  readonly recipients: number;
}

/** By their numbers, or those of a source; all of them where neither is given. */
export interface RecipientsToRemove {
  readonly recipients?: readonly string[] | undefined;
  readonly source?: string | null | undefined;
}

/** Where the recipients of a circular come from; null: there is no such circular. */
export async function sourcesOf(
  db: StoreHandle<Tables>,
  accountId: string,
  id: string,
): Promise<readonly RecipientSource[] | null> {
  const circular = await db
    .selectFrom("circular")
    .select("id")
    .where("id", "=", numberOf(id))
    .where("account_id", "=", accountId)
    .executeTakeFirst();
  if (circular === undefined) return null;
  return db
    .selectFrom("circular_recipient")
    .select((row) => ["source", row.cast<number>(row.fn.countAll(), "integer").as("recipients")])
    .where("circular_id", "=", circular.id)
    .groupBy("source")
    .orderBy("source")
    .execute();
}

interface Removing extends RecipientsToRemove {
  readonly accountId: string;
  readonly id: string;
  readonly slot: number;
}

/** Takes recipients out of a draft. */
export async function removeRecipients(db: Db, { accountId, id, recipients, source, slot }: Removing) {
  const row = await lockCircular(db, accountId, id);
  if (row === undefined) return "missing";
  if (row.state !== "draft") return "not-possible";
  const removed = await db
    .deleteFrom("circular_recipient")
    .where("circular_id", "=", row.id)
    .$if(recipients !== undefined, (query) =>
      query.where("id", "=", sql<number>`any(${(recipients ?? []).map(numberOf)}::int[])`),
    )
    .$if(source !== undefined, (query) => query.where("source", "is not distinct from", source ?? null))
    .returning("state")
    .execute();
  const moves = removed.map(({ state }) => ({ circularId: row.id, from: state, to: null }));
  await countMoves(db, slot, moves);
  return { removed: removed.length, recipients: totalOf((await countsOf(db, [row.id])).get(row.id) ?? {}) };
}
