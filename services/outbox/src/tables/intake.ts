import type { CircularReceipts, Sending, SubmissionAnswer } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { type Insertable, type Kysely, sql } from "kysely";
import type { SendingKind } from "../sending-kind.ts";
import { canonicalMailbox } from "../smtp/address.ts";
import { count, type Db } from "./move.ts";
import { toColumn } from "./octets.ts";
import type { Tables } from "./schema.ts";
import type { Reports } from "./submission-schema.ts";

type Answer = Extract<SubmissionAnswer, { kind: "committed" }>["sendings"][number];

/** What names the mail that sendings belong to. */
export interface Origin {
  readonly accountId: string;
  readonly fingerprint: string;
  readonly mailId: string;
  readonly internalDate: Date;
  readonly traceparent: string | null;
}

/** A sending that may leave, in its final form. */
export interface AdmittedSending {
  readonly key: string;
  readonly kind: SendingKind;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly messageId: string;
  readonly body: { readonly sha256: string; readonly octets: Uint8Array };
  readonly prefix: string;
  readonly cancelsKeep: boolean;
  readonly hold: boolean;
  readonly expiresAt: Date;
  readonly dsn: string | null;
  readonly deliverBy: string | null;
  /** Where a copy of it is filed (RFC 8580); null: nowhere. */
  readonly fcc: Sending["fcc"] | null;
  /** When it may leave; absent: at once. */
  readonly dueAt?: Date;
  readonly awaited?: boolean;
  readonly reports?: Reports;
  readonly authzid?: string | null;
  /** What `receipts` is told of; absent: nothing. */
  readonly receipts?: CircularReceipts;
  /** Its reports come to subaddresses of its author. */
  readonly isSubaddressed?: boolean;
}

/** How much of a kind may leave; absent: as much as comes. */
export interface KindLimit {
  /** Sendings of one account within an hour. */
  readonly per_account_hour: number;
  /** Recipients of one address within a day. */
  readonly per_target_day: number;
}

export type Limits = Readonly<Partial<Record<SendingKind, KindLimit>>>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The way into the ledger. */
export interface Intake {
  /** Keys of the mail that are stored already. */
  known(origin: Origin, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Resolves when all of it is committed; what is stored already is `known`, also to a repetition at the same moment. */
  store(origin: Origin, sendings: readonly AdmittedSending[], now: Date): Promise<readonly Answer[]>;
}

/** The intake of an opened store; kinds without a limit are not counted. */
export function openIntake(store: Store<Tables>, limits: Limits): Intake {
  return {
    known: (origin, keys) => store.read((db) => knownKeys(db, origin, keys)),
    store: (origin, sendings, now) =>
      store.transaction(async (db) => {
        // One at a time per account: its limits are counted, and two repetitions meet here.
        await sql`select pg_advisory_xact_lock(hashtextextended(${origin.accountId}, 0))`.execute(db);
        const known = await knownKeys(
          db,
          origin,
          sendings.map(({ key }) => key),
        );
        const answers: Answer[] = [];
        for (const sending of sendings)
          answers.push(
            known.has(sending.key)
              ? { key: sending.key, state: "known" }
              : await storeOne(db, { origin, sending, now, limit: limits[sending.kind] }),
          );
        return answers;
      }),
  };
}

async function knownKeys(
  db: Kysely<Tables>,
  { accountId, fingerprint }: Origin,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await db
    .selectFrom("sending")
    .select("key")
    .where("account_id", "=", accountId)
    .where("fingerprint", "=", fingerprint)
    .where("key", "in", [...keys])
    .execute();
  return new Set(rows.map(({ key }) => key));
}

interface One {
  readonly origin: Origin;
  readonly sending: AdmittedSending;
  readonly now: Date;
  readonly limit: KindLimit | undefined;
}

async function storeOne(db: Db, one: One): Promise<Answer> {
  const { key, hold } = one.sending;
  if (one.limit !== undefined && (await isOverLimit(db, one, one.limit)))
    return { key, state: "refused", reason: "rate-limited" };
  await insertSending(db, one);
  return { key, state: hold ? "held" : "stored" };
}

/** A sending with its body and its recipients; its id. */
export async function insertSending(db: Db, one: Omit<One, "limit">): Promise<number> {
  const { sending, now } = one;
  const { body } = sending;
  await db
    .insertInto("body")
    .values({ sha256: body.sha256, octets: toColumn(body.octets), used_at: now })
    // Updated rather than left alone: whoever drops unused bodies waits, and sees that this one is used.
    .onConflict((conflict) => conflict.column("sha256").doUpdateSet({ used_at: now }))
    .execute();
  const { id } = await db.insertInto("sending").values(rowOf(one)).returning("id").executeTakeFirstOrThrow();
  // What waits for its owner was not sent.
  if (sending.fcc && !sending.hold)
    await db
      .insertInto("filing")
      .values(filingOf(id, sending.fcc, now))
      .execute();
  const state = sending.hold ? "held" : "scheduled";
  await db
    .insertInto("recipient")
    .values(
      sending.to.map((address) => ({
        sending_id: id,
        address,
        mailbox: canonicalMailbox(address),
        state,
        changed_at: now,
        next_at: sending.dueAt ?? now,
      })),
    )
    .execute();
  await count(db, [{ state, change: sending.to.length }]);
  return id;
}

const rowOf = ({ origin, sending, now }: Omit<One, "limit">): Insertable<Tables["sending"]> => ({
  account_id: origin.accountId,
  fingerprint: origin.fingerprint,
  key: sending.key,
  kind: sending.kind,
  mail_id: origin.mailId,
  message_id: sending.messageId,
  envelope_from: sending.from,
  body: sending.body.sha256,
  prefix: sending.prefix,
  internal_date: origin.internalDate,
  dsn: sending.dsn,
  deliver_by: sending.deliverBy,
  cancels_keep: sending.cancelsKeep,
  stored_at: now,
  expires_at: sending.expiresAt,
  traceparent: origin.traceparent,
  awaited: sending.awaited ?? false,
  reports: sending.reports ?? "none",
  authzid: sending.authzid ?? null,
  receipts: sending.receipts ?? "none",
  subaddressed: sending.isSubaddressed ?? false,
});

const filingOf = (id: number, fcc: NonNullable<Sending["fcc"]>, now: Date): Insertable<Tables["filing"]> => ({
  sending_id: id,
  mailbox: fcc.mailbox,
  create: fcc.create,
  special_use: fcc.specialUse ?? null,
  flags: JSON.stringify(fcc.flags),
  due_at: now,
});

/** What is counted of a sending. */
interface Counted {
  readonly origin: Pick<Origin, "accountId">;
  readonly sending: Pick<AdmittedSending, "kind" | "to">;
  readonly now: Date;
}

/** Whether one more of its kind would be too many. */
export async function isOverLimit(db: Db, { origin, sending, now }: Counted, limit: KindLimit): Promise<boolean> {
  const ago = (ms: number): Date => new Date(now.getTime() - ms);
  const ofAccount = await db
    .selectFrom("sending")
    .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("count"))
    .where("account_id", "=", origin.accountId)
    .where("kind", "=", sending.kind)
    .where("stored_at", ">", ago(HOUR_MS))
    .executeTakeFirstOrThrow();
  if (ofAccount.count >= limit.per_account_hour) return true;
  for (const address of sending.to) {
    const ofTarget = await db
      .selectFrom("recipient")
      .innerJoin("sending", "sending.id", "recipient.sending_id")
      .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("count"))
      .where("recipient.mailbox", "=", canonicalMailbox(address))
      .where("sending.kind", "=", sending.kind)
      .where("sending.stored_at", ">", ago(DAY_MS))
      // Rejects go to senders that may be forged: whoever is forged hears of it so often from all accounts together.
      .$if(sending.kind !== "reject", (query) => query.where("sending.account_id", "=", origin.accountId))
      .executeTakeFirstOrThrow();
    if (ofTarget.count >= limit.per_target_day) return true;
  }
  return false;
}
