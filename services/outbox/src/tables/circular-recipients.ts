import type { CircularOutlook } from "@tamis/contracts";
import type { Store, StoreHandle } from "@tamis/store";
import { canonicalMailbox } from "../smtp/address.ts";
import { type AddedAll, addAll } from "./add-listed.ts";
import {
  type Added,
  addRecipients,
  type CircularRecipientsOptions,
  FROM_THE_START,
  type LockedCircular,
  lockCircular,
  numbers,
  type SourcedRecipient,
} from "./add-recipients.ts";
import { countMoves } from "./circular-counts.ts";
import { deadlineAfter } from "./circular-hours.ts";
import { outlookOf } from "./circular-outlook.ts";
import { type Page, type ReportPage, report } from "./circular-report.ts";
import { numberOf } from "./circulars.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";
import { openSuppressions, type Suppressions } from "./suppressions.ts";

/** A recipient as the draft is filled in for them. */
export interface Addressee {
  readonly id: number;
  readonly address: string;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly messageId: string | null;
}

/** The recipients of circulars, as their owners see and change them. */
export interface CircularRecipients extends Suppressions {
  /** To a draft. Adding the same again changes nothing: they are doubles then. */
  add(
    accountId: string,
    id: string,
    page: { readonly recipients: readonly SourcedRecipient[]; readonly now: Date },
  ): Promise<Added | "missing" | "not-possible">;
  /** However many, all at once: none is added where this is interrupted. */
  addAll(
    accountId: string,
    id: string,
    all: { readonly recipients: readonly SourcedRecipient[]; readonly now: Date },
  ): Promise<AddedAll | "missing" | "not-possible">;
  /** Who will be written to. */
  outlook(circularId: number): Promise<Omit<CircularOutlook, "size">>;
  /** The one with this address, else the first; null where there is none. */
  addressee(circularId: number, address: string | undefined): Promise<Addressee | null>;
  /** A circular of the same draft for one reader, who gets what the addressee would get, at once. Resolves with its number. */
  test(
    circularId: number,
    reader: { readonly to: string; readonly as: Addressee; readonly now: Date },
  ): Promise<number>;
  report(circularId: number, page: Page): Promise<ReportPage>;
  /** One of whom nobody knows whether the mail arrived, or who is held, is written to (again); its circular goes on if it had ended. */
  release(
    accountId: string,
    id: string,
    one: { readonly recipient: string; readonly now: Date },
  ): Promise<"done" | "missing" | "not-possible" | "body-gone">;
}

/** The recipients of an opened store. */
export function openCircularRecipients(store: Store<Tables>, options: CircularRecipientsOptions): CircularRecipients {
  return {
    add: (accountId, id, { recipients, now }) =>
      store.transaction(async (db) => {
        const circular = await lockCircular(db, accountId, id);
        if (circular === undefined) return "missing";
        if (circular.state !== "draft") return "not-possible";
        return addRecipients(db, circular, { recipients, now, ...options });
      }),
    addAll: (accountId, id, all) => addAll(store, { accountId, id }, { ...all, ...options }),
    outlook: (circularId) => store.read((db) => outlookOf(db, circularId)),
    ...openSuppressions(store),
    addressee: (circularId, address) => store.read((db) => addressee(db, circularId, address)),
    test: (circularId, reader) => store.transaction((db) => test(db, circularId, { ...reader, ...options })),
    report: (circularId, page) => store.read((db) => report(db, circularId, page)),
    release: (accountId, id, { recipient, now }) =>
      store.transaction(async (db) => {
        const circular = await lockCircular(db, accountId, id);
        if (circular === undefined) return "missing";
        return release(db, circular, { recipient: numberOf(recipient), now, ...options });
      }),
  };
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
  const { fields, ...tested } = await db
    .selectFrom("circular")
    .select(["account_id", "body", "subject", "tracked", "receipts", "fields", "list"])
    .where("id", "=", circularId)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto("circular")
    .values({
      ...tested,
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
  const reader = { address: to, mailbox: canonicalMailbox(to), name: as.name, fields: JSON.stringify(as.fields) };
  const message_id = tested.tracked ? testing.messageIdOf(number, tested.receipts) : null;
  const state = { state: "scheduled", changed_at: now, next_at: FROM_THE_START } as const;
  await db
    .insertInto("circular_recipient")
    .values({ id: number, circular_id: id, ...reader, message_id, ...state })
    .execute();
  await countMoves(db, slot, [{ circularId: id, from: null, to: "scheduled" }]);
  return id;
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
  const isReleasable = row.state === "unknown" || row.state === "held";
  if (!isReleasable || !["started", "paused", "done"].includes(circular.state)) return "not-possible";
  await db
    .updateTable("circular_recipient")
    .set({ state: "deferred", lease: null, lease_until: null, next_at: now, changed_at: now })
    .where("id", "=", row.id)
    .execute();
  const anew = { state: "started", finished_at: null, changed_at: now } as const;
  // What is left of the time of a paused one is counted from its pause.
  const from = circular.state === "paused" ? circular.changed_at : now;
  await db
    .updateTable("circular")
    .set({ deadline_at: deadlineAfter(circular.hours, from, deadlineMs), ...(circular.state === "done" ? anew : {}) })
    .where("id", "=", circular.id)
    .execute();
  await countMoves(db, slot, [{ circularId: circular.id, from: row.state, to: "deferred" }]);
  return "done";
}
