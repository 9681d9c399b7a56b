import type { Db } from "./move.ts";

/** Nothing follows a circular of a locked row any more, and those that were to begin after it are cancelled. Resolves with whether there were any. */
export async function stopSeries(
  db: Db,
  { id, series }: { readonly id: number; readonly series: number | null },
  now: Date,
): Promise<boolean> {
  if (series === null) return false;
  const stopped = await db
    .updateTable("circular")
    .set({ follows: false })
    .where("series", "=", series)
    .where("follows", "=", true)
    .returning("id")
    .execute();
  const cancelled = await db
    .updateTable("circular")
    .set({ state: "cancelled", held: null, changed_at: now })
    .where("series", "=", series)
    .where("id", "<>", id)
    .where("state", "in", ["scheduled", "held"])
    .where("started_at", "is", null)
    .returning("id")
    .execute();
  return stopped.length + cancelled.length > 0;
}
