import type { CircularReceipts } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { sql } from "kysely";
import type { Rates } from "../moments.ts";
import type { SendingKind } from "../sending-kind.ts";
import type { DeliverBy, DsnRequest } from "../smtp/outgoing-mail.ts";
import type { SmtpReply } from "../smtp/reply.ts";
import { byBothClocks, whenBothShow } from "./clocks.ts";
import { type Db, type LockedRecipient, move } from "./move.ts";
import { bodyAsBase64, fromBase64 } from "./octets.ts";
import { takeMoments } from "./rates.ts";
import type { Tables } from "./schema.ts";

/** A sending of which some recipients were claimed. */
export interface ClaimedSending {
  readonly id: number;
  readonly accountId: string;
  readonly mailId: string;
  readonly kind: SendingKind;
  readonly from: string | null;
  readonly octets: Uint8Array;
  readonly dsn: DsnRequest | null;
  readonly deliverBy: DeliverBy | null;
  readonly storedAt: Date;
  readonly traceparent: string | null;
  /** SASL authorization identity; null: none. */
  readonly authzid: string | null;
  /** What is to be known of its recipients. */
  readonly receipts: CircularReceipts;
  /** Its Disposition-Notification-To is written when it leaves, a subaddress of `from` as MAIL FROM is then. */
  readonly isSubaddressed: boolean;
  /** When it was to leave, where it was not tried before. */
  readonly dueAt?: Date;
  /** How long the rates have it wait after its claim, ms; absent: not at all. */
  readonly waitMs?: number;
  readonly recipients: readonly { readonly id: number; readonly address: string; readonly attempts: number }[];
}

/** What is recorded of one recipient after an attempt. */
export interface Result {
  readonly id: number;
  readonly state: "accepted" | "deferred" | "rejected" | "unknown";
  readonly reply: SmtpReply;
  /** When a deferred one is tried again. */
  readonly nextAt: Date;
  /** The relay took over the wish for reports (RFC 3461). */
  readonly dsnPassed?: boolean;
}

/** Names one claim: whoever comes with it may go on with what was claimed under it, and with nothing else. */
export interface Lease {
  readonly name: string;
  readonly until: Date;
}

/** The ledger as those who send see it. */
export interface Work {
  /** Takes the due recipients of so many sendings, for this lease. Instances that ask side by side get different recipients, perhaps of one sending. */
  claim(sendings: number, lease: Lease, now: Date): Promise<readonly ClaimedSending[]>;
  /** Commits that these are begun; false, and nothing changed, where one of them is no longer claimed under the lease. */
  begin(lease: string, ids: readonly number[], now: Date): Promise<boolean>;
  /** Records results under a lease; an answer that came too late still corrects `unknown`. What is no longer this lease's is left alone. */
  record(lease: string, results: readonly Result[], now: Date): Promise<void>;
  renew(leases: readonly string[], until: Date): Promise<void>;
  /** When, by the clock that shows `now`, the next one is due; null when none is. */
  nextDue(now: Date): Promise<Date | null>;
}

export interface WorkOptions {
  /** Of all instances together. */
  readonly rates?: Rates;
  /** Of the mails that one claim brings into memory; a mail that is longer comes alone. */
  readonly octets?: number;
}

const UNLIMITED: Rates = { perDomain: {} };

/** The work of an opened store. `graceMs`: how late what has a time of its own may begin. */
export function openWork(
  store: Store<Tables>,
  graceMs: number,
  { rates = UNLIMITED, octets = Number.POSITIVE_INFINITY }: WorkOptions = {},
): Work {
  return {
    claim: (sendings, lease, now) =>
      store.transaction((db) => claim(db, { sendings, lease, now, graceMs, rates, octets })),
    begin: (lease, ids, now) => store.transaction((db) => begin(db, { lease, ids, now })),
    record: (lease, results, now) => store.transaction((db) => record(db, { lease, results, now })),
    async renew(leases, until) {
      if (leases.length === 0) return;
      await store.transaction((db) =>
        db
          .updateTable("recipient")
          .set({ lease_until: until })
          .where("lease", "in", [...leases])
          .where("state", "in", ["claimed", "begun"])
          .execute(),
      );
    },
    async nextDue(now) {
      const row = await store.read((db) =>
        db
          .selectFrom("recipient")
          .select(whenBothShow("next_at", now).as("at"))
          .where("state", "in", ["scheduled", "deferred"])
          .orderBy("next_at")
          .limit(1)
          .executeTakeFirst(),
      );
      return row?.at ?? null;
    },
  };
}

interface Claiming {
  readonly sendings: number;
  readonly lease: Lease;
  readonly now: Date;
  readonly graceMs: number;
  readonly rates: Rates;
  readonly octets: number;
}

async function claim(
  db: Db,
  { sendings, lease, now, graceMs, rates, octets }: Claiming,
): Promise<readonly ClaimedSending[]> {
  const due = dueNow(db, now, graceMs);
  const first = await due.select("sending_id").orderBy("next_at").limit(sendings).execute();
  if (first.length === 0) return [];
  const some = await lightEnough(db, [...new Set(first.map(({ sending_id }) => sending_id))], octets);
  const rows = await due
    .select(["id", "sending_id", "state", "address", "attempts", "next_at"])
    .where("sending_id", "in", some)
    .orderBy("id")
    .execute();
  const found = await sendingsOf(db, rows);
  const ready = rows.filter(({ sending_id }) => found.has(sending_id));
  await move(db, ready, { state: "claimed", lease: lease.name, lease_until: lease.until, now });
  const mails = [...found.values()];
  // Whoever wrote one to a few people does not come again after circulars: it has the next moment that there is.
  const paced = mails.map(({ accountId }) => ({ sender: accountId, domain: "", queue: "" }));
  const waits = await takeMoments(db, paced, { rates, patienceMs: Number.POSITIVE_INFINITY });
  return mails.map((sending, index) => {
    const own = ready.filter(({ sending_id }) => sending_id === sending.id);
    const fresh = own.find(({ attempts }) => attempts === 0);
    return {
      ...sending,
      ...(fresh === undefined ? {} : { dueAt: fresh.next_at }),
      waitMs: waits[index]?.ms ?? 0,
      recipients: own.map(({ id, address, attempts }) => ({ id, address, attempts })),
    };
  });
}

/** Those who are due, locked; what is late by more than the grace is about to be held: the tables may have been away. */
function dueNow(db: Db, now: Date, graceMs: number) {
  return db
    .selectFrom("recipient")
    .where("state", "in", ["scheduled", "deferred"])
    .where("next_at", "<=", byBothClocks(now))
    .where(({ or, not, exists, selectFrom, eb }) =>
      or([
        eb("state", "=", "deferred"),
        eb("next_at", ">=", new Date(now.getTime() - graceMs)),
        not(
          exists(
            selectFrom("sending")
              .select("sending.id")
              .whereRef("sending.id", "=", "recipient.sending_id")
              .where("kind", "=", "submission"),
          ),
        ),
      ]),
    )
    .forUpdate()
    .skipLocked();
}

/** The first of these sendings, as many as have no more octets together; one at least. */
async function lightEnough(db: Db, ids: readonly number[], octets: number): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("sending")
    .innerJoin("body", "body.sha256", "sending.body")
    .select(["sending.id", sql<number>`octet_length(body.octets)`.as("octets")])
    .where("sending.id", "in", ids)
    .execute();
  const lengths = new Map(rows.map((row) => [row.id, row.octets]));
  let sum = 0;
  return ids.filter((id, index) => {
    sum += lengths.get(id) ?? 0;
    return index === 0 || sum <= octets;
  });
}

async function sendingsOf(
  db: Db,
  rows: readonly LockedRecipient[],
): Promise<Map<number, Omit<ClaimedSending, "recipients">>> {
  const found = await db
    .selectFrom("sending")
    .innerJoin("body", "body.sha256", "sending.body")
    .select(["id", "account_id", "mail_id", "kind", "envelope_from", "prefix", "dsn", "deliver_by"])
    .select((row) => [
      "stored_at",
      "traceparent",
      "authzid",
      "receipts",
      "subaddressed",
      bodyAsBase64(row).as("octets"),
    ])
    .where("id", "in", [...new Set(rows.map(({ sending_id }) => sending_id))])
    .execute();
  return new Map(
    found.map((row) => [
      row.id,
      {
        id: row.id,
        accountId: row.account_id,
        mailId: row.mail_id,
        kind: row.kind,
        from: row.envelope_from,
        octets: Buffer.concat([Buffer.from(row.prefix), fromBase64(row.octets)]),
        dsn: row.dsn === null ? null : JSON.parse(row.dsn),
        deliverBy: row.deliver_by === null ? null : JSON.parse(row.deliver_by),
        storedAt: row.stored_at,
        traceparent: row.traceparent,
        authzid: row.authzid,
        receipts: row.receipts,
        isSubaddressed: row.subaddressed,
      },
    ]),
  );
}

interface Beginning {
  readonly lease: string;
  readonly ids: readonly number[];
  readonly now: Date;
}

async function begin(db: Db, { lease, ids, now }: Beginning): Promise<boolean> {
  const rows = await lockedUnder(db, lease, { ids, states: ["claimed"] });
  if (rows.length !== ids.length) return false;
  await move(db, rows, { state: "begun", now });
  return true;
}

interface Recording {
  readonly lease: string;
  readonly results: readonly Result[];
  readonly now: Date;
}

/** See {@link Work.record}. */
export async function record(db: Db, { lease, results, now }: Recording): Promise<void> {
  const rows = await lockedUnder(db, lease, {
    ids: results.map(({ id }) => id),
    states: ["claimed", "begun", "unknown"],
  });
  const byId = new Map(results.map((result) => [result.id, result]));
  for (const row of rows) {
    const result = byId.get(row.id);
    if (result === undefined || result.state === row.state) continue;
    const { code, status, text } = result.reply;
    await move(db, [row], {
      state: result.state,
      attempts: row.attempts + 1,
      next_at: result.nextAt,
      code,
      status,
      reply: text,
      ...(result.dsnPassed === true ? { dsn_passed: true } : {}),
      now,
    });
    await db
      .insertInto("attempt")
      .values({ recipient_id: row.id, at: now, state: result.state, code, status, reply: text })
      .execute();
  }
}

interface Sought {
  readonly ids: readonly number[];
  readonly states: readonly LockedRecipient["state"][];
}

function lockedUnder(db: Db, lease: string, { ids, states }: Sought) {
  return db
    .selectFrom("recipient")
    .select(["id", "sending_id", "state", "attempts"])
    .where("id", "in", [...ids])
    .where("lease", "=", lease)
    .where("state", "in", [...states])
    .orderBy("id")
    .forUpdate()
    .execute();
}
