import type { Store } from "@tamis/store";
import type { Arrival } from "../lookup/ask-program.ts";
import { countMoves } from "./circular-counts.ts";
import { type Db, move } from "./move.ts";
import type { Tables } from "./schema.ts";

/** A recipient of whom nobody knows whether the mail arrived. */
export interface Question {
  readonly of: "sending" | "circular";
  readonly recipientId: number;
  /** With angle brackets. */
  readonly messageId: string;
  /** It cannot have left before. */
  readonly sentAfter: Date;
  /** When it became unknown. */
  readonly since: Date;
  /** How often it is asked, this time included. */
  readonly attempts: number;
}

/** Whose questions are taken. */
export interface Taking {
  readonly limit: number;
  /** Those that became unknown before. */
  readonly before: Date;
  /** Until then no other instance asks the same. */
  readonly until: Date;
  readonly now: Date;
}

/** What is to come of an answer. */
export interface Ruling {
  readonly arrival: Arrival;
  /** What surely did not arrive is sent again, where nobody was told yet that it is unknown. */
  readonly resend: boolean;
  /** When one without an answer is asked again. */
  readonly nextAt: Date;
  readonly now: Date;
}

/** What came of it. `unknown`: as before. `changed`: it was known by then. */
export type Ruled = "accepted" | "deferred" | "unknown" | "changed";

/** Recipients who are unknown, to be looked up. */
export interface Lookups {
  take(taking: Taking): Promise<readonly Question[]>;
  rule(question: Question, ruling: Ruling): Promise<Ruled>;
}

const NEVER = new Date("9999-01-01T00:00:00Z");
const ARRIVED = "looked up: it arrived";
const ABSENT = "looked up: it did not arrive";
/** What is shown of one that stays unknown. */
const WORDS = {
  arrived: "looked up: a copy was found, which may be another recipient's",
  absent: ABSENT,
  "not-found": "looked up: no copy was found",
} as const;
/** Their owners were told of an unknown one, or it is what somebody else may have sent by now: that is theirs to decide. */
const RESENT_KINDS = ["vacation", "notify", "report"] as const;

/** The lookups of an opened store; `slot`: where this instance counts. */
export function openLookups(store: Store<Tables>, slot: number): Lookups {
  return {
    take: (taking) =>
      store.transaction(async (db) => {
        await forgetKnown(db);
        const found = [...(await sendings(db, taking)), ...(await circulars(db, taking))].slice(0, taking.limit);
        if (found.length > 0) await note(db, found, taking.until);
        return found;
      }),
    rule: (question, ruling) =>
      store.transaction(async (db) => {
        const ruled = await (question.of === "sending"
          ? ruleSending(db, question, ruling)
          : ruleCircular(db, question, { ...ruling, slot }));
        const lookup = db
          .updateTable("lookup")
          .where("recipient_id", "=", question.recipientId)
          .where("since", "=", question.since);
        if (ruled === "unknown")
          await lookup.set({ due_at: ruling.arrival === "unclear" ? ruling.nextAt : NEVER }).execute();
        return ruled;
      }),
  };
}

/** Of those who are known by now nothing is kept. */
async function forgetKnown(db: Db): Promise<void> {
  await db
    .deleteFrom("lookup")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom("recipient").select("id").whereRef("id", "=", "recipient_id").where("state", "=", "unknown")),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("circular_recipient")
            .select("id")
            .whereRef("id", "=", "recipient_id")
            .where("state", "=", "unknown"),
        ),
      ),
    )
    .execute();
}

async function sendings(db: Db, { limit, before, now }: Taking): Promise<readonly Question[]> {
  const rows = await db
    .selectFrom("recipient as row")
    .innerJoin("sending", "sending.id", "row.sending_id")
    .leftJoin("lookup", (join) =>
      join.onRef("lookup.recipient_id", "=", "row.id").onRef("lookup.since", "=", "row.changed_at"),
    )
    .select(["row.id", "row.changed_at", "sending.message_id", "sending.stored_at as sent_after", "lookup.attempts"])
    .where("row.state", "=", "unknown")
    .where("row.changed_at", "<=", before)
    // A redirected mail has the Message-ID that it came with: that it is known says nothing.
    .where("kind", "<>", "redirect")
    .where((row) => row.or([row("lookup.due_at", "is", null), row("lookup.due_at", "<=", now)]))
    .orderBy("row.changed_at")
    .limit(limit)
    .forUpdate("row")
    .skipLocked()
    .execute();
  return rows.map((row) => questionOf("sending", row));
}

async function circulars(db: Db, { limit, before, now }: Taking): Promise<readonly Question[]> {
  const rows = await db
    .selectFrom("circular_recipient as row")
    .innerJoin("circular", "circular.id", "row.circular_id")
    .leftJoin("lookup", (join) =>
      join.onRef("lookup.recipient_id", "=", "row.id").onRef("lookup.since", "=", "row.changed_at"),
    )
    .select((row) => [
      "row.id",
      "row.changed_at",
      row.fn.coalesce("circular.started_at", "circular.created_at").as("sent_after"),
      row.ref("row.message_id").$notNull().as("message_id"),
      "lookup.attempts",
    ])
    .where("row.state", "=", "unknown")
    .where("row.changed_at", "<=", before)
    // Those who share a mail share its Message-ID with others whose mail arrived.
    .where("row.message_id", "is not", null)
    .where((row) => row.or([row("lookup.due_at", "is", null), row("lookup.due_at", "<=", now)]))
    .orderBy("row.changed_at")
    .limit(limit)
    .forUpdate("row")
    .skipLocked()
    .execute();
  return rows.map((row) => questionOf("circular", row));
}

interface Found {
  readonly id: number;
  readonly changed_at: Date;
  readonly sent_after: Date;
  readonly message_id: string;
  readonly attempts: number | null;
}

const questionOf = (of: Question["of"], { id, changed_at, sent_after, message_id, attempts }: Found): Question => ({
  of,
  recipientId: id,
  messageId: message_id,
  sentAfter: sent_after,
  since: changed_at,
  attempts: (attempts ?? 0) + 1,
});

async function note(db: Db, questions: readonly Question[], until: Date): Promise<void> {
  await db
    .insertInto("lookup")
    .values(
      questions.map(({ recipientId, since, attempts }) => ({
        recipient_id: recipientId,
        since,
        due_at: until,
        attempts,
      })),
    )
    .onConflict((conflict) =>
      conflict.column("recipient_id").doUpdateSet((row) => ({
        since: row.ref("excluded.since"),
        due_at: row.ref("excluded.due_at"),
        attempts: row.ref("excluded.attempts"),
      })),
    )
    .execute();
}

async function ruleSending(db: Db, { recipientId, since }: Question, { arrival, resend, now }: Ruling): Promise<Ruled> {
  const rows = await recipientsWith(db, recipientId);
  const isAsked = ({ state, changed_at }: Sibling): boolean => state === "unknown" && +changed_at === +since;
  const row = rows.find((one) => one.id === recipientId && isAsked(one));
  if (row === undefined) return "changed";
  const said = (reply: string) => ({ code: null, status: null, reply });
  if (arrival === "arrived" && !mayBeAnothers(row, rows)) {
    // One mail, one answer that was lost: it arrived for all of them.
    await move(db, rows.filter(isAsked), { state: "accepted", ...said(ARRIVED), now });
    return "accepted";
  }
  const isResent =
    resend && RESENT_KINDS.some((kind) => kind === row.kind) && row.body !== null && row.expires_at > now;
  if (arrival === "absent" && isResent) {
    await move(db, [row], { state: "deferred", lease: null, lease_until: null, next_at: now, ...said(ABSENT), now });
    return "deferred";
  }
  if (arrival !== "unclear")
    await db.updateTable("recipient").set(said(WORDS[arrival])).where("id", "=", row.id).execute();
  return "unknown";
}

type Sibling = Awaited<ReturnType<typeof recipientsWith>>[number];

/** The recipients of the sending that this one belongs to, locked in their order, as everywhere. */
function recipientsWith(db: Db, recipientId: number) {
  return db
    .selectFrom("recipient")
    .innerJoin("sending", "sending.id", "recipient.sending_id")
    .select(["recipient.id", "sending_id", "state", "changed_at", "kind", "body", "expires_at"])
    .select(["receipts", "subaddressed"])
    .where("sending_id", "=", (from) => from.selectFrom("recipient").select("sending_id").where("id", "=", recipientId))
    .orderBy("recipient.id")
    .forUpdate("recipient")
    .execute();
}

/**
 * Whether a mail with this Message-ID may have left to another recipient in another transaction: at another time, or, where receipts are
 * followed, at the same.
 */
function mayBeAnothers(row: Sibling, rows: readonly Sibling[]): boolean {
  const isSplit = row.receipts !== "none" || row.subaddressed;
  return rows.some(({ id, state, changed_at }) => {
    if (id === row.id) return false;
    if (state === "unknown") return isSplit || +changed_at !== +row.changed_at;
    return state === "accepted" || state === "begun";
  });
}

async function ruleCircular(
  db: Db,
  { recipientId, since }: Question,
  { arrival, resend, now, slot }: Ruling & { readonly slot: number },
): Promise<Ruled> {
  // The circular before its recipients, as everywhere.
  const circular = await db
    .selectFrom("circular")
    .select(["id", "state", "body", "deadline_at"])
    .where("id", "=", (from) =>
      from.selectFrom("circular_recipient").select("circular_id").where("id", "=", recipientId),
    )
    .forNoKeyUpdate()
    .executeTakeFirst();
  const row = await db
    .selectFrom("circular_recipient")
    .select("id")
    .where("id", "=", recipientId)
    .where("state", "=", "unknown")
    .where("changed_at", "=", since)
    .forUpdate()
    .executeTakeFirst();
  if (circular === undefined || row === undefined) return "changed";
  if (arrival === "unclear") return "unknown";
  const said = { code: null, status: null, reply: arrival === "arrived" ? ARRIVED : WORDS[arrival] };
  const update = db.updateTable("circular_recipient").where("id", "=", row.id);
  if (arrival === "arrived") {
    await update.set({ state: "accepted", changed_at: now, ...said }).execute();
    await countMoves(db, slot, [{ circularId: circular.id, from: "unknown", to: "accepted" }]);
    return "accepted";
  }
  const isOpen = ["started", "paused", "done"].includes(circular.state) && circular.body !== null;
  if (arrival === "absent" && resend && isOpen && circular.deadline_at !== null && circular.deadline_at > now) {
    const anew = { lease: null, lease_until: null, next_at: now, changed_at: now };
    await update.set({ state: "deferred", ...anew, ...said }).execute();
    if (circular.state === "done")
      await db
        .updateTable("circular")
        .set({ state: "started", finished_at: null, changed_at: now })
        .where("id", "=", circular.id)
        .execute();
    await countMoves(db, slot, [{ circularId: circular.id, from: "unknown", to: "deferred" }]);
    return "deferred";
  }
  await update.set(said).execute();
  return "unknown";
}
