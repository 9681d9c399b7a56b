import { type Generated, type Kysely, sql } from "kysely";

/** `offered`: it does not leave yet; `scheduled`: it leaves at its time; `ended`: it does not leave any more. */
export type DraftState = "offered" | "scheduled" | "ended";

export interface DraftTable {
  /** Drafts that people left in a folder to be sent later. Each occurrence is a sending. */
  draft: {
    readonly id: Generated<number>;
    readonly account_id: string;
    /** Part of the Message-IDs of its mails. */
    readonly name: string;
    /** SHA-256 of the draft as it lay in its folder, hex: the same octets are the same draft. */
    readonly sha256: string;
    /** By which `mailbox` knows it again. */
    readonly fingerprint: string;
    readonly internal_date: Date;
    readonly address: string;
    /** JSON: other addresses of its owner; null: it was offered before they were kept. */
    readonly identities: string | null;
    readonly subject: string;
    readonly state: DraftState;
    /** Why it ended: it was sent, or went back. */
    readonly outcome: "sent" | "back" | null;
    readonly envelope_from: string;
    /** JSON: addresses. */
    readonly recipients: string;
    /** Into `body`. */
    readonly body: string;
    readonly authzid: string | null;
    readonly wall: string;
    readonly zone: string;
    readonly due_at: Date;
    readonly recurrence: string | null;
    readonly ends_on_reply: boolean;
    readonly replied_at: Date | null;
    /** From 1. */
    readonly occurrence: number;
    /** The sending of this occurrence. */
    readonly sending_id: number | null;
    /** The last word on that which was carried out in its owner's mailbox. */
    readonly word: string | null;
    /** When to look at that sending; null: not before somebody changes it. */
    readonly step_at: Date | null;
    readonly attempts: Generated<number>;
    readonly changed_at: Date;
  };
}

/** Migration `0006`. */
export async function makeDrafts(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("draft")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("sha256", "text", (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("internal_date", "timestamptz", (column) => column.notNull())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("outcome", "text")
    .addColumn("envelope_from", "text", (column) => column.notNull())
    .addColumn("recipients", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("authzid", "text")
    .addColumn("wall", "text", (column) => column.notNull())
    .addColumn("zone", "text", (column) => column.notNull())
    .addColumn("due_at", "timestamptz", (column) => column.notNull())
    .addColumn("recurrence", "text")
    .addColumn("ends_on_reply", "boolean", (column) => column.notNull())
    .addColumn("replied_at", "timestamptz")
    .addColumn("occurrence", "integer", (column) => column.notNull())
    .addColumn("sending_id", "integer", (column) => column.references("sending.id").onDelete("set null"))
    .addColumn("word", "text")
    .addColumn("step_at", "timestamptz")
    .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("draft_octets").on("draft").columns(["account_id", "sha256"]).execute();
  await db.schema.createIndex("draft_print").on("draft").columns(["account_id", "fingerprint"]).execute();
  await db.schema.createIndex("draft_sending").on("draft").column("sending_id").execute();
  await db.schema
    .createIndex("draft_step")
    .on("draft")
    .column("step_at")
    .where(sql<boolean>`step_at is not null`)
    .execute();
}
