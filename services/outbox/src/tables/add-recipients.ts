import { readAddress } from "@tamis/compose";
import type { CircularReceipts, CircularRecipient, RecipientFault, SendingState } from "@tamis/contracts";
import type { Insertable } from "kysely";
import { canonicalMailbox, toPath } from "../smtp/address.ts";
import { countMoves, countsOf, totalOf } from "./circular-counts.ts";
import { numberOf } from "./circulars.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";
import { leftAmong } from "./subscriptions.ts";
import { suppressedAmong } from "./suppressions.ts";

/** What became of a page of recipients. */
export interface Added {
  readonly added: number;
  readonly suppressed: number;
  readonly faults: readonly RecipientFault[];
  /** Of the circular, now. */
  readonly recipients: number;
}

export interface CircularRecipientsOptions {
  readonly slot: number;
  readonly deadlineMs: number;
  /** Message-ID of a tracked recipient, with angle brackets; the same for ever. */
  readonly messageIdOf: (recipient: number, receipts: CircularReceipts) => string;
}

/** Always due: when, is for the circular to say. */
export const FROM_THE_START = new Date(0);

/** The circular, locked until the transaction ends. */
export function lockCircular(db: Db, accountId: string, id: string) {
  return (
    db
      .selectFrom("circular")
      .select([
        "id",
        "state",
        "tracked",
        "receipts",
        "fields",
        "list",
        "first_recipient",
        "started_at",
        "changed_at",
        "body",
        "hours",
      ])
      .where("id", "=", numberOf(id))
      .where("account_id", "=", accountId)
      // Not "for update": counts and recipients refer to it, and need not wait.
      .forNoKeyUpdate()
      .executeTakeFirst()
  );
}

export type LockedCircular = Awaited<ReturnType<typeof lockCircular>> & {};

/** A recipient, and where it comes from. */
export type SourcedRecipient = CircularRecipient & { readonly source?: string | null };

interface Adding extends CircularRecipientsOptions {
  readonly recipients: readonly SourcedRecipient[];
  /** Lists beside its own, whose leavers get nothing either. */
  readonly lists?: readonly string[];
  /** Their numbers, where they were taken before: from this one on. */
  readonly first?: number;
  readonly now: Date;
}

/** Adds a page of recipients to a locked draft. */
export async function addRecipients(db: Db, circular: LockedCircular, adding: Adding): Promise<Added> {
  const { slot, now } = adding;
  const { good, faults } = sift(adding.recipients, circular.fields);
  const mailboxes = [...good.keys()];
  const suppressed = new Set(await suppressedAmong(db, mailboxes));
  for (const list of new Set([circular.list, ...(adding.lists ?? [])]))
    for (const mailbox of await leftAmong(db, list, mailboxes)) suppressed.add(mailbox);
  const stateOf = (mailbox: string): SendingState => (suppressed.has(mailbox) ? "suppressed" : "scheduled");
  const first = adding.first ?? (await numbers(db, good.size));
  const rows = [...good].map(([mailbox, { address, name, fields, source = null }], index) => ({
    id: first + index,
    circular_id: circular.id,
    address: address.trim(),
    mailbox,
    name: name ?? null,
    fields: JSON.stringify(fields),
    message_id: circular.tracked ? adding.messageIdOf(first + index, circular.receipts) : null,
    state: stateOf(mailbox),
    source,
    changed_at: now,
    next_at: FROM_THE_START,
  }));
  const stored = rows.length === 0 ? [] : await insert(db, rows);
  const isStored = new Set(stored.map(({ mailbox }) => mailbox));
  const doubles = [...good].filter(([mailbox]) => !isStored.has(mailbox));
  await countMoves(
    db,
    slot,
    stored.map(({ state }) => ({ circularId: circular.id, from: null, to: state })),
  );
  if (stored.length > 0 && (circular.first_recipient === null || circular.first_recipient > first))
    await beginAt(db, circular.id, first);
  return {
    added: stored.length,
    suppressed: stored.filter(({ state }) => state === "suppressed").length,
    faults: [...faults, ...doubles.map(([, { line }]) => ({ kind: "double", line }) as const)].sort(
      (a, b) => a.line - b.line,
    ),
    recipients: totalOf((await countsOf(db, [circular.id])).get(circular.id) ?? {}),
  };
}

/** Numbers may be taken in one order and used in another. */
const beginAt = (db: Db, id: number, first: number) =>
  db
    .updateTable("circular")
    .set({ first_recipient: first })
    .where("id", "=", id)
    .where((row) => row.or([row("first_recipient", "is", null), row("first_recipient", ">", first)]))
    .execute();

const insert = (db: Db, rows: readonly Insertable<Tables["circular_recipient"]>[]) =>
  db
    .insertInto("circular_recipient")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["circular_id", "mailbox"]).doNothing())
    .returning(["mailbox", "state"])
    .execute();

/** By mailbox, what can be written to; and one by one what cannot. */
function sift(recipients: readonly SourcedRecipient[], needed: readonly string[]) {
  const good = new Map<string, SourcedRecipient>();
  const faults: RecipientFault[] = [];
  for (const recipient of recipients) {
    const { line } = recipient;
    const address = recipient.address.trim();
    const mailbox = canonicalMailbox(address);
    const missing = needed.filter((field) => isBlank(recipient, field));
    const before = good.get(mailbox);
    // What can stand in RCPT, and in To.
    if (toPath(address) === null || readAddress(address) === null) faults.push({ kind: "invalid", line });
    else if (before !== undefined) faults.push({ kind: "double", line, of: before.line });
    else if (missing.length > 0) faults.push({ kind: "fields", line, missing });
    else good.set(mailbox, recipient);
  }
  return { good, faults };
}

/** A blank is no value; `address` and `name` are fields too. */
function isBlank({ address, name, fields }: CircularRecipient, field: string): boolean {
  const own: Readonly<Record<string, string | undefined>> = { address, name };
  return (fields[field] ?? own[field] ?? "").trim() === "";
}

/** The first of so many numbers. */
export async function numbers(db: Db, count: number): Promise<number> {
  const row = await db
    .updateTable("circular_number")
    .set((column) => ({ next: column("next", "+", count) }))
    .returning("next")
    .executeTakeFirstOrThrow();
  return row.next - count;
}
