import type { CircularReceipts, CircularState } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { type Kysely, sql } from "kysely";
import type { CircularRecipientsOptions } from "./add-recipients.ts";
import { numberOf } from "./circulars.ts";
import { keepFiles } from "./linked-files.ts";
import type { Db } from "./move.ts";
import { bodyAsBase64, fromBase64, toColumn } from "./octets.ts";
import { type RecipientSource, type RecipientsToRemove, removeRecipients, sourcesOf } from "./recipient-sources.ts";
import type { Tables } from "./schema.ts";
import { screenAgain } from "./screen-again.ts";
import type { NewCircular } from "./store-circular.ts";

/** Migration `0011`. */
export async function makeEdits(db: Kysely<never>): Promise<void> {
  await db.schema.alterTable("circular_recipient").addColumn("source", "text").execute();
  await db.schema.alterTable("draft").addColumn("identities", "text").execute();
}

/** A circular as it is now, to be written anew. */
export interface EditableCircular {
  readonly id: number;
  readonly state: CircularState;
  /** Whether what it says can still be changed: nothing of it has left, or will before somebody says so. */
  readonly isEditable: boolean;
  /** Of what it says, and when it leaves. */
  readonly version: string;
  /** Of the ledger, of either form; null: dropped. */
  readonly frame: Uint8Array | null;
}

/** What it is to say. */
export interface RevisedCircular
  extends Pick<NewCircular, "body" | "subject" | "tracked" | "receipts" | "fields" | "objects"> {
  readonly list: string | null;
  /** What it said when it was read. */
  readonly version: string;
  readonly now: Date;
}

/** `begun`: it is too late; `changed`: it says something else by now, or leaves at another time; `lacking`: recipients have nothing for fields that it names. */
export type Revised =
  | "done"
  | "missing"
  | "begun"
  | "changed"
  | { readonly lacking: number; readonly fields: readonly string[] };

/** Circulars of which nothing has left, as their owners write them anew. One of somebody else is `missing`. */
export interface CircularEdits {
  read(accountId: string, id: string): Promise<EditableCircular | null>;
  /** All of it, or nothing. What it says already is done. */
  revise(accountId: string, id: string, revised: RevisedCircular): Promise<Revised>;
  /** Takes its time from one that is scheduled; one that is a draft stays one. */
  withdraw(accountId: string, id: string, now: Date): Promise<"done" | "missing" | "not-possible">;
  /** Where its recipients come from; null: there is no such circular. */
  sources(accountId: string, id: string): Promise<readonly RecipientSource[] | null>;
  /** Takes recipients out of a draft. */
  remove(
    accountId: string,
    id: string,
    which: RecipientsToRemove,
  ): Promise<{ readonly removed: number; readonly recipients: number } | "missing" | "not-possible">;
}

/** The edits of an opened store. */
export function openCircularEdits(store: Store<Tables>, options: CircularRecipientsOptions): CircularEdits {
  return {
    read: (accountId, id) => store.read((db) => read(db, accountId, id)),
    revise: async (accountId, id, revised) => {
      try {
        return await store.transaction((db) => revise(db, { accountId, id, revised, options }));
      } catch (error) {
        if (error instanceof Lacking) return { lacking: error.count, fields: error.fields };
        throw error;
      }
    },
    withdraw: (accountId, id, now) => store.transaction((db) => withdraw(db, { accountId, id, now })),
    sources: (accountId, id) => store.read((db) => sourcesOf(db, accountId, id)),
    remove: (accountId, id, which) =>
      store.transaction((db) => removeRecipients(db, { accountId, id, ...which, slot: options.slot })),
  };
}

/** Nothing of the revision stays. */
class Lacking extends Error {
  override readonly name = "Lacking";
  readonly count: number;
  readonly fields: readonly string[];

  constructor(count: number, fields: readonly string[]) {
    super("recipients lack fields");
    this.count = count;
    this.fields = fields;
  }
}

type Version = Pick<Tables["circular"], "state" | "held" | "started_at" | "test_of" | "body" | "due_at">;

/** What was too late to begin has not begun. Of restored tables nobody knows that. */
function isEditable({ state, held, started_at, test_of }: Version): boolean {
  const isHeldWhole = state === "held" && held === "late" && started_at === null;
  return test_of === null && (state === "draft" || state === "scheduled" || isHeldWhole);
}

const versionOf = ({ state, body, due_at }: Version): string => [state, due_at?.getTime() ?? 0, body ?? ""].join("/");

const VERSION = ["state", "held", "started_at", "test_of", "body", "due_at"] as const;

async function read(
  db: Parameters<Parameters<Store<Tables>["read"]>[0]>[0],
  accountId: string,
  id: string,
): Promise<EditableCircular | null> {
  const row = await db
    .selectFrom("circular")
    .select(["id", ...VERSION])
    .where("id", "=", numberOf(id))
    .where("account_id", "=", accountId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const body = await db
    .selectFrom("body")
    .select((from) => bodyAsBase64(from).as("octets"))
    .where("sha256", "=", row.body ?? "")
    .executeTakeFirst();
  return {
    id: row.id,
    state: row.state,
    isEditable: isEditable(row),
    version: versionOf(row),
    frame: body === undefined ? null : fromBase64(body.octets),
  };
}

function locked(db: Db, accountId: string, id: string) {
  return (
    db
      .selectFrom("circular")
      .select(["id", "tracked", "receipts", "fields", "list", "reminds", "series", ...VERSION])
      .where("id", "=", numberOf(id))
      .where("account_id", "=", accountId)
      // Not "for update": counts and recipients refer to it, and need not wait.
      .forNoKeyUpdate()
      .executeTakeFirst()
  );
}

type Row = Awaited<ReturnType<typeof locked>> & {};

interface Revising {
  readonly accountId: string;
  readonly id: string;
  readonly revised: RevisedCircular;
  readonly options: CircularRecipientsOptions;
}

async function revise(db: Db, { accountId, id, revised, options }: Revising): Promise<Revised> {
  const row = await locked(db, accountId, id);
  if (row === undefined) return "missing";
  const { body, version, objects, now, ...said } = revised;
  // Asked again after a lost answer.
  if (row.body === body.sha256) return "done";
  if (!isEditable(row)) return "begun";
  if (versionOf(row) !== version) return "changed";
  await db
    .insertInto("body")
    .values({ sha256: body.sha256, octets: toColumn(body.octets), used_at: now })
    // Whoever drops unused bodies waits, and sees that this one is used.
    .onConflict((conflict) => conflict.column("sha256").doUpdateSet({ used_at: now }))
    .execute();
  const reminded = await listReminded(db, row);
  const list = said.list ?? reminded;
  const isScreened = isScreenedOtherwise(row, { ...said, list });
  await db
    .updateTable("circular")
    .set({ ...said, list, fields: JSON.stringify(said.fields), body: body.sha256 })
    // Who answered is looked at again, where recipients are screened again.
    .$if(isScreened, (query) => query.set({ answers_at: null }))
    .where("id", "=", row.id)
    .execute();
  await keepFiles(db, row.id, objects);
  const isNew = (field: string): boolean => !row.fields.includes(field);
  const count = await lackingAmong(db, row.id, said.fields.filter(isNew));
  if (count > 0) throw new Lacking(count, said.fields.filter(isNew));
  if (isScreened) await screenAgain(db, { ...said, id: row.id, lists: [list, reminded] }, { ...options, now });
  return "done";
}

/** A reminder spares who left the list of what it reminds of. */
async function listReminded(db: Db, { reminds }: Row): Promise<string | null> {
  if (reminds === null) return null;
  const row = await db.selectFrom("circular").select("list").where("id", "=", reminds).executeTakeFirst();
  return row?.list ?? null;
}

interface Screened {
  readonly tracked: boolean;
  readonly receipts: CircularReceipts;
  readonly list: string | null;
}

/** Whether the Message-IDs of recipients, or who of them gets it, are no longer what they were. */
const isScreenedOtherwise = (before: Screened, after: Screened): boolean =>
  before.tracked !== after.tracked ||
  before.list !== after.list ||
  (before.receipts === "none") !== (after.receipts === "none");

/** What does not count at the ends of a value: as `String.prototype.trim` has it. */
const BLANKS =
  "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

/** How many recipients have nothing for one of these; `address` and `name` are fields too. */
async function lackingAmong(db: Db, circularId: number, fields: readonly string[]): Promise<number> {
  if (fields.length === 0) return 0;
  const own = sql`jsonb_build_object('address', address, 'name', name) || fields`;
  const { count } = await db
    .selectFrom("circular_recipient")
    .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("count"))
    .where("circular_id", "=", circularId)
    .where(
      sql<boolean>`exists (select from unnest(${fields}::text[]) as wanted(field)
        where btrim(coalesce((${own}) ->> wanted.field, ''), ${BLANKS}::text) = '')`,
    )
    .executeTakeFirstOrThrow();
  return count;
}

interface Withdrawing {
  readonly accountId: string;
  readonly id: string;
  readonly now: Date;
}

async function withdraw(db: Db, { accountId, id, now }: Withdrawing): Promise<"done" | "missing" | "not-possible"> {
  const row = await locked(db, accountId, id);
  if (row === undefined) return "missing";
  if (row.state === "draft") return "done";
  if (!isEditable(row)) return "not-possible";
  await db
    .updateTable("circular")
    .set({
      ...{ state: "draft", held: null, changed_at: now },
      ...{ due_at: null, wall: null, zone: null, which: null },
      ...{ hours: null, open_from: null, open_until: null },
      ...{ every: null, every_left: null, series: null, follows: false },
    })
    .where("id", "=", row.id)
    .execute();
  return "done";
}
