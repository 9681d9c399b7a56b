import type { MailRead, ReceiptAsked, ReceiptPolicy, RequestState } from "@tamis/contracts";
import type { HeldQueue, Store } from "@tamis/store";
import type { Selectable, Transaction, Updateable } from "kysely";
import { decideReceipt } from "../answers/decide-receipt.ts";
import { type DueRequest, keep, OPEN, type Progress, postpone, requestIn, take, write } from "./request-work.ts";
import type { Tables } from "./schema.ts";

/** By which everything is decided. */
export interface AnswerRules {
  /** Where neither the account's settings nor its owner say another. */
  readonly policy: ReceiptPolicy;
  readonly inside: readonly string[];
}

/** The requests for receipts, and what their owners say. All of it may be repeated, and comes in any order. */
export interface Requests extends HeldQueue<DueRequest> {
  asked(fact: ReceiptAsked, now: Date): Promise<void>;
  read(fact: MailRead, now: Date): Promise<void>;
  /** The state it comes to; `missing`: the account has none of that number; `settled`: it is too late. */
  answer(
    accountId: string,
    id: number,
    answer: "send" | "refuse",
    now: Date,
  ): Promise<RequestState | "missing" | "settled">;
  /** null: what the installation says of the account holds again. */
  choose(accountId: string, policy: ReceiptPolicy | null, now: Date): Promise<void>;
  policyOf(accountId: string): Promise<{ readonly chosen: ReceiptPolicy | null; readonly effective: ReceiptPolicy }>;
  /** Written where it is still in the state in which it was taken. */
  progress(due: DueRequest, progress: Progress, now: Date): Promise<void>;
  /** Tried again then, where nobody has touched it since it was held until `held`. */
  postpone(due: DueRequest, held: Date, at: Date): Promise<void>;
}

type Db = Transaction<Tables>;
type Row = Selectable<Tables["request"]>;
type Change = Updateable<Tables["request"]>;

/** The requests of an opened store. `onDue`: there is something to do. */
export function openRequests(store: Store<Tables>, rules: AnswerRules, onDue: () => void): Requests {
  const settling = async (work: (db: Db) => Promise<RequestState | null>): Promise<RequestState | null> => {
    const state = await store.transaction(work);
    if (state !== null && !OPEN.includes(state)) onDue();
    return state;
  };
  return {
    async asked(fact, now) {
      const { accountId, fingerprint, mailId, request, means, policy, at } = fact;
      const change = { request: JSON.stringify(request), means, configured: policy ?? null, arrived_at: new Date(at) };
      await settling((db) => note(db, rules, { accountId, fingerprint, mailId, folder: "INBOX", now, change }));
    },
    async read({ accountId, mails }, now) {
      for (const { fingerprint, mailId, folder, seen, answer } of mails) {
        const change = { mail_id: mailId, folder, seen, ...(answer === undefined ? {} : { answer }) };
        await settling((db) => note(db, rules, { accountId, fingerprint, mailId, folder, now, change }));
      }
    },
    async answer(accountId, id, answer, now) {
      let found: "missing" | "settled" = "missing";
      const state = await settling(async (db) => {
        const row = await rowOf(db, accountId, id);
        found = row === null ? "missing" : "settled";
        return row === null || !OPEN.includes(row.state)
          ? null
          : await change(db, rules, { row, change: { answer }, now });
      });
      return state ?? found;
    },
    choose: (accountId, policy, now) => store.transaction((db) => choose(db, { accountId, policy, now })),
    policyOf: (accountId) =>
      store.transaction(async (db) => {
        const chosen = await chosenBy(db, accountId);
        return { chosen, effective: chosen ?? (await configuredFor(db, accountId)) ?? rules.policy };
      }),
    take: (limit, now, until, except) => store.transaction((db) => take(db, { limit, now, until, except })),
    keep: (ids, taken, until) => store.transaction((db) => keep(db, { ids, taken, until })),
    progress: (due, progress, now) => store.transaction((db) => write(db, due, { progress, now })),
    postpone: (due, held, at) => store.transaction((db) => postpone(db, due, held, at)),
  };
}

interface Noting {
  readonly accountId: string;
  readonly fingerprint: string;
  readonly mailId: string;
  readonly folder: string;
  readonly now: Date;
  readonly change: Change;
}

/** Notes what a fact says, whichever comes first. */
async function note(db: Db, rules: AnswerRules, noting: Noting): Promise<RequestState | null> {
  const { accountId, fingerprint, mailId, folder, now } = noting;
  await db
    .insertInto("request")
    .values({ account_id: accountId, fingerprint, mail_id: mailId, folder, made_at: now, changed_at: now })
    .onConflict((conflict) => conflict.columns(["account_id", "fingerprint"]).doNothing())
    .execute();
  const row = await db
    .selectFrom("request")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("fingerprint", "=", fingerprint)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return OPEN.includes(row.state) ? await change(db, rules, { row, change: noting.change, now }) : null;
}

/** Changes an open request, and decides on it anew. The state it has then. */
async function change(
  db: Db,
  rules: AnswerRules,
  { row, change, now }: { readonly row: Row; readonly change: Change; readonly now: Date },
): Promise<RequestState> {
  const changed = { ...row, ...change } as Row;
  // Once read is read: its owner may mark it as unread again.
  const seen = row.seen === "owner" || (row.seen === "unknown" && changed.seen === "no") ? row.seen : changed.seen;
  const decided = await decideRow(db, rules, { ...changed, seen });
  const isNew = decided.state !== row.state || decided.reason !== row.reason;
  const isDue = !OPEN.includes(decided.state) && decided.state !== "impossible";
  await db
    .updateTable("request")
    .set({ ...change, seen, ...decided, due_at: isDue ? now : null, ...(isNew ? { changed_at: now } : {}) })
    .where("id", "=", row.id)
    .execute();
  return decided.state;
}

async function decideRow(
  db: Db,
  { policy, inside }: AnswerRules,
  row: Row,
): Promise<{ readonly state: RequestState; readonly reason: string | null; readonly mode: Row["mode"] }> {
  const request = requestIn(row);
  if (request === null) return { state: "waiting", reason: null, mode: null };
  if (row.means !== null && row.means !== "yes") return { state: "impossible", reason: row.means, mode: null };
  const decision = decideReceipt({
    request,
    policy: (await chosenBy(db, row.account_id)) ?? row.configured ?? policy,
    inside,
    seen: row.seen,
    answer: row.answer,
  });
  switch (decision.kind) {
    case "wait":
      return { state: "waiting", reason: null, mode: null };
    case "ask":
      return { state: "asking", reason: decision.reason, mode: null };
    case "send":
      return { state: "settling", reason: null, mode: decision.mode };
    case "refuse":
      return { state: "refusing", reason: null, mode: null };
    case "impossible":
      return { state: "impossible", reason: decision.reason, mode: null };
    default:
      return decision satisfies never;
  }
}

async function rowOf(db: Db, accountId: string, id: number): Promise<Row | null> {
  const row = await db
    .selectFrom("request")
    .selectAll()
    .where("id", "=", id)
    .where("account_id", "=", accountId)
    .where("request", "is not", null)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

async function choose(
  db: Db,
  { accountId, policy, now }: { readonly accountId: string; readonly policy: ReceiptPolicy | null; readonly now: Date },
): Promise<void> {
  if (policy === null) await db.deleteFrom("answer_policy").where("account_id", "=", accountId).execute();
  else
    await db
      .insertInto("answer_policy")
      .values({ account_id: accountId, policy, changed_at: now })
      .onConflict((conflict) => conflict.column("account_id").doUpdateSet({ policy, changed_at: now }))
      .execute();
}

async function chosenBy(db: Db, accountId: string): Promise<ReceiptPolicy | null> {
  const row = await db
    .selectFrom("answer_policy")
    .select("policy")
    .where("account_id", "=", accountId)
    .executeTakeFirst();
  return row?.policy ?? null;
}

/** As the newest request tells. */
async function configuredFor(db: Db, accountId: string): Promise<ReceiptPolicy | null> {
  const row = await db
    .selectFrom("request")
    .select("configured")
    .where("account_id", "=", accountId)
    .where("request", "is not", null)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row?.configured ?? null;
}
