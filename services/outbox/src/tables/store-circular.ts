import type { CircularReceipts } from "@tamis/contracts";
import { useFiles } from "./linked-files.ts";
import type { Db } from "./move.ts";
import { toColumn } from "./octets.ts";

/** A draft that may be stored. */
export interface NewCircular {
  readonly accountId: string;
  readonly key: string;
  readonly body: { readonly sha256: string; readonly octets: Uint8Array };
  readonly subject: string;
  readonly tracked: boolean;
  readonly receipts: CircularReceipts;
  readonly fields: readonly string[];
  /** The list that its recipients can leave. */
  readonly list?: string | null;
  /** SHA-256 of the draft as it was handed over, hex. */
  readonly draft: string;
  /** Names of its attachments in the object store. */
  readonly objects: readonly string[];
}

/** The one that was made now, or before under the same key; `other`: that one had another draft. */
export type StoredCircular = { readonly id: number; readonly isNew: boolean } | "other";

/** Brings a draft into the ledger, for nobody yet. */
export async function storeCircular(
  db: Db,
  { accountId, key, body, objects, ...circular }: NewCircular,
  now: Date,
): Promise<StoredCircular> {
  await db
    .insertInto("body")
    .values({ sha256: body.sha256, octets: toColumn(body.octets), used_at: now })
    // Updated rather than left alone: whoever drops unused bodies waits, and sees that this one is used.
    .onConflict((conflict) => conflict.column("sha256").doUpdateSet({ used_at: now }))
    .execute();
  const stored = await db
    .insertInto("circular")
    .values({
      ...circular,
      fields: JSON.stringify(circular.fields),
      account_id: accountId,
      key,
      state: "draft",
      body: body.sha256,
      created_at: now,
      changed_at: now,
    })
    .onConflict((conflict) => conflict.columns(["account_id", "key"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (stored !== undefined) {
    await useFiles(db, stored.id, objects);
    return { id: stored.id, isNew: true };
  }
  const known = await db
    .selectFrom("circular")
    .select(["id", "draft"])
    .where("account_id", "=", accountId)
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  return known.draft === circular.draft ? { id: known.id, isNew: false } : "other";
}
