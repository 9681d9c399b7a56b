import type { ReceiptState, ReportLine } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { type ExpressionBuilder, sql } from "kysely";
import { isAbout } from "../standing.ts";
import type { Tables } from "./schema.ts";

/** What is looked at: all that the account sent, one circular, one mail. */
export interface Scope {
  readonly accountId: string;
  readonly circularId?: string | undefined;
  readonly messageId?: string | undefined;
}

export interface Page extends Scope {
  readonly states?: readonly ReceiptState[] | undefined;
  /** The number that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A recipient as the tables have it. */
export interface ReceiptRow {
  readonly id: string;
  readonly circularId: string | null;
  readonly address: string | null;
  readonly messageId: string | null;
  readonly sentAt: Date | null;
  readonly asksDisposition: boolean;
  readonly state: ReceiptState;
  readonly stateAt: Date | null;
  readonly status: string | null;
  readonly autoReplyAt: Date | null;
  readonly complainedAt: Date | null;
  readonly unverified: number;
}

export interface Counts {
  readonly recipients: number;
  readonly counts: Partial<Record<ReceiptState, number>>;
  readonly autoReplies: number;
  readonly complaints: number;
}

/** The ledger as people see it; nobody sees what another account sent. */
export interface Views {
  counts(scope: Scope): Promise<Counts>;
  /** In the order of their numbers; `next` is null after the last page. */
  page(page: Page): Promise<{ readonly rows: readonly ReceiptRow[]; readonly next: string | null }>;
  /** The newest first; null: the account has no such recipient. */
  reports(accountId: string, recipient: string): Promise<readonly Omit<ReportLine, "meaning">[] | null>;
}

/** Reports that are shown of one recipient. */
const MAX_REPORTS = 200;

/** The views of an opened store. */
export function openViews(store: Store<Tables>): Views {
  return {
    counts: (scope) => store.read((db) => counts(db, scope)),
    page: (page) => store.read((db) => pageOf(db, page)),
    reports: (accountId, recipient) => store.read((db) => reports(db, accountId, recipient)),
  };
}

type Reader = Parameters<Parameters<Store<Tables>["read"]>[0]>[0];

const inScope =
  ({ accountId, circularId, messageId }: Scope) =>
  (row: ExpressionBuilder<Tables, "receipt">) =>
    row.and([
      row("account_id", "=", accountId),
      ...(circularId === undefined ? [] : [row("circular_id", "=", circularId)]),
      ...(messageId === undefined ? [] : [row("message_id", "=", messageId)]),
    ]);

async function counts(db: Reader, scope: Scope): Promise<Counts> {
  const rows = await db
    .selectFrom("receipt")
    .select((row) => [
      "state",
      row.cast<number>(row.fn.countAll(), "integer").as("count"),
      row.cast<number>(row.fn.count("auto_reply_at"), "integer").as("autoReplies"),
      row.cast<number>(row.fn.count("complained_at"), "integer").as("complaints"),
    ])
    .where(inScope(scope))
    .groupBy("state")
    .execute();
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((all, row) => all + of(row), 0);
  return {
    recipients: sum(({ count }) => count),
    counts: Object.fromEntries(rows.map(({ state, count }) => [state, count])),
    autoReplies: sum(({ autoReplies }) => autoReplies),
    complaints: sum(({ complaints }) => complaints),
  };
}

async function pageOf(db: Reader, { states, after, limit, ...scope }: Page) {
  const rows = await db
    .selectFrom("receipt")
    .select([sql<string>`id::text`.as("number"), "circular_id as circularId", "address", "message_id as messageId"])
    .select(["sent_at as sentAt", "asks_disposition as asksDisposition", "state", "state_at as stateAt", "status"])
    .select(["auto_reply_at as autoReplyAt", "complained_at as complainedAt", "unverified"])
    .where(inScope(scope))
    .$if(states !== undefined, (query) => query.where("state", "in", [...(states ?? [])]))
    .$if(after !== undefined, (query) => query.where(sql<boolean>`id > ${after ?? "0"}::bigint`))
    .orderBy("receipt.id")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit).map(({ number, ...row }): ReceiptRow => ({ id: number, ...row }));
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

async function reports(db: Reader, accountId: string, recipient: string) {
  const receipt = await db
    .selectFrom("receipt")
    .select("address")
    .where("account_id", "=", accountId)
    .where(sql<boolean>`id = ${recipient}::bigint`)
    .executeTakeFirst();
  if (receipt === undefined) return null;
  const rows = await db
    .selectFrom("report")
    .select(["kind", "verified", "state", "status", "at", "said_by as by"])
    .where(sql<boolean>`receipt_id = ${recipient}::bigint`)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(MAX_REPORTS)
    .execute();
  return rows.map(({ by, at, ...row }) => ({
    ...row,
    at: at.getTime(),
    // The report may have come before the address was known.
    ...(by === null || isAbout({ final: by }, receipt.address ?? "") ? {} : { by }),
  }));
}
