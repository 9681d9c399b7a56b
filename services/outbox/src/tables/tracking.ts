import type { CircularReceipts, SendingState } from "@tamis/contracts";
import { dueRows, type Store, type Taking } from "@tamis/store";
import { sql } from "kysely";
import { localPartOf } from "../tracking/tracking.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** A tracked recipient of which `receipts` is to be told. */
export interface Untracked {
  readonly id: number;
  readonly accountId: string;
  /** null: of an ordinary mail. */
  readonly circularId: number | null;
  readonly address: string;
  /** With angle brackets. */
  readonly messageId: string;
  /** RFC 3461 §4.4: by which a report may name it; null: by nothing. */
  readonly envelopeId: string | null;
  readonly asksDisposition: boolean;
  readonly sentAt: Date;
}

/** What `receipts` has yet to be told. */
export interface TrackingQueue {
  /** So many that are due, for whoever asks until `until`: after that they are due again. What is not in the tables any more is dropped. */
  take(
    limit: number,
    now: Date,
    until: Date,
  ): Promise<{ readonly due: number; readonly untracked: readonly Untracked[] }>;
  /** The fact about these was published. */
  told(ids: readonly number[]): Promise<void>;
  later(ids: readonly number[], at: Date): Promise<void>;
}

/** States of which reports may come: the mail left, or may have. */
const LEFT: ReadonlySet<SendingState> = new Set(["accepted", "unknown"] satisfies SendingState[]);

/** Whether `receipts` is told of a recipient that comes into this state. */
export const isTracked = (state: SendingState, receipts: CircularReceipts): boolean =>
  receipts !== "none" && LEFT.has(state);

/** In the transaction in which they left: `receipts` is owed a word on these recipients. */
export async function oweTracking(db: Db, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await db
    .insertInto("tracking")
    .values(ids.map((id) => ({ recipient_id: id, due_at: now })))
    .onConflict((conflict) => conflict.column("recipient_id").doUpdateSet({ due_at: now }))
    .execute();
}

/** The queue of an opened store. */
export function openTrackingQueue(store: Store<Tables>): TrackingQueue {
  return {
    take: (limit, now, until) => store.transaction((db) => take(db, { limit, now, until })),
    async told(ids) {
      await store.transaction((db) => drop(db, ids));
    },
    async later(ids, at) {
      await store.transaction((db) =>
        db
          .updateTable("tracking")
          .set({ due_at: at })
          .where("recipient_id", "=", sql<number>`any(${ids}::int[])`)
          .execute(),
      );
    },
  };
}

async function drop(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length > 0)
    await db.deleteFrom("tracking").where("recipient_id", "=", sql<number>`any(${ids}::int[])`).execute();
}

async function take(db: Db, taking: Taking): ReturnType<TrackingQueue["take"]> {
  const rows = await dueRows(
    db.selectFrom("tracking").select("recipient_id"),
    { id: "recipient_id", at: "due_at" },
    taking,
  ).execute();
  const ids = rows.map(({ recipient_id: id }) => id);
  if (ids.length === 0) return { due: 0, untracked: [] };
  await db
    .updateTable("tracking")
    .set({ due_at: taking.until })
    .where("recipient_id", "=", sql<number>`any(${ids}::int[])`)
    .execute();
  const untracked = [...(await ofCirculars(db, ids)), ...(await ofSendings(db, ids))];
  const found = new Set(untracked.map(({ id }) => id));
  await drop(
    db,
    ids.filter((id) => !found.has(id)),
  );
  return { due: ids.length, untracked };
}

async function ofCirculars(db: Db, ids: readonly number[]): Promise<readonly Untracked[]> {
  const rows = await db
    .selectFrom("circular_recipient as row")
    .innerJoin("circular", "circular.id", "row.circular_id")
    .select(["row.id", "account_id as accountId", "circular_id as circularId", "address", "receipts"])
    .select(["message_id", "row.changed_at as sentAt"])
    .where("row.id", "=", sql<number>`any(${ids}::int[])`)
    .orderBy("row.id")
    .execute();
  return rows.map(({ message_id: messageId, receipts, ...row }) => ({
    ...row,
    messageId: messageId ?? "",
    envelopeId: messageId === null ? null : localPartOf(messageId),
    asksDisposition: receipts === "read",
  }));
}

async function ofSendings(db: Db, ids: readonly number[]): Promise<readonly Untracked[]> {
  const rows = await db
    .selectFrom("recipient as row")
    .innerJoin("sending", "sending.id", "row.sending_id")
    .select(["row.id", "account_id as accountId", "address", "receipts", "dsn"])
    .select(["message_id as messageId", "row.changed_at as sentAt"])
    .where("row.id", "=", sql<number>`any(${ids}::int[])`)
    .orderBy("row.id")
    .execute();
  return rows.map(({ dsn, receipts, ...row }) => ({
    ...row,
    circularId: null,
    // Its author's own: a token needs no telling.
    envelopeId: dsn === null ? null : (JSON.parse(dsn).envid ?? null),
    asksDisposition: receipts === "read",
  }));
}
