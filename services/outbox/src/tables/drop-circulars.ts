import type { Store } from "@tamis/store";
import type { Tables } from "./schema.ts";
import { keepFormer } from "./subscriptions.ts";

/** Recipients of one transaction, so that no transaction is long. */
const BATCH = 500;

/** Drops drafts of circulars that ended before one moment, and all of those that ended, or were drafted, before another; how many of these. */
export async function dropCirculars(store: Store<Tables>, bodiesBefore: Date, before: Date): Promise<number> {
  await store.transaction((db) =>
    db
      .updateTable("circular")
      .set({ body: null })
      .where("finished_at", "<", bodiesBefore)
      .where("body", "is not", null)
      .execute(),
  );
  const old = await store.read((db) =>
    db
      .selectFrom("circular")
      .select("id")
      .where((row) =>
        row.or([
          row("finished_at", "<", before),
          row.and([row("state", "=", "draft"), row("created_at", "<", before)]),
        ]),
      )
      .execute(),
  );
  for (const { id } of old) await dropCircular(store, id);
  return old.length;
}

/** Drops one that has ended, or never began. Interrupted, it is dropped with the old ones. */
export async function dropCircular(store: Store<Tables>, id: number): Promise<void> {
  await dropRecipients(store, id);
  await store.transaction((db) => db.deleteFrom("circular").where("id", "=", id).execute());
}

async function dropRecipients(store: Store<Tables>, id: number): Promise<void> {
  for (let dropped = BATCH; dropped === BATCH; )
    dropped = await store.transaction(async (db) => {
      const rows = await db
        .selectFrom("circular_recipient")
        .select("id")
        .where("circular_id", "=", id)
        .limit(BATCH)
        .forUpdate()
        .skipLocked()
        .execute();
      const some = rows.map((row) => row.id);
      if (some.length === 0) return 0;
      await keepFormer(db, id, some);
      await db.deleteFrom("circular_recipient").where("id", "in", some).execute();
      return some.length;
    });
}
