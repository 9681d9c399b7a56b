import type { Store } from "@tamis/store";
import { type Kysely, sql } from "kysely";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** Who left which list. */
export interface SubscriptionTables {
  /** Mailboxes that left a list: its circulars skip them. */
  unsubscribed: { readonly list: string; readonly mailbox: string; readonly at: Date };
  /** Who got a circular of which nothing else is kept: its link to leave the list still works. */
  former_recipient: {
    /** The number it had: the token names it. */
    readonly id: number;
    readonly list: string;
    readonly mailbox: string;
    /** When its circular ended. */
    readonly ended_at: Date;
  };
}

/** Whom a number means, and on which list. */
export interface Subscriber {
  readonly list: string;
  readonly mailbox: string;
}

/** The lists of circulars, as those see them who leave them. */
export interface Subscriptions {
  /** The recipient of this number; null: there is none, or nobody can leave what it got. */
  find(recipient: number): Promise<Subscriber | null>;
  /** No circular of that list is sent there any more. Again is the same. */
  leave(subscriber: Subscriber, now: Date): Promise<void>;
}

/** The subscriptions of an opened store. */
export function openSubscriptions(store: Store<Tables>): Subscriptions {
  return {
    async find(recipient) {
      const [now, former] = await store.read((db) =>
        Promise.all([
          db
            .selectFrom("circular_recipient")
            .innerJoin("circular", "circular.id", "circular_recipient.circular_id")
            .select((row) => [row.ref("circular.list").$notNull().as("list"), "mailbox"])
            .where("circular_recipient.id", "=", recipient)
            .where("circular.list", "is not", null)
            .executeTakeFirst(),
          db.selectFrom("former_recipient").select(["list", "mailbox"]).where("id", "=", recipient).executeTakeFirst(),
        ]),
      );
      return now ?? former ?? null;
    },
    async leave({ list, mailbox }, now) {
      await store.transaction((db) =>
        db
          .insertInto("unsubscribed")
          .values({ list, mailbox, at: now })
          .onConflict((conflict) => conflict.columns(["list", "mailbox"]).doNothing())
          .execute(),
      );
    },
  };
}

/** Which of these mailboxes left a list. */
export async function leftAmong(db: Db, list: string | null, mailboxes: readonly string[]): Promise<readonly string[]> {
  if (list === null) return [];
  const rows = await db
    .selectFrom("unsubscribed")
    .select("mailbox")
    .where("list", "=", list)
    .where("mailbox", "=", sql<string>`any(${mailboxes}::text[])`)
    .execute();
  return rows.map(({ mailbox }) => mailbox);
}

/** Whether a recipient left the list of its circular. */
export type IsGone = (recipient: { readonly list: string | null; readonly mailbox: string }) => boolean;

/** Who of these left their lists meanwhile. Where nobody can leave, nothing is asked. */
export async function goneAmong(
  db: Db,
  recipients: readonly { readonly list: string | null; readonly mailbox: string }[],
): Promise<IsGone> {
  const gone = new Set<string>();
  for (const [list, of] of Map.groupBy(recipients, (one) => one.list)) {
    const mailboxes = of.map(({ mailbox }) => mailbox);
    for (const mailbox of await leftAmong(db, list, mailboxes)) gone.add(JSON.stringify([list, mailbox]));
  }
  return ({ list, mailbox }) => gone.has(JSON.stringify([list, mailbox]));
}

/** Keeps what is needed of recipients that are about to be dropped, where their mail may have left. */
export async function keepFormer(db: Db, circularId: number, recipients: readonly number[]): Promise<void> {
  await db
    .insertInto("former_recipient")
    .columns(["id", "list", "mailbox", "ended_at"])
    .expression(
      db
        .selectFrom("circular_recipient")
        .innerJoin("circular", "circular.id", "circular_recipient.circular_id")
        .select((row) => [
          "circular_recipient.id",
          row.ref("circular.list").$notNull().as("list"),
          "mailbox",
          row.ref("finished_at").$notNull().as("ended_at"),
        ])
        .where("circular.id", "=", circularId)
        .where("circular.list", "is not", null)
        .where("finished_at", "is not", null)
        .where("circular_recipient.state", "in", ["accepted", "unknown"])
        .where("circular_recipient.id", "=", sql<number>`any(${recipients}::int[])`),
    )
    .execute();
}

/** Forgets those whose circulars ended before a moment: their links do nothing any more. */
export async function dropFormer(store: Store<Tables>, before: Date): Promise<void> {
  await store.transaction((db) => db.deleteFrom("former_recipient").where("ended_at", "<", before).execute());
}

/** Migration `0008`. */
export async function makeSubscriptions(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable("circular").addColumn("list", "text").addColumn("draft", "text").execute();
  await db.schema
    .createTable("unsubscribed")
    .addColumn("list", "text", (column) => column.notNull())
    .addColumn("mailbox", "text", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("unsubscribed_once", ["list", "mailbox"])
    .execute();
  await db.schema
    .createTable("former_recipient")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("list", "text", (column) => column.notNull())
    .addColumn("mailbox", "text", (column) => column.notNull())
    .addColumn("ended_at", "timestamptz", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("former_recipient_ended").on("former_recipient").column("ended_at").execute();
}
