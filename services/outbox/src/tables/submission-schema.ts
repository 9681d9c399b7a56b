import { type Kysely, sql } from "kysely";

/** `failures`: of what did not leave, or may not have; `all`: also of what the relay took. */
export type Reports = "none" | "failures" | "all";

export interface ReportTable {
  /** The state of a recipient that its author is owed a word on (RFC 3464). */
  report: {
    readonly recipient_id: number;
    readonly sending_id: number;
    readonly state: string;
    /** null: the word was said. */
    readonly due_at: Date | null;
  };
}

/** Migration `0004`. */
export async function makeSubmissions(db: Kysely<never>): Promise<void> {
  await db.schema
    .alterTable("sending")
    .addColumn("awaited", "boolean", (column) => column.notNull().defaultTo(false))
    .addColumn("reports", "text", (column) => column.notNull().defaultTo("none"))
    .addColumn("authzid", "text")
    .execute();
  await db.schema
    .alterTable("recipient")
    .addColumn("dsn_passed", "boolean", (column) => column.notNull().defaultTo(false))
    .execute();
  await db.schema
    .createTable("report")
    .addColumn("recipient_id", "integer", (column) =>
      column.primaryKey().references("recipient.id").onDelete("cascade"),
    )
    .addColumn("sending_id", "integer", (column) => column.notNull().references("sending.id").onDelete("cascade"))
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("due_at", "timestamptz")
    .execute();
  await db.schema
    .createIndex("report_due")
    .on("report")
    .column("due_at")
    .where(sql<boolean>`due_at is not null`)
    .execute();
}
