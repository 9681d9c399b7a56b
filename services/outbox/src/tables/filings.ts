import { dueRows, type HeldQueue, type Keeping, type Store, type Taking } from "@tamis/store";
import { z } from "zod";
import type { Db } from "./move.ts";
import { bodyAsBase64, fromBase64 } from "./octets.ts";
import type { Tables } from "./schema.ts";

/** A copy that is to be filed. */
export interface Filing {
  /** Of its sending. */
  readonly id: number;
  readonly accountId: string;
  readonly mailId: string;
  readonly key: string;
  readonly messageId: string;
  readonly sentAt: Date;
  readonly mailbox: string;
  readonly create: boolean;
  readonly specialUse: string | null;
  readonly flags: readonly string[];
  readonly attempts: number;
  /** The whole mail; null: it was dropped meanwhile. */
  readonly octets: Uint8Array | null;
}

/** What is still to be filed (RFC 8580). */
export interface Filings extends HeldQueue<Filing> {
  /** It is filed, or never will be. */
  done(id: number): Promise<void>;
  /** It failed, and is due again then, where nobody has touched it since it was held until `held`. */
  later(id: number, held: Date, at: Date): Promise<void>;
}

const flagsIn = z.array(z.string()).readonly();

/** The filings of an opened store. */
export function openFilings(store: Store<Tables>): Filings {
  return {
    take: (limit, now, until, except) => store.transaction((db) => take(db, { limit, now, until, except })),
    keep: (ids, taken, until) => store.transaction((db) => keep(db, { ids, taken, until })),
    async done(id) {
      await store.transaction((db) => db.deleteFrom("filing").where("sending_id", "=", id).execute());
    },
    async later(id, held, at) {
      await store.transaction((db) =>
        db
          .updateTable("filing")
          .set((row) => ({ due_at: at, attempts: row("attempts", "+", 1) }))
          .where("sending_id", "=", id)
          .where("due_at", "=", held)
          .execute(),
      );
    },
  };
}

async function keep(db: Db, { ids, taken, until }: Keeping): Promise<void> {
  await db
    .updateTable("filing")
    .set({ due_at: until })
    .where("sending_id", "in", [...ids])
    .where("due_at", "=", taken)
    .execute();
}

async function take(db: Db, taking: Taking): Promise<readonly Filing[]> {
  const due = await dueRows(
    db.selectFrom("filing").select("sending_id"),
    { id: "sending_id", at: "due_at" },
    taking,
  ).execute();
  if (due.length === 0) return [];
  const ids = due.map(({ sending_id: id }) => id);
  await db.updateTable("filing").set({ due_at: taking.until }).where("sending_id", "in", ids).execute();
  const rows = await db
    .selectFrom("filing")
    .innerJoin("sending", "sending.id", "filing.sending_id")
    .select(["sending.id", "account_id", "mail_id", "key", "message_id", "stored_at", "body"])
    .select(["mailbox", "create", "special_use", "flags", "attempts"])
    .where("filing.sending_id", "in", ids)
    .execute();
  const bodies = await octetsOf(
    db,
    rows.flatMap(({ body }) => body ?? []),
  );
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    mailId: row.mail_id,
    key: row.key,
    messageId: row.message_id,
    sentAt: row.stored_at,
    mailbox: row.mailbox,
    create: row.create,
    specialUse: row.special_use,
    flags: flagsIn.parse(JSON.parse(row.flags)),
    attempts: row.attempts,
    octets: bodies.get(row.body ?? "") ?? null,
  }));
}

async function octetsOf(db: Db, hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom("body")
    .select((row) => ["sha256", bodyAsBase64(row).as("octets")])
    .where("sha256", "in", [...hashes])
    .execute();
  return new Map(rows.map(({ sha256, octets }) => [sha256, fromBase64(octets)]));
}
