import type { CircularReceipts, SendingState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { sql } from "kysely";
import { countMoves, type StateMove } from "./circular-counts.ts";
import { isOpenAt } from "./circular-hours.ts";
import type { CircularResult } from "./circular-work.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";
import { isTracked, oweTracking } from "./tracking.ts";

/** The recipients of one mail that is about to be sent: all of them, or none. */
export interface Beginning {
  readonly lease: string;
  readonly circularId: number;
  readonly ids: readonly number[];
}

/** What several connections need of the ledger at the same moment. */
export interface Group {
  readonly begins: readonly Beginning[];
  readonly results: readonly CircularResult[];
}

interface Row {
  readonly id: number;
  readonly circular_id: number;
  readonly state: SendingState;
  readonly lease: string | null;
  readonly attempts: number;
  readonly receipts: CircularReceipts;
}

/**
 * Commits groups: one transaction, one wait for the disk, for as many mails as there are connections. The fence is as for one mail: whose
 * recipients are not claimed under its lease, or whose circular is not being sent at this moment, does not begin.
 */
export function openGroupCommit(
  store: Store<Tables>,
  slot: number,
): (group: Group, now: Date) => Promise<readonly boolean[]> {
  return (group, now) =>
    store.transaction(async (db) => {
      const sending = await sendingNow(db, group, now);
      const rows = await lockRows(db, group);
      const isMine = (lease: string, row: Row | undefined): row is Row => row !== undefined && row.lease === lease;
      const holds = group.begins.map(
        ({ lease, circularId, ids }) =>
          sending.has(circularId) &&
          ids.every((id) => {
            const row = rows.get(id);
            return isMine(lease, row) && row.state === "claimed";
          }),
      );
      const begun = group.begins.flatMap(({ ids }, index) => (holds[index] === true ? ids : []));
      const told = group.results.filter(({ id, lease, state }) => {
        const row = rows.get(id);
        return isMine(lease, row) && isTold(row.state, state);
      });
      const moves = [...(await begin(db, begun, { rows, now })), ...(await record(db, told, { rows, now }))];
      await countMoves(db, slot, moves);
      return holds;
    });
}

/** A late answer of whoever sent it corrects `unknown`. What has its word, or is somebody else's by now, stays as it is. */
function isTold(now: SendingState, then: CircularResult["state"]): boolean {
  if (now === "unknown") return then !== "returned" && then !== "held" && then !== "unknown";
  return now === "claimed" || now === "begun";
}

/** Locked until the commit: whoever pauses or cancels one of them waits, and after that no recipient of it begins. */
async function sendingNow(db: Db, { begins }: Group, now: Date): Promise<ReadonlySet<number>> {
  if (begins.length === 0) return new Set();
  const rows = await db
    .selectFrom("circular")
    .select("id")
    .where("id", "in", [...new Set(begins.map(({ circularId }) => circularId))])
    .where("state", "=", "started")
    .where("deadline_at", ">", now)
    .where(isOpenAt(now))
    .orderBy("id")
    .forShare()
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function lockRows(db: Db, { begins, results }: Group): Promise<ReadonlyMap<number, Row>> {
  const ids = [...begins.flatMap((one) => one.ids), ...results.map(({ id }) => id)];
  const rows = await db
    .selectFrom("circular_recipient")
    .innerJoin("circular", "circular.id", "circular_recipient.circular_id")
    .select(["circular_recipient.id", "circular_id", "circular_recipient.state", "lease", "attempts", "receipts"])
    .where("circular_recipient.id", "=", sql<number>`any(${ids}::int[])`)
    .orderBy("circular_recipient.id")
    .forUpdate("circular_recipient")
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

interface Locked {
  readonly rows: ReadonlyMap<number, Row>;
  readonly now: Date;
}

async function begin(db: Db, ids: readonly number[], { rows, now }: Locked): Promise<readonly StateMove[]> {
  if (ids.length === 0) return [];
  await db
    .updateTable("circular_recipient")
    .set({ state: "begun", changed_at: now })
    .where("id", "=", sql<number>`any(${ids}::int[])`)
    .execute();
  return ids.map((id) => ({ circularId: rows.get(id)?.circular_id ?? 0, from: "claimed", to: "begun" }));
}

/** A returned one is what it was before its claim. */
const stateAfter = ({ state }: CircularResult, { attempts }: Row): SendingState => {
  if (state !== "returned") return state;
  return attempts > 0 ? "deferred" : "scheduled";
};

async function record(
  db: Db,
  results: readonly CircularResult[],
  { rows, now }: Locked,
): Promise<readonly StateMove[]> {
  // Proof: results without a row were left out.
  const told = results.map((result) => ({ result, row: rows.get(result.id) as Row }));
  if (told.length === 0) return [];
  const changes = told.map(({ result, row }) => ({
    id: row.id,
    state: stateAfter(result, row),
    attempts: row.attempts + (result.state === "returned" || result.state === "held" ? 0 : 1),
    next_at: result.nextAt.toISOString(),
    code: result.reply?.code ?? null,
    status: result.reply?.status ?? null,
    reply: result.reply?.text ?? null,
  }));
  await db
    .updateTable("circular_recipient as row")
    .from(
      sql<
        (typeof changes)[number] & { next_at: Date }
      >`jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)`.as<"said">(
        sql`said(id int, state text, attempts int, next_at timestamptz, code int, status text, reply text)`,
      ),
    )
    .set((column) => ({
      state: column.ref("said.state"),
      attempts: column.ref("said.attempts"),
      next_at: column.ref("said.next_at"),
      // A returned one keeps what it was last told.
      code: sql<number | null>`case when said.reply is null then ${column.ref("row.code")} else said.code end`,
      status: sql<string | null>`case when said.reply is null then ${column.ref("row.status")} else said.status end`,
      reply: column.fn.coalesce("said.reply", "row.reply"),
      changed_at: now,
    }))
    .whereRef("row.id", "=", "said.id")
    .execute();
  await keepAttempts(db, results, now);
  const tracked = told.filter(({ result, row }) => isTracked(stateAfter(result, row), row.receipts));
  await oweTracking(db, idsOf(tracked), now);
  await keepSealings(db, results);
  return told.map(({ result, row }) => ({
    circularId: row.circular_id,
    from: row.state,
    to: stateAfter(result, row),
  }));
}

const idsOf = (told: readonly { readonly row: Row }[]): readonly number[] => told.map(({ row }) => row.id);

/** Those after which another may follow: the last one is in the recipient's own row. */
async function keepAttempts(db: Db, results: readonly CircularResult[], now: Date): Promise<void> {
  const kept = results.flatMap(({ id, state, reply }) =>
    (state === "deferred" || state === "unknown") && reply !== null
      ? [{ recipient_id: id, at: now, state, code: reply.code, status: reply.status, reply: reply.text }]
      : [],
  );
  if (kept.length > 0) await db.insertInto("circular_attempt").values(kept).execute();
}

/** A statement of its own: most circulars have no secrets. */
async function keepSealings(db: Db, results: readonly CircularResult[]): Promise<void> {
  const sealed = Map.groupBy(
    results.filter(({ sealing }) => sealing !== undefined),
    ({ sealing }) => JSON.stringify(sealing),
  );
  for (const [sealing, of] of sealed)
    await db
      .updateTable("circular_recipient")
      .set({ sealing })
      .where("id", "=", sql<number>`any(${of.map(({ id }) => id)}::int[])`)
      .execute();
}
