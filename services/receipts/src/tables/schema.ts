import type { ReceiptState, ReportSeen } from "@tamis/contracts";
import type { Migrations } from "@tamis/store";
import { type ColumnType, type Generated, type Kysely, sql } from "kysely";
import { makeRequests, type RequestTables } from "./requests-schema.ts";

/** A number of the ledger of `outbox`: written as text, compared as a number. */
type Numbered = ColumnType<never, string, never>;

/** What is known of what was sent, and what is asked of our users. */
export interface Tables extends RequestTables {
  receipt: {
    readonly id: Numbered;
    /** null: a report came before `outbox` told of the mail. */
    readonly account_id: string | null;
    readonly circular_id: string | null;
    readonly address: string | null;
    readonly message_id: string | null;
    readonly envelope_id: string | null;
    readonly asks_disposition: Generated<boolean>;
    readonly sent_at: Date | null;
    readonly state: Generated<ReceiptState>;
    readonly state_at: Date | null;
    readonly status: string | null;
    readonly auto_reply_at: Date | null;
    readonly complained_at: Date | null;
    /** Reports without a token that claim to be about it. */
    readonly unverified: Generated<number>;
    readonly made_at: Date;
  };
  report: {
    readonly id: Generated<number>;
    readonly receipt_id: Numbered;
    /** Whose mail it came in, and its fingerprint there: the identity of the report, which may be about several recipients. */
    readonly account_id: string;
    readonly fingerprint: string;
    readonly kind: ReportSeen["kind"];
    readonly verified: boolean;
    readonly state: ReceiptState | null;
    readonly status: string | null;
    readonly at: Date;
    /** Of a disposition: whom its program calls the recipient, where that is not the recipient; null: nobody, or him. */
    readonly said_by: string | null;
  };
}

async function makeTables(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("receipt")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("account_id", "text")
    .addColumn("circular_id", "text")
    .addColumn("address", "text")
    .addColumn("message_id", "text")
    .addColumn("envelope_id", "text")
    .addColumn("asks_disposition", "boolean", (column) => column.notNull().defaultTo(false))
    .addColumn("sent_at", "timestamptz")
    .addColumn("state", "text", (column) => column.notNull().defaultTo("none"))
    .addColumn("state_at", "timestamptz")
    .addColumn("status", "text")
    .addColumn("auto_reply_at", "timestamptz")
    .addColumn("complained_at", "timestamptz")
    .addColumn("unverified", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("made_at", "timestamptz", (column) => column.notNull())
    .execute();
  await index(db, "receipt_of_account", ["account_id", "id"]);
  await index(db, "receipt_of_circular", ["circular_id", "id"]);
  await index(db, "receipt_message_id", ["message_id"]);
  await index(db, "receipt_envelope_id", ["envelope_id"]);
  await index(db, "receipt_made_at", ["made_at"]);
  await db.schema
    .createTable("report")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("receipt_id", "bigint", (column) => column.notNull().references("receipt.id").onDelete("cascade"))
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("verified", "boolean", (column) => column.notNull())
    .addColumn("state", "text")
    .addColumn("status", "text")
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addUniqueConstraint("report_identity", ["account_id", "fingerprint"])
    .execute();
  await index(db, "report_receipt", ["receipt_id"]);
}

async function index(db: Kysely<never>, name: string, columns: string[]): Promise<void> {
  const [table = ""] = name.split("_");
  await db.schema.createIndex(name).on(table).columns(columns).execute();
}

/**
 * A report may be about several recipients of one mail; what was sent is as old as it is, whenever `outbox` told of it; and a disposition may
 * come from somebody else.
 */
async function refine(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable("report").addColumn("said_by", "text").execute();
  await db.schema.alterTable("report").dropConstraint("report_identity").execute();
  await db.schema
    .alterTable("report")
    .addUniqueConstraint("report_once", ["account_id", "fingerprint", "receipt_id"])
    .execute();
  await db.schema.dropIndex("receipt_made_at").execute();
  await db.schema.createIndex("receipt_age").on("receipt").expression(sql`coalesce(sent_at, made_at)`).execute();
}

export const migrations: Migrations = {
  "0001-receipts": { up: makeTables },
  "0002-requests": { up: makeRequests },
  "0003-several-recipients": { up: refine },
};
