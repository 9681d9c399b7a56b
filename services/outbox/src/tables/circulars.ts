import type { Circular, CircularState } from "@tamis/contracts";
import type { Store, StoreHandle } from "@tamis/store";
import type { OfficeHours } from "@tamis/when";
import { type Counts, countsOf, sumOf, totalOf } from "./circular-counts.ts";
import { deadlineAfter, timeLeft, windowAt } from "./circular-hours.ts";
import { dropCircular } from "./drop-circulars.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";
import { stopSeries } from "./stop-series.ts";
import { type NewCircular, type StoredCircular, storeCircular } from "./store-circular.ts";

/** When a circular leaves. */
export interface Due {
  readonly at: Date;
  readonly wall: string | null;
  readonly zone: string | null;
  readonly which: "earlier" | "later" | null;
}

/** When in the day it leaves, and how it recurs. */
export interface Recurring {
  readonly hours: OfficeHours | null;
  /** The rule as Send Later writes it; how many more there will be, null: without end. */
  readonly every: { readonly rule: string; readonly left: number | null } | null;
}

const ONCE: Recurring = { hours: null, every: null };

/** How it ended: what it is now, or why it could not be. */
export type Changed = Circular | "missing" | "not-possible" | "too-late" | "no-recipients" | "body-gone";

/** Circulars as their owners see and change them. A circular of somebody else is `missing`. */
export interface Circulars {
  /** The number of the new one, or of the one that was stored before under its key, which stays as it is; `other`: that one had another draft. */
  create(circular: NewCircular, now: Date): Promise<StoredCircular>;
  list(accountId: string, limit: number): Promise<readonly Circular[]>;
  find(accountId: string, id: string): Promise<Circular | null>;
  schedule(
    accountId: string,
    id: string,
    change: { readonly due: Due; readonly recurring?: Recurring; readonly now: Date },
  ): Promise<Changed>;
  pause(accountId: string, id: string, now: Date): Promise<Changed>;
  /** A held one begins now. */
  resume(accountId: string, id: string, now: Date): Promise<Changed>;
  /** Forgets a draft. */
  discard(accountId: string, id: string, now: Date): Promise<"done" | "missing" | "not-possible">;
  /** After it is committed nothing of it begins any more; `left`: how many had begun by then. It is not followed by others, and those that were made are cancelled. */
  cancel(accountId: string, id: string, now: Date): Promise<{ readonly changed: Changed; readonly left: number }>;
}

/** Largest id of the tables. */
const MAX_ID = 2_147_483_647;

/** The number in an id; 0, which names nothing, where there is none. */
export function numberOf(id: string): number {
  const number = /^[1-9]\d{0,9}$/.test(id) ? Number(id) : 0;
  return number > MAX_ID ? 0 : number;
}

/** The circulars of an opened store; `deadlineMs`: how long one is tried after its start. */
export function openCirculars(store: Store<Tables>, deadlineMs: number): Circulars {
  const change = (accountId: string, id: string, step: Step): Promise<Changed> =>
    store.transaction(async (db) => {
      const row = await locked(db, accountId, id);
      if (row === undefined) return "missing";
      const set = await step(row, db);
      if (typeof set === "string") return set;
      if (Object.keys(set).length > 0) await db.updateTable("circular").set(set).where("id", "=", row.id).execute();
      return (await read(db, (query) => query.where("id", "=", row.id)))[0] ?? "missing";
    });
  return {
    create: (circular, now) => store.transaction((db) => storeCircular(db, circular, now)),
    list: (accountId, limit) =>
      store.read((db) =>
        read(db, (query) => query.where("account_id", "=", accountId).orderBy("id", "desc").limit(limit)),
      ),
    find: async (accountId, id) => {
      const [found] = await store.read((db) =>
        read(db, (query) => query.where("id", "=", numberOf(id)).where("account_id", "=", accountId)),
      );
      return found ?? null;
    },
    schedule: (accountId, id, { due, recurring = ONCE, now }) =>
      change(accountId, id, (row, db) => schedule(row, { db, due, recurring, now })),
    async discard(accountId, id, now) {
      const done = await change(accountId, id, ({ state }) =>
        state === "draft" ? { state: "cancelled", finished_at: now, changed_at: now, told_at: now } : "not-possible",
      );
      if (typeof done === "string") return done === "missing" ? done : "not-possible";
      await dropCircular(store, Number(done.id));
      return "done";
    },
    pause: (accountId, id, now) => change(accountId, id, (row) => pause(row, now)),
    resume: (accountId, id, now) => change(accountId, id, (row) => resume(row, { now, deadlineMs })),
    async cancel(accountId, id, now) {
      let left = 0;
      const changed = await change(accountId, id, async (row, db) => {
        left = sumOf((await countsOf(db, [row.id])).get(row.id) ?? {}, LEFT);
        const isStopped = await stopSeries(db, row, now);
        if (row.state === "cancelled" || (row.state === "done" && isStopped)) return {};
        return row.state === "done" ? "too-late" : { state: "cancelled", held: null, changed_at: now };
      });
      return { changed, left };
    },
  };
}

const LEFT = ["begun", "accepted", "unknown"] as const;

type Row = Awaited<ReturnType<typeof locked>> & {};
type Changes = Partial<
  Pick<
    Tables["circular"],
    | "state"
    | "held"
    | "changed_at"
    | "due_at"
    | "wall"
    | "zone"
    | "which"
    | "started_at"
    | "deadline_at"
    | "finished_at"
    | "told_at"
    | "open_from"
    | "open_until"
    | "every"
    | "every_left"
    | "series"
  > & { readonly hours: string | null; readonly follows: boolean }
>;
type Step = (row: Row, db: Db) => Changes | Exclude<Changed, Circular> | Promise<Changes | Exclude<Changed, Circular>>;

function locked(db: Db, accountId: string, id: string) {
  return (
    db
      .selectFrom("circular")
      .select(["id", "state", "started_at", "deadline_at", "changed_at", "body", "hours", "series"])
      .where("id", "=", numberOf(id))
      .where("account_id", "=", accountId)
      // Not "for update": counts and recipients refer to it, and need not wait.
      .forNoKeyUpdate()
      .executeTakeFirst()
  );
}

interface Scheduling {
  readonly db: Db;
  readonly due: Due;
  readonly recurring: Recurring;
  readonly now: Date;
}

async function schedule(
  row: Row,
  { db, due, recurring, now }: Scheduling,
): Promise<Changes | "not-possible" | "no-recipients"> {
  // Scheduled again before its instant: it is put off, or brought forward.
  if (row.state !== "draft" && row.state !== "scheduled") return "not-possible";
  const counts = (await countsOf(db, [row.id])).get(row.id) ?? {};
  if ((counts.scheduled ?? 0) === 0) return "no-recipients";
  const { at, wall, zone, which } = due;
  const { hours, every } = recurring;
  return {
    state: "scheduled",
    ...{ due_at: at, wall, zone, which, changed_at: now },
    hours: hours === null ? null : JSON.stringify(hours),
    ...windowAt(hours, at),
    every: every?.rule ?? null,
    every_left: every?.left ?? null,
    series: every === null ? null : (row.series ?? row.id),
    follows: every !== null && every.left !== 0,
  };
}

function pause({ state }: Row, now: Date): Changes | "not-possible" {
  if (state === "paused") return {};
  return state === "started" ? { state: "paused", changed_at: now } : "not-possible";
}

interface Resuming {
  readonly now: Date;
  readonly deadlineMs: number;
}

function resume(row: Row, { now, deadlineMs }: Resuming): Changes | "not-possible" | "body-gone" {
  const { state, started_at, deadline_at, changed_at, body, hours } = row;
  if (state === "started") return {};
  if (body === null) return "body-gone";
  const anew = { state: "started", held: null, changed_at: now } as const;
  // The time it was paused does not count.
  if (state === "paused" && deadline_at !== null)
    return {
      ...anew,
      ...windowAt(hours, now),
      deadline_at: deadlineAfter(hours, now, timeLeft(hours, changed_at, deadline_at)),
    };
  if (state !== "held") return "not-possible";
  return {
    ...anew,
    ...windowAt(hours, now),
    started_at: started_at ?? now,
    deadline_at: deadlineAfter(hours, now, deadlineMs),
  };
}

const selected = (db: StoreHandle<Tables>) => db.selectFrom("circular").selectAll();

async function read(
  db: StoreHandle<Tables>,
  which: (query: ReturnType<typeof selected>) => ReturnType<typeof selected>,
): Promise<readonly Circular[]> {
  const rows = await which(selected(db)).execute();
  const counts = await countsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => shown(row, counts.get(row.id) ?? {}));
}

const msOf = (date: Date | null): number | null => date?.getTime() ?? null;

/** Those of the installation have holidays, which nobody says of a circular. */
function ownHours(hours: OfficeHours | null) {
  if (hours === null || (hours.closed ?? []).length > 0) return {};
  const { days, from, to, zone } = hours;
  return { only: { days, from, to, zone } };
}

function shown(row: Awaited<ReturnType<ReturnType<typeof selected>["executeTakeFirstOrThrow"]>>, counts: Counts) {
  return {
    id: String(row.id),
    state: row.state satisfies CircularState,
    subject: row.subject,
    tracked: row.tracked,
    testOf: row.test_of === null ? null : String(row.test_of),
    createdAt: row.created_at.getTime(),
    dueAt: msOf(row.due_at),
    wall: row.wall,
    zone: row.zone,
    startedAt: msOf(row.started_at),
    deadlineAt: msOf(row.deadline_at),
    finishedAt: msOf(row.finished_at),
    held: row.held,
    recipients: totalOf(counts),
    counts,
    ...(row.open_from === null || row.open_until === null
      ? {}
      : { hours: { opensAt: row.open_from.getTime(), closesAt: row.open_until.getTime(), ...ownHours(row.hours) } }),
    ...(row.every === null
      ? {}
      : { every: { rule: row.every, left: row.follows ? row.every_left : 0, first: String(row.series ?? row.id) } }),
  };
}
