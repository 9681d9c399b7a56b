import type { Store } from "@tamis/store";
import { sql } from "kysely";
import { canonicalMailbox } from "../smtp/address.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** A page of mailboxes that get no circular. */
export interface SuppressedPage {
  /** `at`: since when, epoch ms. */
  readonly addresses: readonly { readonly address: string; readonly at: number }[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

/** Mailboxes that get no circular, of the whole installation. */
export interface Suppressions {
  /** Resolves with how many were not so before. */
  suppress(addresses: readonly string[], now: Date): Promise<number>;
  /** They get circulars again, those of lists that they left too; resolves with how many got none before. */
  unsuppress(addresses: readonly string[]): Promise<number>;
  /** Those after `after`, in the order of their letters. */
  suppressed(page: { readonly after: string | undefined; readonly limit: number }): Promise<SuppressedPage>;
}

/** The suppressions of an opened store. */
export function openSuppressions(store: Store<Tables>): Suppressions {
  return {
    async suppress(addresses, now) {
      const mailboxes = [...new Set(addresses.map(canonicalMailbox))];
      if (mailboxes.length === 0) return 0;
      const stored = await store.transaction((db) =>
        db
          .insertInto("suppressed")
          .values(mailboxes.map((mailbox) => ({ mailbox, at: now })))
          .onConflict((conflict) => conflict.column("mailbox").doNothing())
          .returning("mailbox")
          .execute(),
      );
      return stored.length;
    },
    async unsuppress(addresses) {
      if (addresses.length === 0) return 0;
      const mailboxes = addresses.map(canonicalMailbox);
      const dropped = await store.transaction(async (db) => [
        ...(await db.deleteFrom("suppressed").where("mailbox", "in", mailboxes).returning("mailbox").execute()),
        ...(await db.deleteFrom("unsubscribed").where("mailbox", "in", mailboxes).returning("mailbox").execute()),
      ]);
      return new Set(dropped.map(({ mailbox }) => mailbox)).size;
    },
    async suppressed({ after, limit }) {
      const rows = await store.read((db) =>
        db
          .selectFrom("suppressed")
          .selectAll()
          .$if(after !== undefined, (query) => query.where("mailbox", ">", canonicalMailbox(after ?? "")))
          .orderBy("mailbox")
          .limit(limit)
          .execute(),
      );
      const addresses = rows.map(({ mailbox, at }) => ({ address: mailbox, at: at.getTime() }));
      return { addresses, next: rows.length < limit ? null : (addresses.at(-1)?.address ?? null) };
    },
  };
}

/** Which of these mailboxes get no circular, whatever its list. */
export async function suppressedAmong(db: Db, mailboxes: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("suppressed")
    .select("mailbox")
    .where("mailbox", "=", sql<string>`any(${mailboxes}::text[])`)
    .execute();
  return new Set(rows.map(({ mailbox }) => mailbox));
}
