import type { SendingState } from "@tamis/contracts";
import { sql, type Transaction } from "kysely";
import type { SettledState, Tables } from "./schema.ts";
import type { Reports } from "./submission-schema.ts";
import { isTracked, oweTracking } from "./tracking.ts";

export type Db = Transaction<Tables>;

/** A recipient whose row is locked. */
export interface LockedRecipient {
  readonly id: number;
  readonly sending_id: number;
  readonly state: SendingState;
}

/** A change of state, and what changes with it. */
interface Move
  extends Partial<Pick<Tables["recipient"], "lease" | "lease_until" | "next_at" | "code" | "status" | "reply">> {
  readonly state: SendingState;
  readonly attempts?: number;
  readonly dsn_passed?: boolean;
  readonly now: Date;
}

/** Recipients are updated so many at a time. */
const AT_ONCE = 500;
const FINAL: ReadonlySet<SendingState> = new Set([
  "accepted",
  "rejected",
  "unknown",
  "expired",
  "cancelled",
  "suppressed",
] satisfies SendingState[]);

/** Whether nothing happens to a recipient in this state by itself any more. */
const isFinal = (state: SendingState): boolean => FINAL.has(state);

/**
 * Brings locked recipients into a state: the one place where states change. Counts and the last words of their sendings
 * follow in the same transaction.
 */
export async function move(db: Db, rows: readonly LockedRecipient[], { now, ...change }: Move): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const ids = rows.slice(from, from + AT_ONCE).map(({ id }) => id);
    await db
      .updateTable("recipient")
      .set({ ...change, changed_at: now })
      .where("id", "in", ids)
      .execute();
  }
  await count(db, [
    ...rows.map(({ state }) => ({ state, change: -1 })),
    ...rows.map(() => ({ state: change.state, change: 1 })),
  ]);
  const touched = rows.filter(({ state }) => isFinal(state) || isFinal(change.state) || change.state === "held");
  for (const sendingId of new Set(touched.map(({ sending_id }) => sending_id))) {
    const moved = rows.filter((row) => row.sending_id === sendingId).map(({ id }) => id);
    await settle(db, sendingId, { moved, to: change.state, now });
  }
}

/** Adds to the counts by state. */
export async function count(db: Db, changes: readonly Tables["tally"][]): Promise<void> {
  const sums = new Map<SendingState, number>();
  for (const { state, change } of changes) sums.set(state, (sums.get(state) ?? 0) + change);
  const rows = [...sums].filter(([, change]) => change !== 0).map(([state, change]) => ({ state, change }));
  if (rows.length > 0) await db.insertInto("tally").values(rows).execute();
}

/** From the worst to the best: what is said of a sending whose recipients ended differently. */
const WORDS: readonly SettledState[] = ["unknown", "rejected", "expired", "cancelled", "accepted"];

/** Recipients of one sending that came into a state. */
interface Moved {
  readonly moved: readonly number[];
  readonly to: SendingState;
  readonly now: Date;
}

/** The last word on a sending, from all of its recipients; it is due to be told when it is a new one. */
async function settle(db: Db, sendingId: number, { moved, to, now }: Moved): Promise<void> {
  // One at a time: the second of two that end side by side sees the first.
  const sending = await db
    .selectFrom("sending")
    .select(["id", "settled", "told", "cancels_keep", "put_back", "reports", "receipts"])
    .where("id", "=", sendingId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (sending.reports !== "none") await oweReports(db, sendingId, { reports: sending.reports, now });
  if (isTracked(to, sending.receipts)) await oweTracking(db, moved, now);
  const word = await wordOn(db, sendingId);
  if (word === sending.settled) return;
  const isPutBackDue = sending.cancels_keep && sending.put_back === "none" && word !== null && word !== "accepted";
  const putBack = isPutBackDue ? "due" : sending.put_back;
  // Opened again by its owner: the next word is a new one, even if it is the same.
  const told = word === null ? null : sending.told;
  await db
    .updateTable("sending")
    .set({
      settled: word,
      settled_at: word === null ? null : now,
      told,
      put_back: putBack,
      tell_at: (word !== null && word !== told) || putBack === "due" ? now : null,
      tell_attempts: 0,
    })
    .where("id", "=", sendingId)
    .execute();
}

/** States that the author of a mail is told of; that his own word ended it he knows. */
const REPORTED: readonly SendingState[] = ["rejected", "expired", "unknown", "held"];

/** A recipient whose state is a new one is owed a report, in the transaction that made it so. */
async function oweReports(
  db: Db,
  sendingId: number,
  { reports, now }: { readonly reports: Reports; readonly now: Date },
): Promise<void> {
  const states = reports === "all" ? [...REPORTED, "accepted" as const] : REPORTED;
  await db
    .insertInto("report")
    .columns(["recipient_id", "sending_id", "state", "due_at"])
    .expression((from) =>
      from
        .selectFrom("recipient")
        .select(["id", "sending_id", "state"])
        .select(sql<Date>`${now}::timestamptz`.as("due_at"))
        .where("sending_id", "=", sendingId)
        .where("state", "in", [...states]),
    )
    .onConflict((conflict) =>
      conflict
        .column("recipient_id")
        .doUpdateSet((row) => ({ state: row.ref("excluded.state"), due_at: row.ref("excluded.due_at") }))
        .whereRef("report.state", "<>", "excluded.state"),
    )
    .execute();
}

/** null while one of them is under way: looked for first, as one is soon found among many. */
async function wordOn(db: Db, sendingId: number): Promise<SettledState | null> {
  const recipients = db.selectFrom("recipient").where("sending_id", "=", sendingId);
  const open = await recipients
    .select("id")
    .where("state", "not in", [...FINAL])
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) return null;
  const states = (await recipients.select("state").distinct().execute()).map(({ state }) => state);
  const words = states.map((state) => (state === "suppressed" ? "cancelled" : state));
  return WORDS.find((candidate) => words.includes(candidate)) ?? null;
}
