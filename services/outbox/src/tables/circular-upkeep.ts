import type { CircularState, SendingState } from "@tamis/contracts";
import type { Store, StoreHandle } from "@tamis/store";
import { sql } from "kysely";
import { countMoves, countsOf, OPEN_STATES, sumOf } from "./circular-counts.ts";
import { dropCirculars } from "./drop-circulars.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";
import { dropFormer } from "./subscriptions.ts";
import { isTracked, oweTracking } from "./tracking.ts";

/** What the clock did to circulars, in circulars or recipients. */
export interface CircularsSwept {
  /** Circulars that should have begun longer ago than the grace. */
  readonly held: number;
  /** Recipients whose leases ended before DATA: back in the queue. */
  readonly returned: number;
  /** Recipients whose leases ended after it: nobody knows. */
  readonly unknown: number;
  readonly cancelled: number;
  readonly expired: number;
  /** Circulars that came to their end. */
  readonly finished: number;
}

/** How long after its end something is kept, ms. */
export interface Keeping {
  readonly bodiesMs: number;
  readonly circularsMs: number;
  /** Whom a link to leave the list was sent to. */
  readonly subscribersMs: number;
}

/** What the clock does to circulars. Any instance may do it, and several at once. */
export interface CircularUpkeep {
  sweep(now: Date): Promise<CircularsSwept>;
  /** Holds whatever might leave: the tables are restored ones, and what they say may have left before. Resolves with how many. */
  holdRestored(now: Date): Promise<number>;
  /** Drops what ended long ago, drafts that were never scheduled among it. */
  drop(now: Date, keep: Keeping): Promise<number>;
}

export interface CircularUpkeepOptions {
  readonly slot: number;
  readonly graceMs: number;
}

/** Recipients of one transaction, so that no transaction is long. */
const BATCH = 500;
/** Of one sweep: what is left is the next one's, so that a large circular holds up nobody. */
const MOST_BATCHES = 100;

/** The upkeep of the circulars of an opened store. */
export function openCircularUpkeep(store: Store<Tables>, { slot, graceMs }: CircularUpkeepOptions): CircularUpkeep {
  const all = async (step: (db: Db) => Promise<number>): Promise<number> => {
    let sum = 0;
    for (let batches = 0; batches < MOST_BATCHES; batches++) {
      const moved = await store.transaction(step);
      sum += moved;
      if (moved < BATCH) break;
    }
    return sum;
  };
  return {
    async sweep(now) {
      const end = (state: "claimed" | "begun") => all((db) => endLeases(db, state, { now, slot }));
      const closeAll = async (to: "cancelled" | "expired"): Promise<number> =>
        (await all((db) => close(db, { to, from: WAITING }, { now, slot }))) +
        (await all((db) => close(db, { to, from: ["claimed"] }, { now, slot })));
      const late = new Date(now.getTime() - graceMs);
      return {
        held: await store.transaction((db) => holdLate(db, late, now)),
        returned: await end("claimed"),
        unknown: await end("begun"),
        cancelled: await closeAll("cancelled"),
        expired: await closeAll("expired"),
        finished: await finish(store, now),
      };
    },
    holdRestored: (now) =>
      store.transaction((db) => hold(db, { states: ["scheduled", "started", "paused"], why: "restored", now })),
    async drop(now, { bodiesMs, circularsMs, subscribersMs }) {
      const ago = (ms: number): Date => new Date(now.getTime() - ms);
      const dropped = await dropCirculars(store, ago(bodiesMs), ago(circularsMs));
      await dropFormer(store, ago(subscribersMs));
      return dropped;
    },
  };
}

interface Holding {
  readonly states: readonly CircularState[];
  readonly why: "late" | "restored";
  readonly now: Date;
  readonly dueBefore?: Date;
}

async function hold(db: Db, { states, why, now, dueBefore }: Holding): Promise<number> {
  const held = await db
    .updateTable("circular")
    .set({ state: "held", held: why, changed_at: now })
    .where("state", "in", [...states])
    .$if(dueBefore !== undefined, (query) => query.where("due_at", "<", dueBefore ?? now))
    .returning("id")
    .execute();
  return held.length;
}

const holdLate = (db: Db, late: Date, now: Date): Promise<number> =>
  hold(db, { states: ["scheduled"], why: "late", now, dueBefore: late });

interface Clock {
  readonly now: Date;
  readonly slot: number;
}

async function endLeases(db: Db, state: "claimed" | "begun", { now, slot }: Clock): Promise<number> {
  const rows = await db
    .selectFrom("circular_recipient")
    .innerJoin("circular", "circular.id", "circular_recipient.circular_id")
    .select(["circular_recipient.id", "circular_id", "attempts", "receipts"])
    .where("circular_recipient.state", "=", state)
    .where("lease_until", "<", now)
    .limit(BATCH)
    .forUpdate("circular_recipient")
    .skipLocked()
    .execute();
  if (rows.length === 0) return 0;
  const isReturned = state === "claimed";
  const after = (attempts: number): SendingState => {
    if (!isReturned) return "unknown";
    return attempts > 0 ? "deferred" : "scheduled";
  };
  await db
    .updateTable("circular_recipient")
    // The lease of what was begun stays: whoever has it may still come with the answer.
    .set((row) => ({
      changed_at: now,
      ...(isReturned
        ? {
            state: sql<SendingState>`case when ${row.ref("attempts")} > 0 then 'deferred' else 'scheduled' end`,
            lease: null,
            lease_until: null,
            next_at: now,
          }
        : { state: "unknown" as const, reply: "the process that sent it ended before the answer" }),
    }))
    .where("id", "=", sql<number>`any(${rows.map(({ id }) => id)}::int[])`)
    .execute();
  const tracked = rows.filter(({ attempts, receipts }) => isTracked(after(attempts), receipts));
  await oweTracking(
    db,
    tracked.map(({ id }) => id),
    now,
  );
  await countMoves(
    db,
    slot,
    rows.map(({ circular_id, attempts }) => ({ circularId: circular_id, from: state, to: after(attempts) })),
  );
  return rows.length;
}

/** As the index has them. */
const WAITING = ["scheduled", "deferred"] as const;

interface Closing {
  readonly to: "cancelled" | "expired";
  readonly from: readonly SendingState[];
}

/** Recipients that have not begun, of circulars that were cancelled, or whose time is over: for them it is settled. */
async function close(db: Db, { to, from }: Closing, { now, slot }: Clock): Promise<number> {
  const rows = await db
    .selectFrom("circular_recipient")
    .innerJoin("circular", "circular.id", "circular_recipient.circular_id")
    .select(["circular_recipient.id", "circular_id", "circular_recipient.state"])
    .where("circular_recipient.state", "in", [...from])
    .where("finished_at", "is", null)
    .$if(to === "cancelled", (query) => query.where("circular.state", "=", "cancelled"))
    .$if(to === "expired", (query) => query.where("circular.state", "=", "started").where("deadline_at", "<=", now))
    .limit(BATCH)
    .forUpdate("circular_recipient")
    .skipLocked()
    .execute();
  if (rows.length === 0) return 0;
  await db
    .updateTable("circular_recipient")
    .set({ state: to, changed_at: now })
    .where("id", "=", sql<number>`any(${rows.map(({ id }) => id)}::int[])`)
    .execute();
  await countMoves(
    db,
    slot,
    rows.map(({ circular_id, state }) => ({ circularId: circular_id, from: state, to })),
  );
  return rows.length;
}

async function finish(store: Store<Tables>, now: Date): Promise<number> {
  const open = await store.read((db) => unfinished(db).execute());
  const over = await withoutOpen(store.read, open);
  if (over.length === 0) return 0;
  return store.transaction(async (db) => {
    // Locked and looked at again: one of its recipients may have been released at this moment.
    const locked = await unfinished(db).where("id", "in", over).orderBy("id").forNoKeyUpdate().skipLocked().execute();
    const ids = await withoutOpen((work) => work(db), locked);
    if (ids.length === 0) return 0;
    await db
      .updateTable("circular")
      .set((row) => ({
        state: sql<CircularState>`case when ${row.ref("state")} = 'started' then 'done' else ${row.ref("state")} end`,
        finished_at: now,
        changed_at: now,
      }))
      .where("id", "in", ids)
      .execute();
    return ids.length;
  });
}

const unfinished = (db: StoreHandle<Tables>) =>
  db
    .selectFrom("circular")
    .select("id")
    .where("state", "in", ["started", "cancelled"])
    .where("finished_at", "is", null);

async function withoutOpen(
  read: Store<Tables>["read"],
  circulars: readonly { readonly id: number }[],
): Promise<number[]> {
  const ids = circulars.map(({ id }) => id);
  const counts = await read((db) => countsOf(db, ids));
  return ids.filter((id) => sumOf(counts.get(id) ?? {}, OPEN_STATES) === 0);
}
