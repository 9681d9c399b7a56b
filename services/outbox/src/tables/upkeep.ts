import type { SendingState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { agreedNow } from "./clocks.ts";
import { type Db, type LockedRecipient, move } from "./move.ts";
import { dropMoments } from "./rates.ts";
import type { Tables } from "./schema.ts";

/** What was moved by the clock, by state. */
export interface Swept {
  /** Leases that ended before DATA: back in the queue. */
  readonly returned: number;
  /** Leases that ended after it: nobody knows. */
  readonly unknown: number;
  readonly held: number;
  readonly expired: number;
}

export interface KeepFor {
  /** How long the bodies stay after the last word, ms. */
  readonly bodiesMs: number;
  /** How long the rest stays, ms. */
  readonly sendingsMs: number;
}

/** When what waits is too late to leave by itself. */
export interface Lateness {
  /** What has a time of its own, and was not there to begin at it: held mail and drafts, ms. */
  readonly graceMs: number;
  /** What should have been tried so long ago was nobody's work meanwhile: the tables may be restored ones, ms. */
  readonly lateMs: number;
}

/** What the clock does to the ledger. Any instance may do it, and several at once. */
export interface Upkeep {
  /** The earlier of our clock and the database's. */
  agreedNow(now: Date): Promise<Date>;
  /** What is late waits for its owner, who is told. */
  sweep(now: Date, lateness: Lateness): Promise<Swept>;
  /** Holds whatever would leave, until its owner releases it; resolves with how many recipients. */
  holdAll(now: Date): Promise<number>;
  /** Drops what is old; the numbers of bodies and sendings dropped. */
  drop(now: Date, keep: KeepFor): Promise<{ readonly bodies: number; readonly sendings: number }>;
  /** Recipients by state. */
  counts(): Promise<Partial<Record<SendingState, number>>>;
  /** Adds the changes up. */
  compact(): Promise<void>;
  /** The value kept under a name: `fresh` the first time, and for ever that one. */
  keepOnce(name: string, fresh: string): Promise<string>;
}

/** Recipients of one transaction, so that no transaction is long. */
const BATCH = 200;

const FAR = new Date("9999-01-01T00:00:00Z");

/** The upkeep of an opened store. */
export function openUpkeep(store: Store<Tables>): Upkeep {
  const all = async (step: (db: Db) => Promise<number>): Promise<number> => {
    for (let sum = 0; ; ) {
      const moved = await store.transaction(step);
      sum += moved;
      if (moved < BATCH) return sum;
    }
  };
  return {
    agreedNow: (now) => agreedNow(store, now),
    async sweep(now, { graceMs, lateMs }) {
      const late = new Date(now.getTime() - lateMs);
      const grace = new Date(now.getTime() - graceMs);
      await all((db) => beginDated(db, grace, now));
      return {
        returned: await all((db) => endLeases(db, "claimed", { before: now, now })),
        unknown: await all((db) => endLeases(db, "begun", { before: now, now })),
        held: (await all((db) => holdDated(db, grace, now))) + (await all((db) => holdLate(db, late, now))),
        expired: await all((db) => expire(db, now)),
      };
    },
    async holdAll(now) {
      // What was claimed when the tables were saved is nobody's, however long its lease has still to run.
      await all((db) => endLeases(db, "claimed", { before: FAR, now }));
      return await all((db) => holdLate(db, FAR, now));
    },
    async drop(now, { bodiesMs, sendingsMs }) {
      const before = (ms: number): Date => new Date(now.getTime() - ms);
      const sendings = await all((db) => dropSendings(db, before(sendingsMs)));
      await all((db) => letGoOfBodies(db, before(bodiesMs)));
      await store.transaction((db) => dropMoments(db, now));
      return { sendings, bodies: await all((db) => dropBodies(db, before(bodiesMs))) };
    },
    counts: () => store.read(counts),
    compact: () => store.transaction(compact),
    keepOnce: (name, fresh) =>
      store.transaction(async (db) => {
        await db
          .insertInto("kept")
          .values({ name, value: fresh })
          .onConflict((conflict) => conflict.column("name").doNothing())
          .execute();
        return (await db.selectFrom("kept").select("value").where("name", "=", name).executeTakeFirstOrThrow()).value;
      }),
  };
}

async function compact(db: Db): Promise<void> {
  const rows = await db.deleteFrom("tally").returning(["state", "change"]).execute();
  const sums = new Map<SendingState, number>();
  for (const { state, change } of rows) sums.set(state, (sums.get(state) ?? 0) + change);
  const left = [...sums].map(([state, change]) => ({ state, change }));
  if (left.length > 0) await db.insertInto("tally").values(left).execute();
}

function locked(db: Db, states: readonly SendingState[]) {
  return db
    .selectFrom("recipient")
    .select(["id", "sending_id", "state"])
    .where("state", "in", [...states])
    .limit(BATCH)
    .forUpdate()
    .skipLocked();
}

interface Ending {
  readonly before: Date;
  readonly now: Date;
}

async function endLeases(db: Db, state: "claimed" | "begun", { before, now }: Ending): Promise<number> {
  const rows: readonly LockedRecipient[] = await locked(db, [state]).where("lease_until", "<", before).execute();
  if (state === "claimed") {
    const awaited = await awaitedAmong(db, rows);
    const isAwaited = ({ sending_id }: LockedRecipient): boolean => awaited.has(sending_id);
    // Whoever waited for it was not answered, and hands it over again.
    await move(db, rows.filter(isAwaited), { state: "cancelled", reply: "its process ended before it was sent", now });
    const others = rows.filter((row) => !isAwaited(row));
    await move(db, others, { state: "deferred", lease: null, lease_until: null, next_at: now, now });
  }
  // The lease stays: whoever has it may still come with the answer.
  else await move(db, rows, { state: "unknown", reply: "the process that sent it ended before the answer", now });
  return rows.length;
}

async function awaitedAmong(db: Db, rows: readonly LockedRecipient[]): Promise<ReadonlySet<number>> {
  if (rows.length === 0) return new Set();
  const found = await db
    .selectFrom("sending")
    .select("sending.id")
    .where("sending.id", "in", [...new Set(rows.map(({ sending_id }) => sending_id))])
    .where("awaited", "=", true)
    .execute();
  return new Set(found.map(({ id }) => id));
}

async function holdLate(db: Db, late: Date, now: Date): Promise<number> {
  const rows = await locked(db, ["scheduled", "deferred"]).where("next_at", "<", late).execute();
  await move(db, rows, { state: "held", now });
  return rows.length;
}

/** What people gave a time to, before it was tried. */
const dated = (db: Db) =>
  locked(db, ["scheduled"]).where(
    "sending_id",
    "in",
    db.selectFrom("sending").select("sending.id").where("kind", "=", "submission"),
  );

/** Its time came while somebody was there to send it: from now on it is tried like any other, even where the relay is away. */
async function beginDated(db: Db, grace: Date, now: Date): Promise<number> {
  const rows = await dated(db).where("next_at", "<=", now).where("next_at", ">=", grace).execute();
  await move(db, rows, { state: "deferred", now });
  return rows.length;
}

async function holdDated(db: Db, grace: Date, now: Date): Promise<number> {
  const rows = await dated(db).where("next_at", "<", grace).execute();
  await move(db, rows, { state: "held", now });
  return rows.length;
}

async function expire(db: Db, now: Date): Promise<number> {
  const rows = await locked(db, ["scheduled", "deferred"])
    .where("sending_id", "in", db.selectFrom("sending").select("sending.id").where("expires_at", "<=", now))
    .execute();
  await move(db, rows, { state: "expired", now });
  return rows.length;
}

/** Sendings that nobody waits for any more: word said, told, and put back where that was due. */
function over(db: Db, before: Date) {
  return db
    .selectFrom("sending")
    .select("sending.id")
    .where("settled_at", "<", before)
    .where("tell_at", "is", null)
    .limit(BATCH)
    .forUpdate()
    .skipLocked();
}

async function dropSendings(db: Db, before: Date): Promise<number> {
  // What is still to be done in the mailbox of a draft's owner is told by its sending.
  const ended = over(db, before).where(({ not, exists, selectFrom }) =>
    not(
      exists(
        selectFrom("draft")
          .select("draft.id")
          .whereRef("draft.sending_id", "=", "sending.id")
          .where("draft.state", "<>", "ended"),
      ),
    ),
  );
  const ids = (await ended.execute()).map(({ id }) => id);
  if (ids.length === 0) return 0;
  const states = await db.selectFrom("recipient").select("state").where("sending_id", "in", ids).execute();
  await db.deleteFrom("sending").where("id", "in", ids).execute();
  const changes = states.map(({ state }) => ({ state, change: -1 }));
  if (changes.length > 0) await db.insertInto("tally").values(changes).execute();
  return ids.length;
}

async function letGoOfBodies(db: Db, before: Date): Promise<number> {
  const ids = (await over(db, before).where("body", "is not", null).execute()).map(({ id }) => id);
  if (ids.length > 0) await db.updateTable("sending").set({ body: null }).where("id", "in", ids).execute();
  return ids.length;
}

async function dropBodies(db: Db, before: Date): Promise<number> {
  const rows = await db
    .selectFrom("body")
    .select("sha256")
    .where("used_at", "<", before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("sending").select("sending.id").whereRef("sending.body", "=", "body.sha256"))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("circular").select("circular.id").whereRef("circular.body", "=", "body.sha256"))),
    )
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
    .execute();
  const names = rows.map(({ sha256 }) => sha256);
  if (names.length > 0) await db.deleteFrom("body").where("sha256", "in", names).execute();
  return names.length;
}

async function counts(db: Parameters<Parameters<Store<Tables>["read"]>[0]>[0]) {
  const rows = await db
    .selectFrom("tally")
    .select((row) => ["state", row.cast<number>(row.fn.sum("change"), "integer").as("count")])
    .groupBy("state")
    .execute();
  const found: Partial<Record<SendingState, number>> = {};
  for (const { state, count } of rows) if (count !== 0) found[state] = count;
  return found;
}
