import type { SendingState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { sql } from "kysely";
import type { Rates } from "../moments.ts";
import type { DsnRequest } from "../smtp/outgoing-mail.ts";
import { type AdmittedSending, insertSending, isOverLimit, type KindLimit, type Origin } from "./intake.ts";
import { type Db, move } from "./move.ts";
import { takeMoments } from "./rates.ts";
import type { Tables } from "./schema.ts";
import { type ClaimedSending, type Lease, type Result, record } from "./work.ts";

/** A mail that its author handed over. */
export interface SubmittedMail {
  readonly origin: Origin;
  /** `awaited`: it is claimed at once under the lease of {@link Submissions.take}. */
  readonly sending: Omit<AdmittedSending, "key">;
  /** The same as `sending.dsn`, read. */
  readonly dsn: DsnRequest | null;
}

/** A recipient of a mail that was handed over before. */
export type KnownRecipient = Pick<Tables["recipient"], "state" | "code" | "status" | "reply">;

export type Taken =
  | { readonly kind: "stored" }
  | { readonly kind: "claimed"; readonly sending: ClaimedSending }
  | { readonly kind: "known"; readonly recipients: readonly KnownRecipient[] }
  | { readonly kind: "rate-limited" };

/** How what people submit comes into the ledger. */
export interface Submissions {
  /** Resolves when it is committed, or found: the same mail of the same account that did not end in a refusal. */
  take(mail: SubmittedMail, lease: Lease, now: Date): Promise<Taken>;
  /**
   * Records what the relay said; nobody waits any more. What is deferred now is tried again as any other. `isTold`: the author
   * heard it all, and is owed no report.
   */
  finish(lease: string, end: SubmissionEnd, now: Date): Promise<void>;
}

export interface SubmissionEnd {
  readonly id: number;
  readonly results: readonly Result[];
  readonly isTold: boolean;
}

interface Rules {
  readonly limit: KindLimit;
  /** How long a mail is known again, ms. */
  readonly knownMs: number;
  /** Of whatever leaves from all instances. */
  readonly rates: Rates;
}

/** The submissions of an opened store. */
export function openSubmissions(store: Store<Tables>, rules: Rules): Submissions {
  return {
    take: (mail, lease, now) => store.transaction((db) => take(db, { mail, lease, now, rules })),
    finish: (lease, { id, results, isTold }, now) =>
      store.transaction(async (db) => {
        await db
          .updateTable("sending")
          .set({ awaited: false, ...(isTold ? { reports: "none" as const } : {}) })
          .where("id", "=", id)
          .execute();
        await record(db, { lease, results, now });
      }),
  };
}

interface Taking {
  readonly mail: SubmittedMail;
  readonly lease: Lease;
  readonly now: Date;
  readonly rules: Rules;
}

async function take(db: Db, { mail, lease, now, rules }: Taking): Promise<Taken> {
  const { origin } = mail;
  // One at a time per account: its limits are counted, and two repetitions meet here.
  await sql`select pg_advisory_xact_lock(hashtextextended(${origin.accountId}, 0))`.execute(db);
  const before = await earlier(db, origin);
  const known = before.find(({ storedAt }) => storedAt.getTime() > now.getTime() - rules.knownMs);
  if (known !== undefined) {
    const recipients = await recipientsOf(db, known.id);
    if (recipients.some(({ state }) => !REFUSED.has(state))) return { kind: "known", recipients };
  }
  const sending = { ...mail.sending, key: `submission/${before.length + 1}` };
  if (await isOverLimit(db, { origin, sending, now }, rules.limit)) return { kind: "rate-limited" };
  const id = await insertSending(db, { origin, sending, now });
  if (sending.awaited !== true) return { kind: "stored" };
  // Its author waits, so it does not; the others leave the later for it.
  const paced = { sender: origin.accountId, domain: "", queue: "" };
  await takeMoments(db, [paced], { rates: rules.rates, patienceMs: Number.POSITIVE_INFINITY });
  const rows = await db
    .selectFrom("recipient")
    .select(["id", "sending_id", "state", "address", "attempts"])
    .where("sending_id", "=", id)
    .orderBy("id")
    .execute();
  await move(db, rows, { state: "claimed", lease: lease.name, lease_until: lease.until, now });
  const octets = Buffer.concat([Buffer.from(sending.prefix), sending.body.octets]);
  return { kind: "claimed", sending: { ...claimedOf(mail, now), id, octets, recipients: rows } };
}

const claimedOf = ({ origin, sending, dsn }: SubmittedMail, now: Date) => ({
  accountId: origin.accountId,
  mailId: origin.mailId,
  kind: sending.kind,
  from: sending.from,
  dsn,
  deliverBy: null,
  storedAt: now,
  traceparent: origin.traceparent,
  authzid: sending.authzid ?? null,
  receipts: sending.receipts ?? "none",
  isSubaddressed: sending.isSubaddressed ?? false,
});

/** States in which nothing left and whoever handed it over knows it, or was not answered at all. */
const REFUSED: ReadonlySet<SendingState> = new Set(["rejected", "cancelled"] satisfies SendingState[]);

/** The newest first. */
async function earlier(db: Db, { accountId, fingerprint }: Origin) {
  const rows = await db
    .selectFrom("sending")
    .select(["id", "stored_at as storedAt"])
    .where("account_id", "=", accountId)
    .where("fingerprint", "=", fingerprint)
    .where("kind", "=", "submission")
    .orderBy("id", "desc")
    .execute();
  return rows;
}

function recipientsOf(db: Db, sendingId: number): Promise<readonly KnownRecipient[]> {
  return db
    .selectFrom("recipient")
    .select(["state", "code", "status", "reply"])
    .where("sending_id", "=", sendingId)
    .orderBy("id")
    .execute();
}
