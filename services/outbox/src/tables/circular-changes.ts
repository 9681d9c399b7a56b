import type { CircularChanged, CircularState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import type { OfficeHours } from "@tamis/when";
import { type Counts, countsOf } from "./circular-counts.ts";
import { windowAt } from "./circular-hours.ts";
import type { Tables } from "./schema.ts";

/** A change of a circular that was not published yet. */
export interface UntoldChange {
  readonly id: number;
  readonly accountId: string;
  readonly state: CircularState;
  readonly held: "late" | "restored" | null;
  readonly changedAt: Date;
  readonly counts: Counts;
}

/** A circular that has not begun, and when it will. */
export interface ScheduledCircular {
  readonly id: number;
  readonly dueAt: Date;
  readonly wall: string | null;
  readonly zone: string | null;
  readonly which: "earlier" | "later" | null;
  readonly hours: OfficeHours | null;
}

/** Circulars as those see them who tell of them, and who know what zones do to their clocks. */
export interface CircularChanges {
  /** Those that are to leave at a wall time; {@link putOff} where that is another instant by now. */
  scheduled(): Promise<readonly ScheduledCircular[]>;
  putOff(circular: ScheduledCircular, at: Date): Promise<void>;
  /** Changes that are not published, the oldest first. */
  untold(limit: number): Promise<readonly UntoldChange[]>;
  told(id: number, changedAt: Date): Promise<void>;
}

/** The changes of the circulars of an opened store. */
export function openCircularChanges(store: Store<Tables>): CircularChanges {
  return {
    scheduled: () =>
      store.read((db) =>
        db
          .selectFrom("circular")
          .select((row) => ["id", "wall", "zone", "which", "hours", row.ref("due_at").$notNull().as("dueAt")])
          .where("state", "=", "scheduled")
          .where("wall", "is not", null)
          .execute(),
      ),
    putOff: async ({ id, dueAt, hours }, at) => {
      await store.transaction((db) =>
        db
          .updateTable("circular")
          .set({ due_at: at, ...windowAt(hours, at) })
          .where("id", "=", id)
          .where("state", "=", "scheduled")
          .where("due_at", "=", dueAt)
          .execute(),
      );
    },
    untold: (limit) => untold(store, limit),
    async told(id, changedAt) {
      await store.transaction((db) =>
        db.updateTable("circular").set({ told_at: changedAt }).where("id", "=", id).execute(),
      );
    },
  };
}

async function untold(store: Store<Tables>, limit: number): Promise<readonly UntoldChange[]> {
  const rows = await store.read((db) =>
    db
      .selectFrom("circular")
      .select(["id", "account_id as accountId", "state", "held", "changed_at as changedAt"])
      // A draft is told of only where its time was taken back after that had been told.
      .where((row) => row.or([row("state", "!=", "draft"), row("told_at", "is not", null)]))
      .where((row) => row.or([row("told_at", "is", null), row("told_at", "<", row.ref("changed_at"))]))
      .orderBy("changed_at")
      .limit(limit)
      .execute(),
  );
  const counts = await store.read((db) =>
    countsOf(
      db,
      rows.map(({ id }) => id),
    ),
  );
  return rows.map((row) => ({ ...row, counts: counts.get(row.id) ?? {} }));
}

/** What is published of a change. */
export const factOf = ({ id, accountId, state, held, changedAt, counts }: UntoldChange): CircularChanged => ({
  v: 1,
  accountId,
  circularId: String(id),
  state,
  ...(held === null ? {} : { held }),
  counts,
  at: changedAt.getTime(),
});
