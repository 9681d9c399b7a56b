import { createHash, randomUUID } from "node:crypto";
import { type SendingState, UNTIL_REPLY } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { type Insertable, sql } from "kysely";
import type { ReadDraft } from "../drafts/read-draft.ts";
import { canonicalMailbox } from "../smtp/address.ts";
import { type DraftRow, type DraftSendingRules, scheduleOccurrence } from "./draft-sending.ts";
import { isOverLimit, type KindLimit } from "./intake.ts";
import { type Db, move } from "./move.ts";
import { toColumn } from "./octets.ts";
import type { Tables } from "./schema.ts";

/** A draft that can be sent. */
export interface OfferedDraft {
  readonly accountId: string;
  readonly address: string;
  /** Other addresses that its owner writes as. */
  readonly identities: readonly string[];
  readonly subject: string;
  readonly sha256: string;
  readonly fingerprint: string;
  readonly internalDate: Date;
  readonly authzid: string | null;
  readonly read: ReadDraft;
}

/**
 * `sent`: it left before; `elsewhere`: the same octets lie as another mail that waits; `twin`: another draft that waits has its fingerprint, so that
 * `mailbox` could not tell one from the other; `over-limit`: not now.
 */
export type Offered = "offered" | "sent" | "elsewhere" | "twin" | "over-limit";

/** What the ledger knows of a draft by its octets. */
export interface KnownDraft {
  readonly fingerprint: string;
  readonly state: "scheduled" | "sent";
}

export type ConfirmedDraft =
  | { readonly fingerprint: string; readonly state: "kept" }
  | { readonly fingerprint: string; readonly state: "unknown" }
  /** `late`: its time was over before it was out of reach of other programs; the others as in {@link Offered}, of a copy that was offered side by side. */
  | {
      readonly fingerprint: string;
      readonly state: "late" | "sent" | "elsewhere";
      readonly draft: Pick<DraftRow, "address" | "subject" | "wall" | "zone">;
    };

/** An answer to mails with these Message-IDs. `from`: who wrote it. */
export interface Reply {
  readonly messageIds: readonly string[];
  readonly from: readonly string[];
}

/** How drafts come into the ledger. */
export interface DraftIntake {
  /** null: it is a new one, or may be scheduled again. */
  known(accountId: string, sha256: string): Promise<KnownDraft | null>;
  /** Resolves when it is committed. Nothing leaves yet. The same octets that wait already stay as they are. */
  offer(draft: OfferedDraft, now: Date): Promise<Offered>;
  /** Those offered are scheduled; those that are stay so. */
  confirm(accountId: string, fingerprints: readonly string[], now: Date): Promise<readonly ConfirmedDraft[]>;
  /** Ends what is sent until somebody answers, unless it is leaving right now; with how many of them. */
  replied(accountId: string, reply: Reply, now: Date): Promise<number>;
}

export interface DraftIntakeRules extends DraftSendingRules {
  readonly limit: KindLimit;
  readonly graceMs: number;
}

/** The way of drafts into the tables of an opened store. */
export function openDraftIntake(store: Store<Tables>, rules: DraftIntakeRules): DraftIntake {
  return {
    known: (accountId, sha256) => store.read(async (db) => knownOf(await latest(db, { accountId, sha256 }))),
    offer: (draft, now) => store.transaction((db) => offer(db, { draft, now, rules })),
    confirm: (accountId, fingerprints, now) =>
      store.transaction(async (db) => {
        await lockAccount(db, accountId);
        const confirmed: ConfirmedDraft[] = [];
        for (const fingerprint of new Set(fingerprints))
          confirmed.push(await confirm(db, { accountId, fingerprint, now, rules }));
        return confirmed;
      }),
    replied: (accountId, reply, now) => store.transaction((db) => endOnReply(db, { accountId, reply, now })),
  };
}

type Reader = Pick<Db, "selectFrom">;

/** One at a time per account: two repetitions meet here. */
async function lockAccount(db: Db, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${accountId}, 0))`.execute(db);
}

/** But for what was only offered, which is nobody's word yet. */
function latest(
  db: Reader,
  { accountId, sha256 }: { readonly accountId: string; readonly sha256: string },
): Promise<DraftRow | undefined> {
  return db
    .selectFrom("draft")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("sha256", "=", sha256)
    .where("state", "<>", "offered")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** What went back to its owner may come again. */
function knownOf(row: DraftRow | undefined): KnownDraft | null {
  if (row?.state === "scheduled") return { fingerprint: row.fingerprint, state: "scheduled" };
  if (row?.state === "ended" && row.outcome === "sent") return { fingerprint: row.fingerprint, state: "sent" };
  return null;
}

interface Offering {
  readonly draft: OfferedDraft;
  readonly now: Date;
  readonly rules: DraftIntakeRules;
}

async function offer(db: Db, { draft, now, rules }: Offering): Promise<Offered> {
  await lockAccount(db, draft.accountId);
  const known = knownOf(await latest(db, draft));
  if (known?.state === "sent") return "sent";
  if (known !== null) return known.fingerprint === draft.fingerprint ? "offered" : "elsewhere";
  if (await hasTwin(db, draft)) return "twin";
  const origin = { accountId: draft.accountId };
  if (await isOverLimit(db, { origin, sending: { kind: "submission", to: draft.read.to }, now }, rules.limit))
    return "over-limit";
  const row = await rowOf(db, draft, now);
  // Not confirmed: it lies where it lay, and its time is read anew.
  const again = await db
    .updateTable("draft")
    .set(row)
    .where("account_id", "=", draft.accountId)
    .where("fingerprint", "=", draft.fingerprint)
    .where("state", "=", "offered")
    .executeTakeFirst();
  if (again.numUpdatedRows === 0n)
    await db
      .insertInto("draft")
      .values({ ...row, name: randomUUID() })
      .execute();
  return "offered";
}

/** Two drafts without a Message-ID, as long as one another, that were stored in the same second. */
async function hasTwin(db: Db, { accountId, fingerprint, sha256 }: OfferedDraft): Promise<boolean> {
  const twin = await db
    .selectFrom("draft")
    .select("id")
    .where("account_id", "=", accountId)
    .where("fingerprint", "=", fingerprint)
    .where("sha256", "<>", sha256)
    .where("state", "<>", "ended")
    .limit(1)
    .executeTakeFirst();
  return twin !== undefined;
}

async function rowOf(db: Db, draft: OfferedDraft, now: Date): Promise<Omit<Insertable<Tables["draft"]>, "name">> {
  const { read } = draft;
  const body = createHash("sha256").update(read.octets).digest("hex");
  await db
    .insertInto("body")
    .values({ sha256: body, octets: toColumn(read.octets), used_at: now })
    .onConflict((conflict) => conflict.column("sha256").doUpdateSet({ used_at: now }))
    .execute();
  return {
    account_id: draft.accountId,
    sha256: draft.sha256,
    fingerprint: draft.fingerprint,
    internal_date: draft.internalDate,
    address: draft.address,
    identities: JSON.stringify(draft.identities),
    subject: draft.subject,
    state: "offered",
    outcome: null,
    envelope_from: read.from,
    recipients: JSON.stringify(read.to),
    body,
    authzid: draft.authzid,
    wall: read.due.wall,
    zone: read.due.zone,
    due_at: read.due.at,
    recurrence: read.recurrence,
    ends_on_reply: read.endsOnReply,
    replied_at: null,
    occurrence: 1,
    sending_id: null,
    word: null,
    step_at: null,
    changed_at: now,
  };
}

interface Confirming {
  readonly accountId: string;
  readonly fingerprint: string;
  readonly now: Date;
  readonly rules: DraftIntakeRules;
}

async function confirm(db: Db, { accountId, fingerprint, now, rules }: Confirming): Promise<ConfirmedDraft> {
  const rows = await db
    .selectFrom("draft")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("fingerprint", "=", fingerprint)
    .where("state", "<>", "ended")
    .orderBy("id", "desc")
    .forUpdate()
    .execute();
  if (rows.some(({ state }) => state === "scheduled")) return { fingerprint, state: "kept" };
  const [draft] = rows;
  if (draft === undefined) return { fingerprint, state: "unknown" };
  const other = knownOf(await latest(db, { accountId, sha256: draft.sha256 }));
  if (other !== null) {
    await db.deleteFrom("draft").where("id", "=", draft.id).execute();
    return { fingerprint, state: other.state === "sent" ? "sent" : "elsewhere", draft };
  }
  const due = { at: draft.due_at, wall: draft.wall, zone: draft.zone };
  const isLate = due.at.getTime() + rules.graceMs < now.getTime();
  const sendingId = isLate ? null : await scheduleOccurrence(db, { draft, due, occurrence: 1, now }, rules);
  if (sendingId === null) {
    await db.deleteFrom("draft").where("id", "=", draft.id).execute();
    return isLate ? { fingerprint, state: "late", draft } : { fingerprint, state: "unknown" };
  }
  await db
    .updateTable("draft")
    .set({ state: "scheduled", sending_id: sendingId, step_at: due.at, changed_at: now })
    .where("id", "=", draft.id)
    .execute();
  return { fingerprint, state: "kept" };
}

interface Replied {
  readonly accountId: string;
  readonly reply: Reply;
  readonly now: Date;
}

async function endOnReply(db: Db, { accountId, reply, now }: Replied): Promise<number> {
  const names = reply.messageIds.flatMap((id) => (id.startsWith(UNTIL_REPLY) ? [nameIn(id)] : []));
  if (names.length === 0) return 0;
  const waiting = await db
    .selectFrom("draft")
    .select(["id", "sending_id", "address", "identities", "recipients"])
    .where("account_id", "=", accountId)
    .where("name", "in", names)
    .where("state", "=", "scheduled")
    .where("ends_on_reply", "=", true)
    .where("replied_at", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  const answered = waiting.filter((draft) => isAnswer(reply.from, draft));
  for (const { id, sending_id } of answered) {
    await db.updateTable("draft").set({ replied_at: now, step_at: now }).where("id", "=", id).execute();
    if (sending_id !== null) await stopSending(db, sending_id, now);
  }
  return answered.length;
}

/**
 * Whoever knows its Message-ID got it: a recipient, whatever address they answer from, or a member of a list. Its owner, who adds something to it
 * as one of his own addresses, has not answered it, unless that address is a recipient.
 */
function isAnswer(
  from: readonly string[],
  { address, identities, recipients }: Pick<DraftRow, "address" | "identities" | "recipients">,
): boolean {
  const mailboxes = (addresses: readonly string[]): ReadonlySet<string> => new Set(addresses.map(canonicalMailbox));
  const own = mailboxes([address, ...JSON.parse(identities ?? "[]")]);
  const to = mailboxes(JSON.parse(recipients));
  return from.length === 0 || [...mailboxes(from)].some((author) => to.has(author) || !own.has(author));
}

/** Between the beginning of our Message-IDs and the number of the occurrence. */
const nameIn = (messageId: string): string => messageId.slice(UNTIL_REPLY.length).split(".")[0] ?? "";

const STOPPABLE: readonly SendingState[] = ["held", "scheduled", "deferred"];

/** What of a sending is not on its way does not leave any more. */
export async function stopSending(db: Db, sendingId: number, now: Date): Promise<void> {
  const rows = await db
    .selectFrom("recipient")
    .select(["id", "sending_id", "state"])
    .where("sending_id", "=", sendingId)
    .where("state", "in", [...STOPPABLE])
    .orderBy("id")
    .forUpdate()
    .execute();
  await move(db, rows, { state: "cancelled", now });
}
