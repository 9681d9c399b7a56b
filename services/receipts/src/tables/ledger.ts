import type { RecipientsTracked, ReportSeen } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { sql, type Transaction } from "kysely";
import { after, isAbout, outcomeOf, type Standing } from "../standing.ts";
import type { Tables } from "./schema.ts";

/** A report, and the recipient that its token names; null: it has none of ours. */
export interface Noting {
  readonly report: ReportSeen;
  readonly recipientId: string | null;
  readonly now: Date;
}

export interface Noted {
  readonly match: "ours" | "unverified" | "unknown";
  /** It is on an ordinary mail of the account that it came to. */
  readonly isItsAuthors: boolean;
}

/** What was sent, and what is said of it. */
export interface Ledger {
  /** Takes tracked recipients in; repetitions change nothing. */
  track(tracked: RecipientsTracked, now: Date): Promise<void>;
  /** Notes a report once, however often it is given. `unknown`: nothing that is tracked matches it, and nothing was written. */
  note(noting: Noting): Promise<Noted>;
  /** Drops what was sent before the one moment, and what nobody told of until the other. */
  drop(sentBefore: Date, untoldBefore: Date): Promise<number>;
}

type Db = Transaction<Tables>;

/** Rows of one statement of {@link Ledger.drop}, so that no transaction is long. */
const BATCH = 1_000;
/** Mails that bear one Message-ID or ENVID. */
const MAX_CANDIDATES = 1_000;

/** The ledger of an opened store. */
export function openLedger(store: Store<Tables>): Ledger {
  return {
    track: (tracked, now) => store.transaction((db) => track(db, tracked, now)),
    note: (noting) => store.transaction((db) => note(db, noting)),
    async drop(sentBefore, untoldBefore) {
      for (let sum = 0; ; ) {
        const dropped = await store.transaction((db) => drop(db, sentBefore, untoldBefore));
        sum += dropped;
        if (dropped < BATCH) return sum;
      }
    },
  };
}

async function track(db: Db, { accountId, circularId, recipients }: RecipientsTracked, now: Date): Promise<void> {
  const rows = recipients.map(({ id, address, messageId, envelopeId, asksDisposition, sentAt }) => ({
    id,
    account_id: accountId,
    circular_id: circularId ?? null,
    address,
    message_id: messageId,
    envelope_id: envelopeId ?? null,
    asks_disposition: asksDisposition,
    sent_at: new Date(sentAt),
    made_at: now,
  }));
  const once = [...new Map(rows.map((row) => [row.id, row])).values()];
  await dropNamesakes(db, new Map(once.map(({ id, message_id }) => [id, message_id])));
  await db
    .insertInto("receipt")
    // In one order, so that two facts of the same recipients never wait for each other.
    .values(once.toSorted((one, other) => Number(BigInt(one.id) - BigInt(other.id))))
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({
        account_id: row.ref("excluded.account_id"),
        circular_id: row.ref("excluded.circular_id"),
        address: row.ref("excluded.address"),
        message_id: row.ref("excluded.message_id"),
        envelope_id: row.ref("excluded.envelope_id"),
        asks_disposition: row.ref("excluded.asks_disposition"),
        sent_at: row.ref("excluded.sent_at"),
      })),
    )
    .execute();
}

/** Where the tables of `outbox` were begun anew, numbers come again: what became of another mail says nothing of this one. */
async function dropNamesakes(db: Db, messageIds: ReadonlyMap<string, string>): Promise<void> {
  const known = await db
    .selectFrom("receipt")
    .select([sql<string>`id::text`.as("number"), "message_id"])
    .where(sql<boolean>`id = any(${[...messageIds.keys()]}::bigint[])`)
    .execute();
  const others = known.filter(({ number, message_id: id }) => id !== null && id !== messageIds.get(number));
  const numbers = others.map(({ number }) => number);
  if (numbers.length > 0) await db.deleteFrom("receipt").where(sql<boolean>`id = any(${numbers}::bigint[])`).execute();
}

async function note(db: Db, { report, recipientId, now }: Noting): Promise<Noted> {
  const rows = recipientId === null ? await claimed(db, report) : [await verified(db, recipientId, now)];
  if (rows.length === 0) return { match: "unknown", isItsAuthors: false };
  const isVerified = recipientId !== null;
  for (const row of rows) await noteOn(db, row, { report, isVerified });
  const isItsAuthors = rows.every((row) => row.accountId === report.accountId && row.circularId === null);
  return { match: isVerified ? "ours" : "unverified", isItsAuthors };
}

async function noteOn(db: Db, row: LockedReceipt, { report, isVerified }: Claim): Promise<void> {
  const outcome = outcomeOf(report, row.address);
  const written = await db
    .insertInto("report")
    .values({
      receipt_id: row.id,
      account_id: report.accountId,
      fingerprint: report.fingerprint,
      kind: report.kind,
      verified: isVerified,
      state: outcome?.state ?? null,
      status: outcome?.status ?? null,
      at: new Date(report.at),
      said_by: otherThan(row, report),
    })
    .onConflict((conflict) => conflict.columns(["account_id", "fingerprint", "receipt_id"]).doNothing())
    .executeTakeFirst();
  const isNew = (written.numInsertedOrUpdatedRows ?? 0n) > 0n;
  if (isNew) await change(db, row, { report, outcome: isVerified ? outcome : null, isVerified });
}

interface Claim {
  readonly report: ReportSeen;
  readonly isVerified: boolean;
}

/** Whoever got a mail may have sent it on: it was somebody else who displayed it then. */
function otherThan({ address }: LockedReceipt, report: ReportSeen): string | null {
  if (report.kind !== "mdn" || report.final === undefined) return null;
  if (address !== null && isAbout(report, address)) return null;
  return /^[^\s\p{Cc}]{1,320}$/u.test(report.final) ? report.final : null;
}

interface LockedReceipt extends Standing {
  readonly id: string;
  readonly accountId: string | null;
  readonly circularId: string | null;
  readonly address: string | null;
  readonly autoReplyAt: Date | null;
  readonly complainedAt: Date | null;
}

function locked(db: Db) {
  return db
    .selectFrom("receipt")
    .select([sql<string>`id::text`.as("id"), "address", "state", "state_at as at", "status"])
    .select(["receipt.account_id as accountId", "circular_id as circularId"])
    .select(["auto_reply_at as autoReplyAt", "complained_at as complainedAt"])
    .orderBy("receipt.id")
    .limit(MAX_CANDIDATES)
    .forUpdate();
}

/** The recipient that a token names: `outbox` may not have told of it yet. */
async function verified(db: Db, id: string, now: Date): Promise<LockedReceipt> {
  await db
    .insertInto("receipt")
    .values({ id, made_at: now })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  return locked(db).where(sql<boolean>`id = ${id}::bigint`).executeTakeFirstOrThrow();
}

/** The recipients that a report without a token claims to be about: those it names, or the one that it can only be. */
async function claimed(db: Db, report: ReportSeen): Promise<readonly LockedReceipt[]> {
  const { envelopeId = null, messageIds } = report;
  if (envelopeId === null && messageIds.length === 0) return [];
  const rows = await locked(db)
    .where((row) =>
      row.or([
        ...(envelopeId === null ? [] : [row("envelope_id", "=", envelopeId)]),
        ...(messageIds.length === 0 ? [] : [row("message_id", "in", [...messageIds])]),
      ]),
    )
    .execute();
  const named = report.kind === "dsn" ? report.recipients : report.kind === "mdn" ? [report] : [];
  const same = rows.filter(({ address }) => address !== null && named.some((one) => isAbout(one, address)));
  // Of two mails to one address it is not known which is meant.
  const once = same.filter((row) => same.every((other) => other === row || other.address !== row.address));
  return same.length === 0 && rows.length === 1 ? rows : once;
}

interface Change {
  readonly report: ReportSeen;
  readonly outcome: ReturnType<typeof outcomeOf>;
  readonly isVerified: boolean;
}

async function change(db: Db, before: LockedReceipt, { report, outcome, isVerified }: Change): Promise<void> {
  const at = new Date(report.at);
  const now = outcome === null ? before : after(before, outcome, at);
  const isFirst = (then: Date | null): boolean => then === null || at < then;
  await db
    .updateTable("receipt")
    .set((row) => ({
      state: now.state,
      state_at: now.at,
      status: now.status,
      ...(isVerified ? {} : { unverified: row("unverified", "+", 1) }),
      ...(isVerified && report.kind === "auto-reply" && isFirst(before.autoReplyAt) ? { auto_reply_at: at } : {}),
      ...(isVerified && isComplaint(report) && isFirst(before.complainedAt) ? { complained_at: at } : {}),
    }))
    .where(sql<boolean>`id = ${before.id}::bigint`)
    .execute();
}

/** RFC 5965 §7.3: "not-spam" takes a complaint back that another system made. */
const isComplaint = (report: ReportSeen): boolean => report.kind === "arf" && report.feedbackType !== "not-spam";

async function drop(db: Db, sentBefore: Date, untoldBefore: Date): Promise<number> {
  const rows = await db
    .selectFrom("receipt")
    .select(sql<string>`id::text`.as("number"))
    .where((row) =>
      row.or([
        sql<boolean>`coalesce(sent_at, made_at) < ${sentBefore}`,
        row.and([row("account_id", "is", null), row("made_at", "<", untoldBefore)]),
      ]),
    )
    .limit(BATCH)
    .forUpdate()
    .skipLocked()
    .execute();
  const numbers = rows.map(({ number }) => number);
  if (numbers.length > 0) await db.deleteFrom("receipt").where(sql<boolean>`id = any(${numbers}::bigint[])`).execute();
  return numbers.length;
}
