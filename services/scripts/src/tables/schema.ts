import type { Migrations } from "@tamis/store";
import { type Generated, type Kysely, sql } from "kysely";

/** The tables of this service (RFC 5804 §1.4: many scripts, at most one active). */
export interface Tables {
  account: {
    /** accountId. */
    readonly id: string;
    /** Counts the changes of the account's scripts. */
    readonly changes: Generated<number>;
    /** The change that the copy in KV shows. */
    readonly copied: Generated<number>;
  };
  script: {
    readonly id: Generated<number>;
    readonly account_id: string;
    readonly name: string;
    readonly text: string;
    readonly octets: number;
    /** 1, and one more with each new text. */
    readonly version: Generated<number>;
    readonly active: Generated<boolean>;
    readonly changed_at: Date;
  };
  /** What a script was before, newest last. */
  former_text: {
    readonly script_id: number;
    readonly version: number;
    readonly text: string;
    readonly changed_at: Date;
  };
}

async function makeTables(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("account")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("changes", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("copied", "integer", (column) => column.notNull().defaultTo(-1))
    .execute();
  await db.schema
    .createTable("script")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("account_id", "text", (column) => column.notNull().references("account.id").onDelete("cascade"))
    // By octets, wherever the database was made: names that look alike stay two.
    .addColumn("name", sql`text collate "C"`, (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("octets", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull().defaultTo(1))
    .addColumn("active", "boolean", (column) => column.notNull().defaultTo(false))
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addUniqueConstraint("script_name", ["account_id", "name"])
    .execute();
  await db.schema
    .createIndex("script_active")
    .unique()
    .on("script")
    .column("account_id")
    .where(sql<boolean>`active`)
    .execute();
  await db.schema
    .createTable("former_text")
    .addColumn("script_id", "integer", (column) => column.notNull().references("script.id").onDelete("cascade"))
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("former_text_key", ["script_id", "version"])
    .execute();
}

export const migrations: Migrations = { "0001-scripts": { up: makeTables } };
