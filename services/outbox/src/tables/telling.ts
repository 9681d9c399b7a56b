import { dueRows, type HeldQueue, type Keeping, type Store, type Taking } from "@tamis/store";
import type { SendingKind } from "../sending-kind.ts";
import type { Db } from "./move.ts";
import type { PutBack, SettledState, Tables } from "./schema.ts";

/** A last word that somebody has yet to hear. */
export interface Untold {
  readonly id: number;
  readonly accountId: string;
  readonly mailId: string;
  readonly fingerprint: string;
  readonly internalDate: Date;
  readonly key: string;
  readonly kind: SendingKind;
  readonly word: SettledState;
  readonly settledAt: Date;
  /** Reply code and enhanced status of a recipient that ended so. */
  readonly code: number | null;
  readonly status: string | null;
  /** The word is not published yet. */
  readonly isFactDue: boolean;
  readonly isPutBackDue: boolean;
  readonly attempts: number;
}

/** What has been told of the sendings. */
export interface Telling extends HeldQueue<Untold> {
  /** The word was published. */
  told(id: number, word: SettledState): Promise<void>;
  /** `mailbox` answered. */
  putBack(id: number, result: Extract<PutBack, "done" | "gone">): Promise<void>;
  /** It failed, and is due again then, where nobody has touched it since it was held until `held`. */
  later(id: number, held: Date, at: Date): Promise<void>;
}

/** The telling of an opened store. */
export function openTelling(store: Store<Tables>): Telling {
  return {
    take: (limit, now, until, except) => store.transaction((db) => take(db, { limit, now, until, except })),
    keep: (ids, taken, until) => store.transaction((db) => keep(db, { ids, taken, until })),
    async told(id, word) {
      await store.transaction((db) =>
        db
          .updateTable("sending")
          .set((row) => ({
            told: word,
            tell_at: row.case().when("put_back", "=", "due").then(row.ref("tell_at")).else(null).end(),
          }))
          .where("id", "=", id)
          // Opened again meanwhile: then the next word is told.
          .where("settled", "=", word)
          .execute(),
      );
    },
    async putBack(id, result) {
      await store.transaction((db) =>
        db
          .updateTable("sending")
          .set((row) => ({
            put_back: result,
            tell_at: row
              .case()
              .when(row.or([row("settled", "is", null), row("settled", "=", row.ref("told"))]))
              .then(null)
              .else(row.ref("tell_at"))
              .end(),
          }))
          .where("id", "=", id)
          .execute(),
      );
    },
    async later(id, held, at) {
      await store.transaction((db) =>
        db
          .updateTable("sending")
          .set((row) => ({ tell_at: at, tell_attempts: row("tell_attempts", "+", 1) }))
          .where("id", "=", id)
          .where("tell_at", "=", held)
          .execute(),
      );
    },
  };
}

async function keep(db: Db, { ids, taken, until }: Keeping): Promise<void> {
  await db
    .updateTable("sending")
    .set({ tell_at: until })
    .where("id", "in", [...ids])
    .where("tell_at", "=", taken)
    .execute();
}

async function take(db: Db, taking: Taking): Promise<readonly Untold[]> {
  const sendings = db
    .selectFrom("sending")
    .select(["id", "account_id", "mail_id", "fingerprint", "internal_date", "key", "kind"])
    .select(["settled", "settled_at", "told", "put_back", "tell_attempts"]);
  const rows = await dueRows(sendings, { id: "id", at: "tell_at" }, taking).execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await db.updateTable("sending").set({ tell_at: taking.until }).where("id", "in", ids).execute();
  const replies = await db
    .selectFrom("recipient")
    .select(["sending_id", "state", "code", "status"])
    .where("sending_id", "in", ids)
    .orderBy("id")
    .execute();
  return rows.map((row) => {
    // Opened again by its owner while a put-back was due: the put-back still stands.
    const word = row.settled ?? "unknown";
    const reply = replies.find(({ sending_id, state }) => sending_id === row.id && state === word);
    return {
      id: row.id,
      accountId: row.account_id,
      mailId: row.mail_id,
      fingerprint: row.fingerprint,
      internalDate: row.internal_date,
      key: row.key,
      kind: row.kind,
      word,
      settledAt: row.settled_at ?? taking.now,
      code: reply?.code ?? null,
      status: reply?.status ?? null,
      isFactDue: row.settled !== null && row.settled !== row.told,
      isPutBackDue: row.put_back === "due",
      attempts: row.tell_attempts,
    };
  });
}
