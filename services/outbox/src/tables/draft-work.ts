import type { SendingState } from "@tamis/contracts";
import { dueRows, type HeldQueue, type Keeping, type Store, type Taking } from "@tamis/store";
import { instantOf } from "@tamis/when";
import type { DueTime } from "../drafts/draft-time.ts";
import { type DraftRow, type DraftSendingRules, prefixOf, scheduleOccurrence } from "./draft-sending.ts";
import type { Db } from "./move.ts";
import { bodyAsBase64, fromBase64 } from "./octets.ts";
import type { SettledState, Tables } from "./schema.ts";

/** A draft whose sending is to be looked at. */
export interface DueDraft {
  readonly draft: DraftRow;
  /** The last word on its sending; null while there is none. */
  readonly word: SettledState | null;
  readonly settledAt: Date | null;
  readonly messageId: string;
  /** Of its recipients. */
  readonly states: ReadonlySet<SendingState>;
}

/** How a draft goes on when the word on its sending was carried out in its owner's mailbox. */
export interface DraftStep {
  readonly word: SettledState;
  /** null: it has ended. */
  readonly next: DueTime | null;
  readonly outcome: "sent" | "back";
}

/** The drafts that wait, as those see them who carry out what becomes of them. */
export interface DraftWork extends HeldQueue<DueDraft> {
  /** The mail that left; null: it is not kept any more. */
  octets(sendingId: number): Promise<Uint8Array | null>;
  /** Its sending is under way: looked at again then, where nobody has touched it since it was held until `held`. */
  lookAt(id: number, held: Date, at: Date): Promise<void>;
  /** What was to be done failed; as {@link lookAt}. */
  later(id: number, held: Date, at: Date): Promise<void>;
  /**
   * What its owner did since it was held until `held` is looked at next. False: the next time cannot be scheduled, since the draft's octets are not
   * kept any more. Then nothing has changed.
   */
  finish(draft: DraftRow, step: DraftStep, now: Date, held: Date): Promise<boolean>;
  /** By the rules that zones have now; how many leave at another instant. */
  retime(now: Date): Promise<number>;
  /** Those that were never confirmed, and those that ended, before. */
  drop(offeredBefore: Date, endedBefore: Date): Promise<number>;
}

/** The work on the drafts of an opened store. */
export function openDraftWork(store: Store<Tables>, rules: DraftSendingRules): DraftWork {
  return {
    take: (limit, now, until, except) => store.transaction((db) => take(db, { limit, now, until, except })),
    keep: (ids, taken, until) => store.transaction((db) => keep(db, { ids, taken, until })),
    octets: (sendingId) => store.read((db) => octetsOf(db, sendingId)),
    async lookAt(id, held, at) {
      await store.transaction((db) =>
        db.updateTable("draft").set({ step_at: at }).where("id", "=", id).where("step_at", "=", held).execute(),
      );
    },
    async later(id, held, at) {
      await store.transaction((db) =>
        db
          .updateTable("draft")
          .set((row) => ({ step_at: at, attempts: row("attempts", "+", 1) }))
          .where("id", "=", id)
          .where("step_at", "=", held)
          .execute(),
      );
    },
    finish: (draft, step, now, held) => store.transaction((db) => finish(db, { draft, step, now, held, rules })),
    retime: (now) => store.transaction((db) => retime(db, now)),
    async drop(offeredBefore, endedBefore) {
      const dropped = await store.transaction((db) =>
        db
          .deleteFrom("draft")
          .where(({ and, or, eb }) =>
            or([
              and([eb("state", "=", "offered"), eb("changed_at", "<", offeredBefore)]),
              and([eb("state", "=", "ended"), eb("changed_at", "<", endedBefore)]),
            ]),
          )
          .executeTakeFirst(),
      );
      return Number(dropped.numDeletedRows);
    },
  };
}

async function keep(db: Db, { ids, taken, until }: Keeping): Promise<void> {
  await db
    .updateTable("draft")
    .set({ step_at: until })
    .where("id", "in", [...ids])
    .where("step_at", "=", taken)
    .execute();
}

async function take(db: Db, taking: Taking): Promise<readonly DueDraft[]> {
  const drafts = await dueRows(db.selectFrom("draft").selectAll(), { id: "id", at: "step_at" }, taking).execute();
  if (drafts.length === 0) return [];
  const ids = drafts.map(({ id }) => id);
  await db.updateTable("draft").set({ step_at: taking.until }).where("id", "in", ids).execute();
  const found: DueDraft[] = [];
  for (const draft of drafts) {
    const due = draft.sending_id === null ? null : await dueOf(db, draft, draft.sending_id);
    if (due !== null) found.push(due);
  }
  return found;
}

async function dueOf(db: Db, draft: DraftRow, sendingId: number): Promise<DueDraft> {
  const sending = await db
    .selectFrom("sending")
    .select(["settled", "settled_at", "message_id"])
    .where("id", "=", sendingId)
    .executeTakeFirstOrThrow();
  const recipients = await db
    .selectFrom("recipient")
    .select("state")
    .distinct()
    .where("sending_id", "=", sendingId)
    .execute();
  return {
    draft,
    word: sending.settled,
    settledAt: sending.settled_at,
    messageId: sending.message_id,
    states: new Set(recipients.map(({ state }) => state)),
  };
}

async function octetsOf(
  db: Parameters<Parameters<Store<Tables>["read"]>[0]>[0],
  sendingId: number,
): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom("sending")
    .innerJoin("body", "body.sha256", "sending.body")
    .select((from) => ["prefix", bodyAsBase64(from).as("octets")])
    .where("sending.id", "=", sendingId)
    .executeTakeFirst();
  return row === undefined ? null : Buffer.concat([Buffer.from(row.prefix), fromBase64(row.octets)]);
}

interface Finishing {
  readonly draft: DraftRow;
  readonly step: DraftStep;
  readonly now: Date;
  readonly held: Date;
  readonly rules: DraftSendingRules;
}

async function finish(db: Db, { draft, step, now, held, rules }: Finishing): Promise<boolean> {
  const { word, next, outcome } = step;
  const before = await db.selectFrom("draft").selectAll().where("id", "=", draft.id).forUpdate().executeTakeFirst();
  // Somebody else did it, or an answer came meanwhile that ends it: looked at again.
  if (before?.sending_id !== draft.sending_id) return true;
  const isUntouched = before.step_at?.getTime() === held.getTime();
  // Its owner said something, or another instance has it now: what comes of that is seen at the next turn.
  if (!isUntouched && (next !== null || before.state === "ended")) return true;
  if (next !== null && before.replied_at !== null) {
    await db.updateTable("draft").set({ step_at: now }).where("id", "=", draft.id).execute();
    return true;
  }
  if (next === null) {
    await db
      .updateTable("draft")
      .set({ state: "ended", outcome, word, attempts: 0, changed_at: now })
      .set({ step_at: isUntouched ? null : before.step_at })
      .where("id", "=", draft.id)
      .execute();
    return true;
  }
  const occurrence = draft.occurrence + 1;
  const sendingId = await scheduleOccurrence(db, { draft, due: next, occurrence, now }, rules);
  if (sendingId === null) return false;
  await db
    .updateTable("draft")
    .set({ occurrence, sending_id: sendingId, word: null, wall: next.wall, due_at: next.at })
    .set({ step_at: next.at, attempts: 0, changed_at: now })
    .where("id", "=", draft.id)
    .execute();
  return true;
}

/** A wall time that does not exist now, or comes twice, leaves at the instant that it was first. */
async function retime(db: Db, now: Date): Promise<number> {
  const drafts = await db
    .selectFrom("draft")
    .selectAll()
    .where("state", "=", "scheduled")
    .where("due_at", ">", now)
    .orderBy("id")
    .forUpdate()
    .execute();
  let moved = 0;
  for (const draft of drafts) {
    const found = instantOf(draft.wall, draft.zone);
    if (found.kind !== "instant" || draft.sending_id === null || isSameSecond(found.at, draft.due_at)) continue;
    moved += await leaveAt(db, { draft, sendingId: draft.sending_id, at: found.at });
  }
  return moved;
}

/** Wall times are told to the second. */
const isSameSecond = (one: Date, other: Date): boolean =>
  Math.floor(one.getTime() / 1000) === Math.floor(other.getTime() / 1000);

interface Leaving {
  readonly draft: DraftRow;
  readonly sendingId: number;
  readonly at: Date;
}

async function leaveAt(db: Db, { draft, sendingId, at }: Leaving): Promise<number> {
  const { message_id } = await db
    .selectFrom("sending")
    .select("message_id")
    .where("id", "=", sendingId)
    .executeTakeFirstOrThrow();
  const changed = await db
    .updateTable("recipient")
    .set({ next_at: at })
    .where("sending_id", "=", sendingId)
    .where("state", "=", "scheduled")
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return 0;
  await db
    .updateTable("sending")
    .set({ prefix: prefixOf({ at, wall: draft.wall, zone: draft.zone }, message_id) })
    .where("id", "=", sendingId)
    .execute();
  await db.updateTable("draft").set({ due_at: at, step_at: at }).where("id", "=", draft.id).execute();
  return 1;
}
