import type { ListedSending, SendingState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import type { SendingKind } from "../sending-kind.ts";
import { formatReply } from "../smtp/reply.ts";
import { stopSending } from "./draft-intake.ts";
import { type Db, move } from "./move.ts";
import type { Tables } from "./schema.ts";

/** How it ended: `done`, or why it could not be. */
export type Ruled = SendingState | "missing" | "too-late" | "not-possible" | "body-gone";

/** The ledger as owners and operators see it: a line per recipient. */
export interface Owners {
  /** The newest first. */
  list(accountId: string, states: readonly SendingState[] | null, limit: number): Promise<readonly ListedSending[]>;
  /** A held or unknown one is scheduled anew, with all the time it had at first. */
  release(accountId: string, id: string, now: Date): Promise<Ruled>;
  /** One that has not begun to leave, or of which nobody knows, does not leave any more. */
  cancel(accountId: string, id: string, now: Date): Promise<Ruled>;
}

/** How long a sending of a kind is tried, ms. */
export type LifeMs = (kind: SendingKind) => number;

const RELEASABLE: ReadonlySet<SendingState> = new Set(["held", "unknown"] satisfies SendingState[]);
const CANCELLABLE: ReadonlySet<SendingState> = new Set([
  "held",
  "unknown",
  "scheduled",
  "deferred",
] satisfies SendingState[]);

/** The ledger of an opened store for its owners; `lifeMs` is the time that a released sending gets. */
export function openOwners(store: Store<Tables>, lifeMs: LifeMs): Owners {
  return {
    list: (accountId, states, limit) => store.read((db) => list(db, { accountId, states, limit })),
    release: (accountId, id, now) =>
      store.transaction(async (db) => {
        const row = await locked(db, accountId, id);
        if (row === undefined) return "missing";
        if (!RELEASABLE.has(row.state)) return "not-possible";
        if (row.body === null) return "body-gone";
        await db
          .updateTable("sending")
          .set({ expires_at: new Date(now.getTime() + lifeMs(row.kind)) })
          .where("id", "=", row.sending_id)
          .execute();
        await move(db, [row], { state: "scheduled", lease: null, lease_until: null, next_at: now, now });
        await noteDraft(db, row.sending_id, now);
        return "scheduled";
      }),
    cancel: (accountId, id, now) =>
      store.transaction(async (db) => {
        const row = await locked(db, accountId, id);
        if (row === undefined) return "missing";
        if (!CANCELLABLE.has(row.state)) return "too-late";
        await move(db, [row], { state: "cancelled", now });
        // Of a draft, the rest with it: it goes back to its owner as a whole.
        if (await noteDraft(db, row.sending_id, now)) await stopSending(db, row.sending_id, now);
        return "cancelled";
      }),
  };
}

/** Whether it is the sending of a draft, whose owner's mailbox is to follow. */
async function noteDraft(db: Db, sendingId: number, now: Date): Promise<boolean> {
  const noted = await db
    .updateTable("draft")
    .set({ step_at: now })
    .where("sending_id", "=", sendingId)
    .executeTakeFirst();
  return noted.numUpdatedRows > 0n;
}

/** Largest id of the tables. */
const MAX_ID = 2_147_483_647;

async function locked(db: Db, accountId: string, id: string) {
  const number = /^[1-9]\d{0,9}$/.test(id) ? Number(id) : 0;
  if (number === 0 || number > MAX_ID) return undefined;
  return db
    .selectFrom("recipient")
    .innerJoin("sending", "sending.id", "recipient.sending_id")
    .select(["recipient.id", "sending_id", "state", "kind", "body"])
    .where("recipient.id", "=", number)
    .where("account_id", "=", accountId)
    .forUpdate("recipient")
    .executeTakeFirst();
}

interface Listing {
  readonly accountId: string;
  readonly states: readonly SendingState[] | null;
  readonly limit: number;
}

async function list(
  db: Parameters<Parameters<Store<Tables>["read"]>[0]>[0],
  { accountId, states, limit }: Listing,
): Promise<readonly ListedSending[]> {
  const rows = await db
    .selectFrom("recipient")
    .innerJoin("sending", "sending.id", "recipient.sending_id")
    .select(["recipient.id", "mail_id", "kind", "address", "state", "attempts", "stored_at", "next_at"])
    .select(["code", "status", "reply"])
    .where("account_id", "=", accountId)
    .$if(states !== null, (query) => query.where("state", "in", [...(states ?? [])]))
    .orderBy("recipient.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: String(row.id),
    mailId: row.mail_id,
    kind: row.kind,
    to: row.address,
    state: row.state,
    attempts: row.attempts,
    storedAt: row.stored_at.getTime(),
    nextAt: row.state === "scheduled" || row.state === "deferred" ? row.next_at.getTime() : null,
    reply: replyText(row),
  }));
}

/** A word of our own (the lease that ended) has no code. */
function replyText({ code, status, reply }: Pick<Tables["recipient"], "code" | "status" | "reply">): string | null {
  if (reply === null) return null;
  return code === null ? reply : formatReply({ code, status, text: reply, lines: [] });
}
