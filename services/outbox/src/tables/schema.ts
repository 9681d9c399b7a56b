import type { CircularReceipts, SendingState } from "@tamis/contracts";
import type { Migrations } from "@tamis/store";
import { type Generated, type Kysely, sql } from "kysely";
import type { SendingKind } from "../sending-kind.ts";
import { makeEdits } from "./circular-edits.ts";
import { type CircularTables, makeCirculars } from "./circular-schema.ts";
import { type DraftTable, makeDrafts } from "./draft-schema.ts";
import { type LinkedFileTable, makeLinkedFiles } from "./linked-files.ts";
import { makeRates, type RateTable } from "./rates.ts";
import { type LookupTable, makeTimesAndLookups } from "./recipients-schema.ts";
import { makeReminders } from "./reminders.ts";
import { makeSubmissions, type Reports, type ReportTable } from "./submission-schema.ts";
import { makeSubscriptions, type SubscriptionTables } from "./subscriptions.ts";
import { makeTracking, type TrackingTable } from "./tracking-schema.ts";

/** The ledger of what leaves. */
export interface Tables
  extends CircularTables,
    DraftTable,
    LookupTable,
    ReportTable,
    TrackingTable,
    SubscriptionTables,
    LinkedFileTable,
    RateTable {
  /** Whole mails, and drafts of circulars: each once, however many share it. */
  body: {
    /** SHA-256, hex. */
    readonly sha256: string;
    readonly octets: Uint8Array;
    /** When a sending last took it into use. */
    readonly used_at: Date;
  };
  sending: {
    readonly id: Generated<number>;
    readonly account_id: string;
    /** Of the mail whose script sends: with account and key the identity of the sending. */
    readonly fingerprint: string;
    readonly key: string;
    readonly kind: SendingKind;
    readonly mail_id: string;
    readonly message_id: string;
    /** null is <>. */
    readonly envelope_from: string | null;
    /** null: dropped some days after the last word. */
    readonly body: string | null;
    /** Header fields that stand before the body's own, lines ended by CRLF; "" for none. */
    readonly prefix: string;
    readonly internal_date: Date;
    /** JSON of the submission's `dsn` and `deliverBy`. */
    readonly dsn: string | null;
    readonly deliver_by: string | null;
    readonly cancels_keep: boolean;
    readonly stored_at: Date;
    readonly expires_at: Date;
    readonly traceparent: string | null;
    /** The last word on all recipients; null while there is none. */
    readonly settled: SettledState | null;
    readonly settled_at: Date | null;
    /** The word that was published. */
    readonly told: SettledState | null;
    readonly put_back: Generated<PutBack>;
    /** When the telling, or the putting back, is tried (again). */
    readonly tell_at: Date | null;
    readonly tell_attempts: Generated<number>;
    /** Its author waits for our answer: what has not begun when he is gone never does. */
    readonly awaited: Generated<boolean>;
    /** What its author is owed reports of. */
    readonly reports: Generated<Reports>;
    /** As whom it is sent (SASL authorization identity); null: as the relay's user. */
    readonly authzid: string | null;
    /** What `receipts` is told of: nothing, or each recipient. */
    readonly receipts: Generated<CircularReceipts>;
    /** Its reports come to subaddresses of its author; its own Disposition-Notification-To was taken out. */
    readonly subaddressed: Generated<boolean>;
  };
  recipient: {
    readonly id: Generated<number>;
    readonly sending_id: number;
    readonly address: string;
    /** The address as it is counted and compared. */
    readonly mailbox: string;
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
    /** The relay took over the wish for reports (RFC 3461). */
    readonly dsn_passed: Generated<boolean>;
  };
  /** Copies of what was sent that are still to be filed (RFC 8580); a row goes when `mailbox` has stored its copy. */
  filing: {
    readonly sending_id: number;
    readonly mailbox: string;
    readonly create: boolean;
    readonly special_use: string | null;
    /** JSON. */
    readonly flags: string;
    /** When it is tried (again). */
    readonly due_at: Date;
    readonly attempts: Generated<number>;
  };
  /** What each attempt came to. */
  attempt: {
    readonly recipient_id: number;
    readonly at: Date;
    readonly state: string;
    readonly code: number;
    readonly status: string | null;
    readonly reply: string;
  };
  /** Recipients by state, as changes that are added up: rows that nobody waits for, where one row per state would be a queue. */
  tally: { readonly state: SendingState; readonly change: number };
  /** What an installation made for itself. */
  kept: { readonly name: string; readonly value: string };
}

export type SettledState = "accepted" | "rejected" | "unknown" | "expired" | "cancelled";
/** Of a sending that cancelled the keep and did not leave: `due` until `mailbox` answered. */
export type PutBack = "none" | "due" | "done" | "gone";

async function makeBodies(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("body")
    .addColumn("sha256", "text", (column) => column.primaryKey())
    .addColumn("octets", "bytea", (column) => column.notNull())
    .addColumn("used_at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("kept")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("tally")
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("change", "integer", (column) => column.notNull())
    .execute();
}

async function makeSendings(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("sending")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("mail_id", "text", (column) => column.notNull())
    .addColumn("message_id", "text", (column) => column.notNull())
    .addColumn("envelope_from", "text")
    .addColumn("body", "text", (column) => column.references("body.sha256"))
    .addColumn("prefix", "text", (column) => column.notNull())
    .addColumn("internal_date", "timestamptz", (column) => column.notNull())
    .addColumn("dsn", "text")
    .addColumn("deliver_by", "text")
    .addColumn("cancels_keep", "boolean", (column) => column.notNull())
    .addColumn("stored_at", "timestamptz", (column) => column.notNull())
    .addColumn("expires_at", "timestamptz", (column) => column.notNull())
    .addColumn("traceparent", "text")
    .addColumn("settled", "text")
    .addColumn("settled_at", "timestamptz")
    .addColumn("told", "text")
    .addColumn("put_back", "text", (column) => column.notNull().defaultTo("none"))
    .addColumn("tell_at", "timestamptz")
    .addColumn("tell_attempts", "integer", (column) => column.notNull().defaultTo(0))
    .addUniqueConstraint("sending_identity", ["account_id", "fingerprint", "key"])
    .execute();
  await index(db, "sending_limits", ["account_id", "kind", "stored_at"]);
  await index(db, "sending_body", ["body"]);
  await index(db, "sending_settled", ["settled_at"]);
  await db.schema
    .createIndex("sending_untold")
    .on("sending")
    .column("tell_at")
    .where(sql<boolean>`tell_at is not null`)
    .execute();
}

async function makeRecipients(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("recipient")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("sending_id", "integer", (column) => column.notNull().references("sending.id").onDelete("cascade"))
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("mailbox", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addColumn("lease", "text")
    .addColumn("lease_until", "timestamptz")
    .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("next_at", "timestamptz", (column) => column.notNull())
    .addColumn("code", "integer")
    .addColumn("status", "text")
    .addColumn("reply", "text")
    .execute();
  await index(db, "recipient_sending", ["sending_id"]);
  await index(db, "recipient_mailbox", ["mailbox"]);
  for (const [name, column, states] of [
    ["recipient_due", "next_at", sql<boolean>`state in ('scheduled', 'deferred')`],
    ["recipient_leased", "lease_until", sql<boolean>`state in ('claimed', 'begun')`],
  ] as const)
    await db.schema.createIndex(name).on("recipient").column(column).where(states).execute();
  await db.schema
    .createTable("attempt")
    .addColumn("recipient_id", "integer", (column) => column.notNull().references("recipient.id").onDelete("cascade"))
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("code", "integer", (column) => column.notNull())
    .addColumn("status", "text")
    .addColumn("reply", "text", (column) => column.notNull())
    .execute();
  await index(db, "attempt_recipient", ["recipient_id"]);
}

function index(db: Kysely<never>, name: string, columns: string[]): Promise<void> {
  const [table = ""] = name.split("_");
  return db.schema.createIndex(name).on(table).columns(columns).execute();
}

async function makeLedger(db: Kysely<never>): Promise<void> {
  await makeBodies(db);
  await makeSendings(db);
  await makeRecipients(db);
}

async function makeFilings(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("filing")
    .addColumn("sending_id", "integer", (column) => column.primaryKey().references("sending.id").onDelete("cascade"))
    .addColumn("mailbox", "text", (column) => column.notNull())
    .addColumn("create", "boolean", (column) => column.notNull())
    .addColumn("special_use", "text")
    .addColumn("flags", "text", (column) => column.notNull())
    .addColumn("due_at", "timestamptz", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
  await index(db, "filing_due", ["due_at"]);
}

export const migrations: Migrations = {
  "0001-ledger": { up: makeLedger },
  "0002-filings": { up: makeFilings },
  "0003-circulars": { up: makeCirculars },
  "0004-submissions": { up: makeSubmissions },
  "0005-tracking": { up: makeTracking },
  "0006-drafts": { up: makeDrafts },
  "0007-times-and-lookups": { up: makeTimesAndLookups },
  "0008-subscriptions": { up: makeSubscriptions },
  "0009-linked-files": { up: makeLinkedFiles },
  "0010-reminders": { up: makeReminders },
  "0011-edits": { up: makeEdits },
  "0012-rates": { up: makeRates },
};
