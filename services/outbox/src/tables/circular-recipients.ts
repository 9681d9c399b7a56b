import type { CircularRecipient, RecipientFault, ReportedRecipient, SendingState } from "@tamis/contracts";
import type { Store, StoreHandle } from "@tamis/store";
import { sql } from "kysely";
import { canonicalMailbox, toPath } from "../smtp/address.ts";
import { formatReply } from "../smtp/reply.ts";
import { countMoves, countsOf, totalOf } from "./circular-counts.ts";
import { suppressedAmong } from "./circular-work.ts";
import { numberOf } from "./circulars.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** What became of a page of recipients. */
export interface Added {
  readonly added: number;
  readonly suppressed: number;
  readonly faults: readonly RecipientFault[];
  /** Of the circular, now. */
  readonly recipients: number;
}

/** A recipient as the draft is filled in for them. */
export interface Addressee {
  readonly id: number;
  readonly address: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly messageId: string | null;
}

export interface Page {
  /** Those after this number. */
  readonly after: string | undefined;
  readonly states: readonly SendingState[] | undefined;
  readonly limit: number;
}

/** The recipients of circulars, as their owners see and change them. */
export interface CircularRecipients {
  /** To a draft. Adding the same again changes nothing: they are doubles then. */
  add(
    accountId: string,
    id: string,
    page: { readonly recipients: readonly CircularRecipient[]; readonly now: Date },
  ): Promise<Added | "missing" | "not-possible">;
  /** The one with this address, else the first; null where there is none. */
  addressee(circularId: number, address: string | undefined): Promise<Addressee | null>;
  /** A circular of the same draft for one reader, who gets what the addressee would get, at once. Resolves with its number. */
  test(circularId: number, reader: { readonly to: string; readonly as: Addressee; readonly now: Date }): Promise<number>;
  report(
    circularId: number,
    page: Page,
  ): Promise<{ readonly recipients: readonly ReportedRecipient[]; readonly next: string | null }>;
  /** One of whom nobody knows whether the mail arrived is written to again; its circular goes on if it had ended. */
  release(
    accountId: string,
    id: string,
    one: { readonly recipient: string; readonly now: Date },
  ): Promise<"done" | "missing" | "not-possible" | "body-gone">;
  suppress(addresses: readonly string[], now: Date): Promise<void>;
  unsuppress(addresses: readonly string[]): Promise<void>;
}

export interface CircularRecipientsOptions {
  readonly slot: number;
  readonly deadlineMs: number;
  /** Message-ID of a tracked recipient, with angle brackets; the same for ever. */
  readonly messageIdOf: (recipient: number) => string;
}

/** Always due: when, is for the circular to say. */
const FROM_THE_START = new Date(0);

/** The recipients of an opened store. */
export function openCircularRecipients(store: Store<Tables>, options: CircularRecipientsOptions): CircularRecipients {
  return {
    add: (accountId, id, { recipients, now }) =>
      store.transaction(async (db) => {
        const circular = await lockCircular(db, accountId, id);
        if (circular === undefined) return "missing";
        if (circular.state !== "draft") return "not-possible";
        return add(db, circular, { recipients, now, ...options });
      }),
    addressee: (circularId, address) => store.read((db) => addressee(db, circularId, address)),
    test: (circularId, reader) => store.transaction((db) => test(db, circularId, { ...reader, ...options })),
    report: (circularId, page) => store.read((db) => report(db, circularId, page)),
    release: (accountId, id, { recipient, now }) =>
      store.transaction(async (db) => {
        const circular = await lockCircular(db, accountId, id);
        if (circular === undefined) return "missing";
        return release(db, circular, { recipient: numberOf(recipient), now, ...options });
      }),
    async suppress(addresses, now) {
      const mailboxes = [...new Set(addresses.map(canonicalMailbox))];
      await store.transaction((db) =>
        db
          .insertInto("suppressed")
          .values(mailboxes.map((mailbox) => ({ mailbox, at: now })))
          .onConflict((conflict) => conflict.column("mailbox").doNothing())
          .execute(),
      );
    },
    async unsuppress(addresses) {
      await store.transaction((db) =>
        db.deleteFrom("suppressed").where("mailbox", "in", addresses.map(canonicalMailbox)).execute(),
      );
    },
  };
}

function lockCircular(db: Db, accountId: string, id: string) {
  return db
    .selectFrom("circular")
    .select(["id", "state", "tracked", "fields", "first_recipient", "started_at", "body"])
    .where("id", "=", numberOf(id))
    .where("account_id", "=", accountId)
    // Not "for update": counts and recipients refer to it, and need not wait.
    .forNoKeyUpdate()
    .executeTakeFirst();
}

type LockedCircular = Awaited<ReturnType<typeof lockCircular>> & {};

interface Adding extends CircularRecipientsOptions {
  readonly recipients: readonly CircularRecipient[];
  readonly now: Date;
}

async function add(db: Db, circular: LockedCircular, adding: Adding): Promise<Added> {
  const { slot, now } = adding;
  const { good, faults } = sift(adding.recipients, circular.fields);
  const suppressed = await suppressedAmong(db, [...good.keys()]);
  const stateOf = (mailbox: string): SendingState => (suppressed.has(mailbox) ? "suppressed" : "scheduled");
  const first = await numbers(db, good.size);
  const rows = [...good].map(([mailbox, { address, name, fields }], index) => ({
    id: first + index,
    circular_id: circular.id,
    address: address.trim(),
    mailbox,
    name: name ?? null,
    fields: JSON.stringify(fields),
    message_id: circular.tracked ? adding.messageIdOf(first + index) : null,
    state: stateOf(mailbox),
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
  if (circular.first_recipient === null && stored.length > 0)
    await db.updateTable("circular").set({ first_recipient: first }).where("id", "=", circular.id).execute();
  return {
    added: stored.length,
    suppressed: stored.filter(({ state }) => state === "suppressed").length,
    faults: [...faults, ...doubles.map(([, { line }]) => ({ kind: "double", line }) as const)].sort(
      (a, b) => a.line - b.line,
    ),
    recipients: totalOf((await countsOf(db, [circular.id])).get(circular.id) ?? {}),
  };
}

const insert = (db: Db, rows: readonly Parameters<ReturnType<typeof into>["values"]>[0][]) =>
  into(db)
    // Proof: rows of one insert.
    .values(rows as never)
    .onConflict((conflict) => conflict.columns(["circular_id", "mailbox"]).doNothing())
    .returning(["mailbox", "state"])
    .execute();
const into = (db: Db) => db.insertInto("circular_recipient");

/** By mailbox, what can be written to; and one by one what cannot. */
function sift(recipients: readonly CircularRecipient[], needed: readonly string[]) {
  const good = new Map<string, CircularRecipient>();
  const faults: RecipientFault[] = [];
  for (const recipient of recipients) {
    const { line, address, fields } = recipient;
    const path = toPath(address.trim());
    const mailbox = canonicalMailbox(address.trim());
    const missing = needed.filter((field) => fields[field] === undefined && !OF_THE_ADDRESS.has(field));
    const before = good.get(mailbox);
    if (path === null) faults.push({ kind: "invalid", line });
    else if (before !== undefined) faults.push({ kind: "double", line, of: before.line });
    else if (missing.length > 0) faults.push({ kind: "fields", line, missing });
    else good.set(mailbox, recipient);
  }
  return { good, faults };
}

/** Every recipient has these. */
const OF_THE_ADDRESS: ReadonlySet<string> = new Set(["address", "name"]);

/** The first of so many numbers. */
async function numbers(db: Db, count: number): Promise<number> {
  const row = await db
    .updateTable("circular_number")
    .set((column) => ({ next: column("next", "+", count) }))
    .returning("next")
    .executeTakeFirstOrThrow();
  return row.next - count;
}

async function addressee(
  db: StoreHandle<Tables>,
  circularId: number,
  address: string | undefined,
): Promise<Addressee | null> {
  const row = await db
    .selectFrom("circular_recipient")
    .innerJoin("circular", "circular.id", "circular_id")
    .select(["circular_recipient.id", "address", "name", "circular_recipient.fields", "message_id as messageId"])
    .where("circular_id", "=", circularId)
    .$if(address !== undefined, (query) => query.where("mailbox", "=", canonicalMailbox(address ?? "")))
    .$if(address === undefined, (query) =>
      query.whereRef("circular_recipient.id", ">=", "first_recipient").orderBy("circular_recipient.id"),
    )
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

interface Testing extends CircularRecipientsOptions {
  readonly to: string;
  readonly as: Addressee;
  readonly now: Date;
}

async function test(db: Db, circularId: number, testing: Testing): Promise<number> {
  const { now, to, as, slot, deadlineMs } = testing;
  const number = await numbers(db, 1);
  const { account_id, body, subject, tracked, fields } = await db
    .selectFrom("circular")
    .select(["account_id", "body", "subject", "tracked", "fields"])
    .where("id", "=", circularId)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto("circular")
    .values({
      account_id,
      body,
      subject,
      tracked,
      fields: JSON.stringify(fields),
      key: `test/${circularId}/${number}`,
      state: "started",
      test_of: circularId,
      first_recipient: number,
      created_at: now,
      changed_at: now,
      due_at: now,
      started_at: now,
      deadline_at: new Date(now.getTime() + deadlineMs),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await into(db)
    .values({
      id: number,
      circular_id: id,
      address: to,
      mailbox: canonicalMailbox(to),
      name: as.name,
      fields: JSON.stringify(as.fields),
      message_id: tracked ? testing.messageIdOf(number) : null,
      state: "scheduled",
      changed_at: now,
      next_at: FROM_THE_START,
    })
    .execute();
  await countMoves(db, slot, [{ circularId: id, from: null, to: "scheduled" }]);
  return id;
}

async function report(
  db: StoreHandle<Tables>,
  circularId: number,
  { after, states, limit }: Page,
): Promise<{ readonly recipients: readonly ReportedRecipient[]; readonly next: string | null }> {
  const rows = await db
    .selectFrom("circular_recipient as row")
    .innerJoin("circular", "circular.id", "row.circular_id")
    .select(["row.id", "address", "name", "row.state", "attempts", "row.changed_at", "next_at", "message_id"])
    .select(["code", "status", "reply", "circular.state as circular"])
    .where("circular_id", "=", circularId)
    .whereRef("row.id", ">=", "first_recipient")
    .where("row.id", ">", numberOf(after ?? ""))
    .$if(states !== undefined, (query) =>
      query.where("row.state", "=", sql<SendingState>`any(${[...(states ?? [])]}::text[])`),
    )
    .orderBy("row.id")
    .limit(limit)
    .execute();
  const recipients = rows.map((row) => ({
    id: String(row.id),
    address: row.address,
    name: row.name,
    state: row.state,
    attempts: row.attempts,
    changedAt: row.changed_at.getTime(),
    nextAt: row.state === "deferred" && row.circular === "started" ? row.next_at.getTime() : null,
    messageId: row.message_id,
    reply: replyText(row),
  }));
  return { recipients, next: rows.length < limit ? null : (recipients.at(-1)?.id ?? null) };
}

/** A word of our own (the lease that ended) has no code. */
function replyText({ code, status, reply }: Pick<Tables["recipient"], "code" | "status" | "reply">): string | null {
  if (reply === null) return null;
  return code === null ? reply : formatReply({ code, status, text: reply, lines: [] });
}

interface Releasing extends CircularRecipientsOptions {
  readonly recipient: number;
  readonly now: Date;
}

async function release(
  db: Db,
  circular: LockedCircular,
  { recipient, now, slot, deadlineMs }: Releasing,
): Promise<"done" | "missing" | "not-possible" | "body-gone"> {
  const row = await db
    .selectFrom("circular_recipient")
    .select(["id", "state"])
    .where("id", "=", recipient)
    .where("circular_id", "=", circular.id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return "missing";
  if (circular.body === null) return "body-gone";
  if (row.state !== "unknown" || !["started", "paused", "done"].includes(circular.state)) return "not-possible";
  await db
    .updateTable("circular_recipient")
    .set({ state: "deferred", lease: null, lease_until: null, next_at: now, changed_at: now })
    .where("id", "=", row.id)
    .execute();
  const anew = { state: "started", finished_at: null, changed_at: now } as const;
  await db
    .updateTable("circular")
    .set({ deadline_at: new Date(now.getTime() + deadlineMs), ...(circular.state === "done" ? anew : {}) })
    .where("id", "=", circular.id)
    .execute();
  await countMoves(db, slot, [{ circularId: circular.id, from: "unknown", to: "deferred" }]);
  return "done";
}
