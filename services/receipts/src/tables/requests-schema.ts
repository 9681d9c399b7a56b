import type { ReceiptMeans, ReceiptPolicy, RequestState } from "@tamis/contracts";
import { type Generated, type Kysely, sql } from "kysely";

/** What others ask of our users. */
export interface RequestTables {
  request: {
    readonly id: Generated<number>;
    /** Whose mail, and its fingerprint there: the identity of the request. */
    readonly account_id: string;
    readonly fingerprint: string;
    /** Where the mail was last seen. */
    readonly mail_id: string;
    readonly folder: string;
    /** `ReceiptRequest` as JSON; null: that it was read is known before what is asked. */
    readonly request: string | null;
    readonly means: ReceiptMeans | null;
    /** The policy that the account has by the settings; null: the installation's. */
    readonly configured: ReceiptPolicy | null;
    readonly arrived_at: Date | null;
    readonly seen: Generated<"no" | "unknown" | "owner">;
    readonly answer: "send" | "refuse" | null;
    readonly state: Generated<RequestState>;
    readonly reason: string | null;
    readonly mode: "manual" | "automatic" | null;
    /** The notification, base64, from when it is to leave until it has. */
    readonly notification: string | null;
    /** When something is to be done; null: nothing. */
    readonly due_at: Date | null;
    readonly tries: Generated<number>;
    readonly made_at: Date;
    readonly changed_at: Date;
  };
  /** What owners chose themselves. */
  answer_policy: {
    readonly account_id: string;
    readonly policy: ReceiptPolicy;
    readonly changed_at: Date;
  };
}

/** Migration `0002-requests`. */
export async function makeRequests(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("request")
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("account_id", "text", (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("mail_id", "text", (column) => column.notNull())
    .addColumn("folder", "text", (column) => column.notNull())
    .addColumn("request", "text")
    .addColumn("means", "text")
    .addColumn("configured", "text")
    .addColumn("arrived_at", "timestamptz")
    .addColumn("seen", "text", (column) => column.notNull().defaultTo("no"))
    .addColumn("answer", "text")
    .addColumn("state", "text", (column) => column.notNull().defaultTo("waiting"))
    .addColumn("reason", "text")
    .addColumn("mode", "text")
    .addColumn("notification", "text")
    .addColumn("due_at", "timestamptz")
    .addColumn("tries", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("made_at", "timestamptz", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addUniqueConstraint("request_identity", ["account_id", "fingerprint"])
    .execute();
  await db.schema.createIndex("request_of_account").on("request").columns(["account_id", "id"]).execute();
  await db.schema.createIndex("request_made_at").on("request").column("made_at").execute();
  await db.schema
    .createIndex("request_due")
    .on("request")
    .column("due_at")
    .where(sql<boolean>`due_at is not null`)
    .execute();
  await db.schema
    .createTable("answer_policy")
    .addColumn("account_id", "text", (column) => column.primaryKey())
    .addColumn("policy", "text", (column) => column.notNull())
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .execute();
}
