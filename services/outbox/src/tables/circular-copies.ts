import type { Store } from "@tamis/store";
import { sql } from "kysely";
import { type Added, addRecipients, type CircularRecipientsOptions, lockCircular } from "./add-recipients.ts";
import { numberOf } from "./circulars.ts";
import { areFilesOver, shareFiles } from "./linked-files.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

export interface CopiedDraft {
  readonly id: number;
  /** Merge fields that it names without a default. */
  readonly fields: readonly string[];
}

/** A page of recipients of another circular of the same account. */
export interface CopiedPage {
  readonly of: string;
  readonly recipients: readonly string[];
  readonly now: Date;
}

/** Circulars that are made of others: reminders. */
export interface CircularCopies {
  /** A draft that says the same, for nobody yet; the same for the same key. */
  again(
    accountId: string,
    id: string,
    copy: { readonly key: string; readonly now: Date },
  ): Promise<CopiedDraft | "missing" | "body-gone">;
  /**
   * Adds recipients of `of`, as they were given there, to a draft; numbers that it has not are left out. In faults the line is the number. From
   * then on the draft reminds of `of`: who leaves the list of that one, or answers it, is not reminded.
   */
  addFrom(accountId: string, id: string, page: CopiedPage): Promise<Added | "missing" | "not-possible">;
}

/** The copies of an opened store. */
export function openCircularCopies(store: Store<Tables>, options: CircularRecipientsOptions): CircularCopies {
  return {
    again: (accountId, id, { key, now }) => store.transaction((db) => again(db, { accountId, id, key, now })),
    addFrom: (accountId, id, { of, recipients, now }) =>
      store.transaction(async (db) => {
        const circular = await lockCircular(db, accountId, id);
        const source = await found(db, accountId, of);
        if (circular === undefined || source === undefined) return "missing";
        if (circular.state !== "draft") return "not-possible";
        const list = circular.list ?? source.list;
        await db.updateTable("circular").set({ reminds: source.id, list }).where("id", "=", circular.id).execute();
        const copied = await recipientsOf(db, source.id, recipients.map(numberOf));
        const lists = source.list === null ? [] : [source.list];
        return addRecipients(db, { ...circular, list }, { ...options, recipients: copied, now, lists });
      }),
  };
}

interface Copying {
  readonly accountId: string;
  readonly id: string;
  readonly key: string;
  readonly now: Date;
}

async function again(db: Db, { accountId, id, key, now }: Copying): Promise<CopiedDraft | "missing" | "body-gone"> {
  const source = await found(db, accountId, id);
  if (source === undefined) return "missing";
  const { id: _, fields, ...said } = source;
  // Its links would lead nowhere.
  if (await areFilesOver(db, source.id, now)) return "body-gone";
  // Whoever drops unused bodies waits, and sees that this one is used.
  const kept = await db
    .updateTable("body")
    .set({ used_at: now })
    .where("sha256", "=", said.body ?? "")
    .executeTakeFirst();
  if (kept.numUpdatedRows === 0n) return "body-gone";
  const draft = { ...said, fields: JSON.stringify(fields), key, state: "draft" as const };
  const stored = await db
    .insertInto("circular")
    .values({ ...draft, account_id: accountId, created_at: now, changed_at: now })
    // Changes nothing: the row is wanted either way.
    .onConflict((conflict) => conflict.columns(["account_id", "key"]).doUpdateSet({ key }))
    .returning("id")
    .executeTakeFirstOrThrow();
  await shareFiles(db, source.id, stored.id);
  return { id: stored.id, fields };
}

function found(db: Db, accountId: string, id: string) {
  return db
    .selectFrom("circular")
    .select(["id", "body", "subject", "tracked", "receipts", "fields", "list"])
    .where("id", "=", numberOf(id))
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

async function recipientsOf(db: Db, circularId: number, numbers: readonly number[]) {
  const rows = await db
    .selectFrom("circular_recipient")
    .select(["id", "address", "name", "fields"])
    .where("circular_id", "=", circularId)
    .where("id", "=", sql<number>`any(${numbers}::int[])`)
    .orderBy("id")
    .execute();
  return rows.map(({ id, address, name, fields }) => ({
    line: id,
    address,
    ...(name === null ? {} : { name }),
    fields,
    source: `circular:${circularId}`,
  }));
}
