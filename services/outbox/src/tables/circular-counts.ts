import type { SendingState } from "@tamis/contracts";
import type { StoreHandle } from "@tamis/store";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** A recipient of a circular that came from one state into another; `null`: it was not there before, or is not any more. */
export interface StateMove {
  readonly circularId: number;
  readonly from: SendingState | null;
  readonly to: SendingState | null;
}

/** Recipients by state; none where it is absent. */
export type Counts = Partial<Record<SendingState, number>>;

/** Adds moves to the counts, in the transaction that makes them. Always last, and in one order, so that nobody waits in a circle. */
export async function countMoves(db: Db, slot: number, moves: readonly StateMove[]): Promise<void> {
  const sums = new Map<string, Tables["circular_count"]>();
  const add = (circular_id: number, state: SendingState, by: number): void => {
    const key = `${circular_id} ${state}`;
    sums.set(key, { circular_id, slot, state, count: (sums.get(key)?.count ?? 0) + by });
  };
  for (const { circularId, from, to } of moves) {
    if (from !== null) add(circularId, from, -1);
    if (to !== null) add(circularId, to, 1);
  }
  const rows = [...sums.values()].filter(({ count }) => count !== 0);
  if (rows.length === 0) return;
  rows.sort((a, b) => a.circular_id - b.circular_id || a.state.localeCompare(b.state));
  await db
    .insertInto("circular_count")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(["circular_id", "slot", "state"])
        .doUpdateSet((row) => ({ count: row("circular_count.count", "+", row.ref("excluded.count")) })),
    )
    .execute();
}

/** The counts of these circulars: a few rows each, however many recipients there are. */
export async function countsOf(db: StoreHandle<Tables>, ids: readonly number[]): Promise<ReadonlyMap<number, Counts>> {
  const found = new Map<number, Counts>(ids.map((id) => [id, {}]));
  if (ids.length === 0) return found;
  const rows = await db
    .selectFrom("circular_count")
    .select((row) => ["circular_id", "state", row.cast<number>(row.fn.sum("count"), "integer").as("count")])
    .where("circular_id", "in", [...ids])
    .groupBy(["circular_id", "state"])
    .execute();
  for (const { circular_id, state, count } of rows) {
    const counts = found.get(circular_id);
    if (counts !== undefined && count !== 0) counts[state] = count;
  }
  return found;
}

/** Those to whom something may still be sent by itself. */
export const OPEN_STATES = ["scheduled", "claimed", "begun", "deferred"] as const satisfies readonly SendingState[];

/** How many of them are in one of these states. */
export const sumOf = (counts: Counts, states: readonly SendingState[]): number =>
  states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** How many there are. */
export const totalOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
