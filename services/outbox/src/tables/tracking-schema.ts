import type { Kysely } from "kysely";

export interface TrackingTable {
  /** Recipients that left, or may have, of which `receipts` has yet to be told; a row goes when the fact is published. */
  tracking: {
    /** Of a circular or of a sending: a number names one recipient of either. */
    readonly recipient_id: number;
    /** When it is told (again). */
    readonly due_at: Date;
  };
}

/** Migration `0005`. */
export async function makeTracking(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("tracking")
    .addColumn("recipient_id", "integer", (column) => column.primaryKey())
    .addColumn("due_at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("tracking_due").on("tracking").column("due_at").execute();
  for (const table of ["circular", "sending"])
    await db.schema
      .alterTable(table)
      .addColumn("receipts", "text", (column) => column.notNull().defaultTo("none"))
      .execute();
  await db.schema
    .alterTable("sending")
    .addColumn("subaddressed", "boolean", (column) => column.notNull().defaultTo(false))
    .execute();
}
