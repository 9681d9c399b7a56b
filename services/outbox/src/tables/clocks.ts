import type { Store } from "@tamis/store";
import { sql } from "kysely";
import type { Tables } from "./schema.ts";

/** The earlier of our clock and the database's, in a query: an instance whose clock runs ahead sends nothing early. */
export const byBothClocks = (now: Date) => sql<Date>`least(${now}::timestamptz, now())`;

/** So many milliseconds before that. */
export const longAgoByBothClocks = (now: Date, ms: number) =>
  sql<Date>`${byBothClocks(now)} - make_interval(secs => ${ms / 1000}::float8)`;

/** When, by our clock, both clocks show the time in this column of a query. */
export const whenBothShow = (column: string, now: Date) =>
  sql<Date>`${sql.ref(column)} + greatest(interval '0', ${now}::timestamptz - now())`;

type Reader = Pick<Store<Tables>, "read">;

/** The earlier of our clock and the database's: an instance whose clock runs ahead ends nobody's lease, and drops nothing as old. */
export async function agreedNow(store: Reader, now: Date): Promise<Date> {
  const { rows } = await store.read((db) => sql<{ at: Date }>`select ${byBothClocks(now)} as at`.execute(db));
  return rows[0]?.at ?? now;
}

/** How far our clock is ahead of the database's, ms; negative where it is behind. As exact as half a round trip. */
export async function clockAheadMs(store: Reader, clock: () => number): Promise<number> {
  const before = clock();
  const { rows } = await store.read((db) => sql<{ at: Date }>`select clock_timestamp() as at`.execute(db));
  const after = clock();
  return (before + after) / 2 - (rows[0]?.at.getTime() ?? after);
}
