import type { OfficeHours } from "@tamis/when";
import { type ColumnType, type Generated, type Kysely, sql } from "kysely";

/** When in the day a circular leaves, and how it recurs. */
export interface CircularTimes {
  /** null: whenever. */
  readonly hours: ColumnType<OfficeHours | null, string | null, string | null>;
  /** The office hours that are, or the next that will be: from the first instant on, up to the second. null: without office hours. */
  readonly open_from: Date | null;
  readonly open_until: Date | null;
  /** The rule by which it recurs, as Send Later writes it. */
  readonly every: string | null;
  /** How many more there will be after it; null: without end. */
  readonly every_left: number | null;
  /** The circular that was the first of them. */
  readonly series: number | null;
  /** Another is to be made when it begins. */
  readonly follows: Generated<boolean>;
}

/** Recipients of either kind of whom nobody knows, that were looked up, or are being. */
export interface LookupTable {
  lookup: {
    readonly recipient_id: number;
    /** When it became unknown: looked up for another time, it is a new question. */
    readonly since: Date;
    /** When it is asked (again). */
    readonly due_at: Date;
    readonly attempts: number;
  };
}

/** Migration `0007`. */
export async function makeTimesAndLookups(db: Kysely<never>): Promise<void> {
  await db.schema
    .alterTable("circular")
    .addColumn("hours", "jsonb")
    .addColumn("open_from", "timestamptz")
    .addColumn("open_until", "timestamptz")
    .addColumn("every", "text")
    .addColumn("every_left", "integer")
    .addColumn("series", "integer")
    .addColumn("follows", "boolean", (column) => column.notNull().defaultTo(false))
    .execute();
  await db.schema
    .createIndex("circular_series")
    .on("circular")
    .column("series")
    .where(sql<boolean>`series is not null`)
    .execute();
  await db.schema
    .createTable("lookup")
    .addColumn("recipient_id", "integer", (column) => column.primaryKey())
    .addColumn("since", "timestamptz", (column) => column.notNull())
    .addColumn("due_at", "timestamptz", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .execute();
  // There are few of them among many.
  for (const table of ["recipient", "circular_recipient"])
    await db.schema
      .createIndex(`${table}_unknown`)
      .on(table)
      .column("changed_at")
      .where(sql<boolean>`state = 'unknown'`)
      .execute();
}
