import type { Sealing, SendingState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { sql } from "kysely";
import type { Rates } from "../moments.ts";
import type { SmtpReply } from "../smtp/reply.ts";
import { type Group, openGroupCommit } from "./circular-commit.ts";
import { countMoves } from "./circular-counts.ts";
import { deadlineAfter, isOpenAt } from "./circular-hours.ts";
import { byBothClocks, longAgoByBothClocks, whenBothShow } from "./clocks.ts";
import type { Db } from "./move.ts";
import { bodyAsBase64, fromBase64 } from "./octets.ts";
import { paceRecipients } from "./paced-recipients.ts";
import { isLookedAt } from "./reminders.ts";
import type { Tables } from "./schema.ts";
import { goneAmong } from "./subscriptions.ts";
import { suppressedAmong } from "./suppressions.ts";
import type { Lease } from "./work.ts";

/** A circular that is being sent. */
export interface StartedCircular {
  readonly id: number;
  readonly accountId: string;
  readonly tracked: boolean;
}

/** A recipient under a lease. */
export interface ClaimedRecipient {
  readonly id: number;
  readonly circularId: number;
  readonly lease: string;
  readonly address: string;
  readonly mailbox: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly messageId: string | null;
  readonly attempts: number;
  /** How long the rates have it wait after its claim, ms. */
  readonly waitMs: number;
}

/** What was claimed. */
export interface Claimed {
  readonly recipients: readonly ClaimedRecipient[];
  /** Circulars of which more may be due. */
  readonly more: ReadonlySet<number>;
}

/** What is recorded of one recipient. `returned`: nothing was sent for it, and it counts as no attempt; `held`: nor was it, and a person decides. */
export interface CircularResult {
  readonly id: number;
  readonly circularId: number;
  readonly lease: string;
  readonly state: "accepted" | "deferred" | "rejected" | "unknown" | "returned" | "held";
  readonly reply: SmtpReply | null;
  /** When a deferred or returned one is tried. */
  readonly nextAt: Date;
  /** Of secrets: how they went, or why they did not. */
  readonly sealing?: Sealing;
}

/** So many recipients of one circular. */
export interface Share {
  readonly circularId: number;
  readonly count: number;
  /** How many of them share a mail. */
  readonly perMail: number;
}

/** The ledger of circulars as those who send see it. */
export interface CircularWork {
  /** Begins what is due; what is later than the grace is left to {@link CircularUpkeep}. Resolves with how late each is, ms. */
  start(now: Date): Promise<readonly number[]>;
  /** Those that may leave now. */
  started(now: Date): Promise<readonly StartedCircular[]>;
  /**
   * Takes due recipients for this lease, as many as the rates let leave soon. Instances that ask side by side get different ones; the suppressed
   * among them are settled as such.
   */
  claim(shares: readonly Share[], lease: Lease, now: Date): Promise<Claimed>;
  /** Commits what a group of mails needs, together; says which of its begins hold, in their order. */
  commit(group: Group, now: Date): Promise<readonly boolean[]>;
  renew(leases: readonly string[], until: Date): Promise<void>;
  /** When, after now, the next circular is to begin, or the next recipient of one that has begun is due; null when there is none. */
  nextDue(now: Date): Promise<Date | null>;
  /** The draft as a frame; null where it is not kept any more. */
  draft(circularId: number): Promise<Uint8Array | null>;
}

export interface CircularWorkOptions {
  /** Where this instance counts, 0 … 31. */
  readonly slot: number;
  /** How late a circular may begin without a word, ms. */
  readonly graceMs: number;
  /** How long it is tried after its start, ms. */
  readonly deadlineMs: number;
  /** Of a reminder nothing leaves before it was looked who answered meanwhile. */
  readonly awaitsAnswers: boolean;
  /** Of all instances together. */
  readonly rates: Rates;
}

/** The work on circulars of an opened store. */
export function openCircularWork(store: Store<Tables>, options: CircularWorkOptions): CircularWork {
  const commit = openGroupCommit(store, options.slot);
  return {
    start: (now) => start(store, options, now),
    started: (now) =>
      store.read((db) =>
        db
          .selectFrom("circular")
          .select(["id", "account_id as accountId", "tracked"])
          .where("state", "=", "started")
          .where("deadline_at", ">", now)
          .where(isOpenAt(now))
          .$if(options.awaitsAnswers, (query) => query.where(isLookedAt(now)))
          .orderBy("id")
          .execute(),
      ),
    claim: (shares, lease, now) =>
      store.transaction(async (db) => {
        const taken: Taken[] = [];
        const more = new Set<number>();
        for (const share of shares) {
          const some = await due(db, share, now);
          taken.push(...some);
          if (some.length === share.count) more.add(share.circularId);
        }
        const perMail = new Map(shares.map((share) => [share.circularId, share.perMail]));
        return { recipients: await claimed(db, taken, { ...options, lease, now, perMail }), more };
      }),
    commit,
    renew: (leases, until) => renew(store, leases, until),
    nextDue: (now) => nextDue(store, now),
    draft: (circularId) => draftOf(store, circularId),
  };
}

async function start(
  store: Store<Tables>,
  { graceMs, deadlineMs, awaitsAnswers }: CircularWorkOptions,
  now: Date,
): Promise<readonly number[]> {
  return store.transaction(async (db) => {
    const rows = await db
      .updateTable("circular")
      .set({
        state: "started",
        started_at: now,
        deadline_at: new Date(now.getTime() + deadlineMs),
        changed_at: now,
      })
      .where("state", "=", "scheduled")
      .where("due_at", "<=", byBothClocks(now))
      .where("due_at", ">=", longAgoByBothClocks(now, graceMs))
      .$if(awaitsAnswers, (query) => query.where(isLookedAt(now)))
      .returning((row) => ["id", "hours", row.ref("due_at").$notNull().as("dueAt")])
      .execute();
    for (const { id, hours } of rows)
      if (hours !== null)
        await db
          .updateTable("circular")
          .set({ deadline_at: deadlineAfter(hours, now, deadlineMs) })
          .where("id", "=", id)
          .execute();
    return rows.map(({ dueAt }) => now.getTime() - dueAt.getTime());
  });
}

async function renew(store: Store<Tables>, leases: readonly string[], until: Date): Promise<void> {
  if (leases.length === 0) return;
  await store.transaction((db) =>
    db
      .updateTable("circular_recipient")
      .set({ lease_until: until })
      .where("lease", "in", [...leases])
      .where("state", "in", ["claimed", "begun"])
      .execute(),
  );
}

async function nextDue(store: Store<Tables>, now: Date): Promise<Date | null> {
  const [start, retry] = await store.read((db) =>
    Promise.all([
      db
        .selectFrom("circular")
        .select(whenBothShow("due_at", now).as("at"))
        .where("state", "=", "scheduled")
        .where("due_at", ">", byBothClocks(now))
        .orderBy("due_at")
        .limit(1)
        .executeTakeFirst(),
      db
        .selectFrom("circular")
        .innerJoinLateral(
          (row) =>
            row
              .selectFrom("circular_recipient")
              .select("next_at as at")
              .whereRef("circular_recipient.circular_id", "=", "circular.id")
              .where("circular_recipient.state", "in", ["scheduled", "deferred"])
              .where("next_at", ">", now)
              .orderBy("next_at")
              .limit(1)
              .as("first"),
          (join) => join.onTrue(),
        )
        .select("first.at")
        .where("circular.state", "=", "started")
        .where("circular.deadline_at", ">", now)
        .orderBy("first.at")
        .limit(1)
        .executeTakeFirst(),
    ]),
  );
  const times = [start?.at, retry?.at].filter((at) => at !== undefined && at !== null);
  return times.length === 0 ? null : new Date(Math.min(...times.map((at) => at.getTime())));
}

async function draftOf(store: Store<Tables>, circularId: number): Promise<Uint8Array | null> {
  const row = await store.read((db) =>
    db
      .selectFrom("circular")
      .innerJoin("body", "body.sha256", "circular.body")
      .select((body) => bodyAsBase64(body).as("octets"))
      .where("circular.id", "=", circularId)
      .executeTakeFirst(),
  );
  return row === undefined ? null : fromBase64(row.octets);
}

type Taken = Omit<ClaimedRecipient, "lease" | "waitMs"> & {
  readonly state: SendingState;
  readonly list: string | null;
  readonly accountId: string;
};

function due(db: Db, { circularId, count }: Share, now: Date): Promise<Taken[]> {
  return db
    .selectFrom("circular_recipient as row")
    .innerJoin("circular", "circular.id", "row.circular_id")
    .select(["row.id", "row.circular_id as circularId", "row.state", "row.address", "row.mailbox", "row.name"])
    .select(["row.fields", "row.attempts", "row.message_id as messageId"])
    .select(["circular.list", "circular.account_id as accountId"])
    .where("row.circular_id", "=", circularId)
    .where("row.state", "in", ["scheduled", "deferred"])
    .where("next_at", "<=", now)
    .orderBy("next_at")
    .limit(count)
    .forUpdate("row")
    .skipLocked()
    .execute();
}

interface Claiming {
  readonly lease: Lease;
  readonly now: Date;
  readonly slot: number;
  readonly rates: Rates;
  readonly perMail: ReadonlyMap<number, number>;
}

async function claimed(db: Db, taken: readonly Taken[], claiming: Claiming): Promise<ClaimedRecipient[]> {
  if (taken.length === 0) return [];
  const { lease, now, slot, rates } = claiming;
  const isOut = await leavingOut(db, taken);
  const perMail = (circularId: number): number => claiming.perMail.get(circularId) ?? 1;
  const wanted = taken.filter((one) => !isOut(one));
  const mine = await paceRecipients(db, wanted, { rates, now, perMail });
  const out = taken.filter(isOut);
  const update = (rows: readonly Pick<Taken, "id">[]) =>
    db
      .updateTable("circular_recipient")
      .where("id", "=", sql<number>`any(${rows.map(({ id }) => id)}::int[])`)
      .set({ changed_at: now });
  if (mine.length > 0)
    await update(mine).set({ state: "claimed", lease: lease.name, lease_until: lease.until }).execute();
  if (out.length > 0) await update(out).set({ state: "suppressed" }).execute();
  const moves = (rows: readonly Taken[], to: SendingState) =>
    rows.map(({ circularId, state }) => ({ circularId, from: state, to }));
  await countMoves(db, slot, [...moves(mine, "claimed"), ...moves(out, "suppressed")]);
  return mine.map((one) => claimedRecipient(one, lease));
}

/** Who is to get nothing: of no circular, or not of this list. */
async function leavingOut(db: Db, taken: readonly Taken[]): Promise<(one: Taken) => boolean> {
  const mailboxes = taken.map(({ mailbox }) => mailbox);
  const suppressed = await suppressedAmong(db, mailboxes);
  const isGone = await goneAmong(db, taken);
  return (one) => suppressed.has(one.mailbox) || isGone(one);
}

const claimedRecipient = (
  { id, circularId, address, mailbox, name, fields, messageId, attempts, waitMs }: Taken & { readonly waitMs: number },
  { name: lease }: Lease,
): ClaimedRecipient => ({ id, circularId, lease, address, mailbox, name, fields, messageId, attempts, waitMs });
