import { type Kysely, sql } from "kysely";
import { Moments, momentNames, type PacedMail, type Rates, type Slot } from "../moments.ts";
import type { Db } from "./move.ts";

export interface RateTable {
  /** When the next may leave of whatever has a rate, by the clock of the database: all instances ask here, so it is one rate for all. */
  rate: {
    readonly name: string;
    readonly next_at: Date;
  };
}

/** Migration `0012`. */
export async function makeRates(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("rate")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("next_at", "timestamptz", (column) => column.notNull())
    .execute();
}

/** When a mail may leave, or (`later`) ask again, in so many ms from when the transaction is over. */
export interface Wait {
  readonly kind: Slot["kind"];
  readonly ms: number;
}

export interface Asking {
  readonly rates: Rates;
  /** What cannot leave within this comes again. */
  readonly patienceMs: number;
}

const LONG_AGO = new Date(0);
/** Rows of one statement: it has 65,535 parameters at most. */
const AT_ONCE = 5_000;
const DAY_MS = 86_400_000;

/**
 * When these mails may leave: moments that nobody else is given. They are taken with the transaction; those of a process that dies go by unused, so
 * that less leaves for a moment, never more.
 */
export async function takeMoments(
  db: Db,
  mails: readonly PacedMail[],
  { rates, patienceMs }: Asking,
): Promise<readonly Wait[]> {
  // In one order, so that nobody waits in a circle.
  const names = [...new Set(mails.flatMap((mail) => momentNames(rates, mail)))].toSorted();
  if (names.length === 0) return mails.map(() => ({ kind: "soon", ms: 0 }));
  const next = await locked(db, names);
  // One clock, since by those of several machines a moment would come several times; and asked after the wait for the rows.
  const { rows: clocks } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db);
  const clock = clocks[0]?.at.getTime() ?? Date.now();
  const moments = new Moments(rates, next);
  const slots = mails.map((mail) => moments.take(mail, { now: clock, patienceMs }));
  await keep(db, moments.changed);
  return slots.map(({ kind, at }) => ({ kind, ms: at - clock }));
}

/** The moments of these names, locked in their order. */
async function locked(db: Db, names: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  const found: (readonly [string, number])[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const rows = await db
      .insertInto("rate")
      .values(names.slice(from, from + AT_ONCE).map((name) => ({ name, next_at: LONG_AGO })))
      // Those that are there are locked by that.
      .onConflict((conflict) => conflict.column("name").doUpdateSet((row) => ({ name: row.ref("excluded.name") })))
      .returning(["name", "next_at"])
      .execute();
    found.push(...rows.map(({ name, next_at }) => [name, next_at.getTime()] as const));
  }
  return found;
}

async function keep(db: Db, moments: readonly (readonly [string, number])[]): Promise<void> {
  for (let from = 0; from < moments.length; from += AT_ONCE)
    await db
      .insertInto("rate")
      .values(moments.slice(from, from + AT_ONCE).map(([name, at]) => ({ name, next_at: new Date(Math.ceil(at)) })))
      .onConflict((conflict) =>
        conflict.column("name").doUpdateSet((row) => ({ next_at: row.ref("excluded.next_at") })),
      )
      .execute();
}

/** Forgets moments that went by a day ago. */
export async function dropMoments(db: Db, now: Date): Promise<void> {
  const old = db
    .selectFrom("rate")
    .select("name")
    .where("next_at", "<", new Date(now.getTime() - DAY_MS))
    // Whoever has one at this moment will have moved it.
    .forUpdate()
    .skipLocked();
  await db.deleteFrom("rate").where("name", "in", old).execute();
}
