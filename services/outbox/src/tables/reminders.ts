import type { SendingState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import { canonicalMailbox } from "../smtp/address.ts";
import { countMoves } from "./circular-counts.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** Of which circular another one reminds, and when it was last looked who had answered. */
export interface CircularReminding {
  /** null: of none. That one need not be there any more. */
  readonly reminds: number | null;
  readonly answers_at: Date | null;
}

/** Migration `0010`. */
export async function makeReminders(db: Kysely<never>): Promise<void> {
  await db.schema
    .alterTable("circular")
    .addColumn("reminds", "integer")
    .addColumn("answers_at", "timestamptz")
    .execute();
  await db.schema
    .createIndex("circular_reminding")
    .on("circular")
    .column("state")
    .where(sql<boolean>`reminds is not null`)
    .execute();
}

/** A circular that reminds of another one of the same account. */
export interface Reminder {
  readonly id: number;
  readonly accountId: string;
  /** The other one. */
  readonly reminds: number;
}

/** Circulars that remind, as those see them who know who answered. */
export interface Reminders {
  /** Those that begin soon, or are being sent, and of which it was not looked for a while who answered. */
  due(now: Date): Promise<readonly Reminder[]>;
  /** These answered: who of them was not written to yet is not. Resolves with how many. */
  spare(
    id: number,
    answered: { readonly addresses: readonly string[]; readonly reply: string },
    now: Date,
  ): Promise<number>;
  /** It was looked at as of this moment. */
  looked(id: number, at: Date): Promise<void>;
}

/** What begins within this is looked at, and what is being sent as often, ms. */
const SOON_MS = 60_000;
/** A look is good for so long, ms. */
const GOOD_MS = 5 * SOON_MS;

/** Of a reminder it is known who answered, else nothing of it leaves. */
export const isLookedAt = (now: Date) => (row: ExpressionBuilder<Tables, "circular">) =>
  row.or([row("reminds", "is", null), row("answers_at", ">=", new Date(now.getTime() - GOOD_MS))]);

/** The reminders of an opened store. `slot`: where this instance counts. */
export function openReminders(store: Store<Tables>, { slot }: { readonly slot: number }): Reminders {
  return {
    due: (now) =>
      store.read((db) =>
        db
          .selectFrom("circular")
          .select((row) => ["id", "account_id as accountId", row.ref("reminds").$notNull().as("reminds")])
          .where("reminds", "is not", null)
          .where((row) =>
            row.or([
              row.and([row("state", "=", "scheduled"), row("due_at", "<=", new Date(now.getTime() + SOON_MS))]),
              row("state", "=", "started"),
            ]),
          )
          .where((row) =>
            row.or([row("answers_at", "is", null), row("answers_at", "<", new Date(now.getTime() - SOON_MS))]),
          )
          .orderBy("id")
          .execute(),
      ),
    spare: (id, { addresses, reply }, now) =>
      store.transaction((db) => spare(db, { id, mailboxes: addresses.map(canonicalMailbox), reply, now, slot })),
    async looked(id, at) {
      await store.transaction((db) =>
        db.updateTable("circular").set({ answers_at: at }).where("id", "=", id).execute(),
      );
    },
  };
}

interface Sparing {
  readonly id: number;
  readonly mailboxes: readonly string[];
  readonly reply: string;
  readonly now: Date;
  readonly slot: number;
}

/** One that is claimed at this moment is written to. */
async function spare(db: Db, { id, mailboxes, reply, now, slot }: Sparing): Promise<number> {
  const rows = await db
    .selectFrom("circular_recipient")
    .select(["id", "state"])
    .where("circular_id", "=", id)
    .where("mailbox", "=", sql<string>`any(${mailboxes}::text[])`)
    .where("state", "in", ["scheduled", "deferred"] satisfies SendingState[])
    .orderBy("id")
    .forUpdate()
    .skipLocked()
    .execute();
  if (rows.length === 0) return 0;
  await db
    .updateTable("circular_recipient")
    .set({ state: "suppressed", reply, changed_at: now })
    .where("id", "=", sql<number>`any(${rows.map((row) => row.id)}::int[])`)
    .execute();
  await countMoves(
    db,
    slot,
    rows.map(({ state }) => ({ circularId: id, from: state, to: "suppressed" })),
  );
  return rows.length;
}
