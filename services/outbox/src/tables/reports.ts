import { createHash } from "node:crypto";
import type { SendingState } from "@tamis/contracts";
import { dueRows, type Store } from "@tamis/store";
import { sql } from "kysely";
import type { DsnRequest } from "../smtp/outgoing-mail.ts";
import { insertSending } from "./intake.ts";
import type { Db } from "./move.ts";
import { fromBase64 } from "./octets.ts";
import type { Tables } from "./schema.ts";

/** A recipient that its author is owed a word on. */
export interface DueRecipient extends Pick<Tables["recipient"], "address" | "state" | "code" | "status" | "reply"> {
  readonly changedAt: Date;
  readonly dsnPassed: boolean;
}

/** A submitted mail with what is due of it. */
export interface DueReport {
  readonly id: number;
  readonly accountId: string;
  /** MAIL FROM; null: nobody can be told. */
  readonly from: string | null;
  readonly messageId: string;
  readonly storedAt: Date;
  readonly dsn: DsnRequest | null;
  readonly recipients: readonly DueRecipient[];
  /** The mail as it leaves; null: it is not kept any more. `isAll`: not only its first octets, with the header. */
  octets(isAll: boolean): Promise<Uint8Array | null>;
}

export interface ComposedReport {
  readonly to: string;
  readonly messageId: string;
  readonly octets: Uint8Array;
  readonly expiresAt: Date;
}

/** What authors are owed (RFC 3464). */
export interface OwedReports {
  /**
   * Has the due reports of so many recipients composed and stores them as sendings, in one transaction: each is made once. null
   * where nothing is to be said. How many recipients were due.
   */
  settle(limit: number, now: Date, compose: (due: DueReport) => Promise<ComposedReport | null>): Promise<number>;
}

/** The reports of an opened store. */
export function openReports(store: Store<Tables>): OwedReports {
  return { settle: (limit, now, compose) => store.transaction((db) => settle(db, { limit, now, compose })) };
}

interface Settling {
  readonly limit: number;
  readonly now: Date;
  readonly compose: (due: DueReport) => Promise<ComposedReport | null>;
}

async function settle(db: Db, { limit, now, compose }: Settling): Promise<number> {
  const reports = db.selectFrom("report").select(["recipient_id", "sending_id"]);
  const first = await dueRows(reports, { id: "recipient_id", at: "due_at" }, { limit, now }).execute();
  if (first.length === 0) return 0;
  const ids = first.map(({ recipient_id: id }) => id);
  for (const sendingId of new Set(first.map(({ sending_id }) => sending_id))) {
    const due = await dueOf(db, sendingId, ids);
    const composed = await compose(due);
    if (composed !== null) await store(db, { due, composed, now });
  }
  await db.updateTable("report").set({ due_at: null }).where("recipient_id", "in", ids).execute();
  return first.length;
}

async function dueOf(db: Db, sendingId: number, ids: readonly number[]): Promise<DueReport> {
  const sending = await db
    .selectFrom("sending")
    .select(["id", "account_id", "envelope_from", "message_id", "stored_at", "dsn", "prefix", "body"])
    .where("id", "=", sendingId)
    .executeTakeFirstOrThrow();
  const recipients = await db
    .selectFrom("recipient")
    .select(["address", "state", "code", "status", "reply", "changed_at as changedAt", "dsn_passed as dsnPassed"])
    .where("sending_id", "=", sendingId)
    .where("id", "in", [...ids])
    .orderBy("id")
    .execute();
  return {
    id: sending.id,
    accountId: sending.account_id,
    from: sending.envelope_from,
    messageId: sending.message_id,
    storedAt: sending.stored_at,
    dsn: sending.dsn === null ? null : JSON.parse(sending.dsn),
    recipients,
    octets: (isAll) => octetsOf(db, sending, isAll),
  };
}

/** Enough for every header that a server takes. */
const HEADER_OCTETS = 256 * 1024;

async function octetsOf(
  db: Db,
  { prefix, body }: Pick<Tables["sending"], "prefix" | "body">,
  isAll: boolean,
): Promise<Uint8Array | null> {
  if (body === null) return null;
  const row = await db
    .selectFrom("body")
    .select((from) => {
      const octets = from.ref("octets");
      const wanted = isAll ? sql`${octets}` : sql`substring(${octets} from 1 for ${sql.lit(HEADER_OCTETS)})`;
      return sql<string>`encode(${wanted}, 'base64')`.as("octets");
    })
    .where("sha256", "=", body)
    .executeTakeFirst();
  return row === undefined ? null : Buffer.concat([Buffer.from(prefix), fromBase64(row.octets)]);
}

interface Storing {
  readonly due: DueReport;
  readonly composed: ComposedReport;
  readonly now: Date;
}

async function store(db: Db, { due, composed, now }: Storing): Promise<void> {
  const origin = await db
    .selectFrom("sending")
    .select([
      "account_id as accountId",
      "fingerprint",
      "mail_id as mailId",
      "internal_date as internalDate",
      "traceparent",
    ])
    .where("id", "=", due.id)
    .executeTakeFirstOrThrow();
  const { octets } = composed;
  await insertSending(db, {
    origin,
    now,
    sending: {
      key: `dsn/${due.id}/${now.getTime()}`,
      kind: "report",
      from: null,
      to: [composed.to],
      messageId: composed.messageId,
      body: { sha256: createHash("sha256").update(octets).digest("hex"), octets },
      prefix: "",
      cancelsKeep: false,
      hold: false,
      expiresAt: composed.expiresAt,
      dsn: null,
      deliverBy: null,
      fcc: null,
    },
  });
}

/** States of which a report may speak. */
export const isReportable = (state: SendingState): state is "rejected" | "expired" | "unknown" | "held" | "accepted" =>
  ["rejected", "expired", "unknown", "held", "accepted"].includes(state);
