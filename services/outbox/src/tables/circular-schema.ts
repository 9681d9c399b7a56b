import type { CircularReceipts, CircularState, Sealing, SendingState } from "@tamis/contracts";
import { type ColumnType, type Generated, type Kysely, sql } from "kysely";
import type { CircularTimes } from "./recipients-schema.ts";
import type { CircularReminding } from "./reminders.ts";

/** Recipients of circulars are numbered from here, those of sendings from 1: a number names one recipient of either. */
const FIRST_NUMBER = 1_000_000_000;

/** The ledger of circulars. */
export interface CircularTables {
  /** One row: the number of the next recipient. It is known before the row is written, as the Message-ID is made of it. */
  circular_number: { readonly next: number };
  circular: CircularTimes &
    CircularReminding & {
      readonly id: Generated<number>;
      readonly account_id: string;
      /** With the account the identity of the circular: asked for again, it is the same. */
      readonly key: string;
      readonly state: CircularState;
      /** Of the draft as a frame; null: dropped some days after the end. */
      readonly body: string | null;
      readonly subject: string;
      readonly tracked: boolean;
      /** What `receipts` is told of: nothing, or each recipient, whose Message-ID has a token then. */
      readonly receipts: Generated<CircularReceipts>;
      /** The list that can be left: `listOf`; null: none. */
      readonly list: string | null;
      /** SHA-256 of the draft as it was handed over, hex; null: nobody handed one over under its key. */
      readonly draft: string | null;
      /** Merge fields that the draft names without a default. */
      readonly fields: ColumnType<readonly string[], string, string>;
      readonly test_of: number | null;
      /** The lowest number of its recipients: where a page of them begins. */
      readonly first_recipient: number | null;
      readonly created_at: Date;
      readonly due_at: Date | null;
      /** What its owner said: the instant is computed from it again when the rules of a zone change. */
      readonly wall: string | null;
      readonly zone: string | null;
      readonly which: "earlier" | "later" | null;
      readonly started_at: Date | null;
      readonly deadline_at: Date | null;
      readonly finished_at: Date | null;
      readonly held: "late" | "restored" | null;
      /** When its state changed, and the change that was published last. */
      readonly changed_at: Date;
      readonly told_at: Date | null;
    };
  circular_recipient: {
    readonly id: number;
    readonly circular_id: number;
    readonly address: string;
    /** The address as it is compared. */
    readonly mailbox: string;
    readonly name: string | null;
    readonly fields: ColumnType<Readonly<Record<string, string>>, string, never>;
    /** Of a tracked circular: its own, the same at each attempt, with angle brackets. */
    readonly message_id: string | null;
    readonly state: SendingState;
    readonly changed_at: Date;
    /** Names one claim of one instance; kept after the word, so that its own late answer is known. */
    readonly lease: string | null;
    readonly lease_until: Date | null;
    readonly attempts: Generated<number>;
    readonly next_at: Date;
    readonly code: number | null;
    readonly status: string | null;
    readonly reply: string | null;
    /** How secrets went to them at the last attempt, or why they did not. */
    readonly sealing: ColumnType<Sealing | null, string | null | undefined, string | null>;
    /** Where it comes from; null: that is not known. */
    readonly source: ColumnType<string | null, string | null | undefined, never>;
  };
  /** Recipients by state, changed with them. Each instance adds in a slot of its own, so that none waits for another. */
  circular_count: {
    readonly circular_id: number;
    readonly slot: number;
    readonly state: SendingState;
    readonly count: number;
  };
  /** Attempts that were not the last; the last is in the recipient's row. */
  circular_attempt: {
    readonly recipient_id: number;
    readonly at: Date;
    readonly state: string;
    readonly code: number | null;
    readonly status: string | null;
    readonly reply: string | null;
  };
  /** Mailboxes that get no circular. */
  suppressed: { readonly mailbox: string; readonly at: Date };
}

/** Migration `0002`. */
export async function makeCirculars(db: Kysely<never>): Promise<void> {
  await makeCircular(db);
  await makeRecipients(db);
  await db.schema
    .createTable("circular_count")
    .addColumn("circular_id", "integer", (column) => column.notNull().references("circular.id").onDelete("cascade"))
    .addColumn("slot", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("count", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("circular_count_of", ["circular_id", "slot", "state"])
    .execute();
  await db.schema
    .createTable("circular_attempt")
    .addColumn("recipient_id", "integer", (column) =>
      column.notNull().references("circular_recipient.id").onDelete("cascade"),
    )
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("code", "integer")
    .addColumn("status", "text")
    .addColumn("reply", "text")
    .execute();
  await db.schema.createIndex("circular_attempt_of").on("circular_attempt").column("recipient_id").execute();
  await db.schema
    .createTable("circular_number")
    .addColumn("next", "integer", (column) => column.notNull())
    .execute();
  // Proof: the table was made in the line before; what a migration is given has no types.
  await (db as unknown as Kysely<CircularTables>)
    .insertInto("circular_number")
    .values({ next: FIRST_NUMBER })
    .execute();
  await db.schema
    .createTable("suppressed")
    .addColumn("mailbox", "text", (column) => column.primaryKey())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .execute();
}

async function makeCircular(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("circular")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.references("body.sha256"))
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("tracked", "boolean", (column) => column.notNull())
    .addColumn("fields", "jsonb", (column) => column.notNull())
    .addColumn("test_of", "integer", (column) => column.references("circular.id").onDelete("cascade"))
    .addColumn("first_recipient", "integer")
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addColumn("due_at", "timestamptz")
    .addColumn("wall", "text")
    .addColumn("zone", "text")
    .addColumn("which", "text")
    .addColumn("started_at", "timestamptz")
    .addColumn("deadline_at", "timestamptz")
    .addColumn("finished_at", "timestamptz")
    .addColumn("held", "text")
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addColumn("told_at", "timestamptz")
    .addUniqueConstraint("circular_identity", ["account_id", "key"])
    .execute();
  await db.schema.createIndex("circular_body").on("circular").column("body").execute();
  await db.schema.createIndex("circular_test").on("circular").column("test_of").execute();
  await db.schema.createIndex("circular_open").on("circular").columns(["state", "finished_at"]).execute();
}

async function makeRecipients(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("circular_recipient")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("circular_id", "integer", (column) => column.notNull().references("circular.id").onDelete("cascade"))
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("mailbox", "text", (column) => column.notNull())
    .addColumn("name", "text")
    .addColumn("fields", "jsonb", (column) => column.notNull())
    .addColumn("message_id", "text")
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addColumn("lease", "text")
    .addColumn("lease_until", "timestamptz")
    .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("next_at", "timestamptz", (column) => column.notNull())
    .addColumn("code", "integer")
    .addColumn("status", "text")
    .addColumn("reply", "text")
    .addUniqueConstraint("circular_recipient_once", ["circular_id", "mailbox"])
    .execute();
  await db.schema
    .createIndex("circular_recipient_due")
    .on("circular_recipient")
    .columns(["circular_id", "next_at"])
    .where(sql<boolean>`state in ('scheduled', 'deferred')`)
    .execute();
  await db.schema
    .createIndex("circular_recipient_leased")
    .on("circular_recipient")
    .column("lease_until")
    .where(sql<boolean>`state in ('claimed', 'begun')`)
    .execute();
}
