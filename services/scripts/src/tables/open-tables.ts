import type { Store } from "@tamis/store";
import type { Transaction } from "kysely";
import type { FormerText, ListedScript, Quota, ScriptTables, ScriptText } from "../script-tables.ts";
import type { Tables } from "./schema.ts";

export interface TablesOptions {
  /** Former texts that a script keeps. */
  readonly versionsKept: number;
  readonly now: () => Date;
}

type Db = Transaction<Tables>;
type PutResult = Awaited<ReturnType<ScriptTables["put"]>>;

/** The tables over an opened store. */
export function openTables(store: Store<Tables>, options: TablesOptions): ScriptTables {
  return {
    list: (accountId) => store.read((db) => listOf(db, accountId)),
    get: (accountId, name) => store.read((db) => textOf(db, accountId, name)),
    formerTexts: (accountId, name) => store.read((db) => formerTexts(db, accountId, name)),
    hasRoom: (accountId, name, quota) => store.read((db) => hasRoom(db, { accountId, name }, quota)),
    put: (accountId, script, quota) =>
      changing<PutResult>(store, accountId, async (db) => {
        if (!(await hasRoom(db, { accountId, name: script.name }, quota))) return keep({ kind: "too-many" });
        return change({ kind: "stored", active: await put(db, accountId, { ...script, ...options }) });
      }),
    activate: (accountId, name) => changing(store, accountId, (db) => activate(db, accountId, name)),
    delete: (accountId, name) => changing(store, accountId, (db) => remove(db, accountId, name)),
    rename: (accountId, from, to) => changing(store, accountId, (db) => rename(db, accountId, { from, to })),
  };
}

/** What a transaction came to, and whether it changed anything. */
interface Done<T> {
  readonly result: T;
  readonly changed: boolean;
}

const change = <T>(result: T): Done<T> => ({ result, changed: true });
const keep = <T>(result: T): Done<T> => ({ result, changed: false });

/** One change at a time per account: its row is locked first, and counts what changed. */
function changing<T>(store: Store<Tables>, accountId: string, work: (db: Db) => Promise<Done<T>>): Promise<T> {
  return store.transaction(async (db) => {
    await db
      .insertInto("account")
      .values({ id: accountId })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
    await db.selectFrom("account").select("id").where("id", "=", accountId).forUpdate().execute();
    const { result, changed } = await work(db);
    if (changed)
      await db
        .updateTable("account")
        .set((row) => ({ changes: row("changes", "+", 1) }))
        .where("id", "=", accountId)
        .execute();
    return result;
  });
}

type Reader = Parameters<Parameters<Store<Tables>["read"]>[0]>[0];

async function listOf(db: Reader, accountId: string): Promise<readonly ListedScript[]> {
  const rows = await db
    .selectFrom("script")
    .select(["name", "octets", "changed_at", "active"])
    .where("account_id", "=", accountId)
    .orderBy("name")
    .execute();
  return rows.map(({ name, octets, changed_at, active }) => ({ name, octets, at: changed_at.getTime(), active }));
}

async function textOf(db: Reader, accountId: string, name: string): Promise<ScriptText | null> {
  const row = await db
    .selectFrom("script")
    .select(["name", "text", "changed_at", "active"])
    .where("account_id", "=", accountId)
    .where("name", "=", name)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { name: row.name, text: row.text, at: row.changed_at.getTime(), active: row.active };
}

async function formerTexts(db: Reader, accountId: string, name: string): Promise<readonly FormerText[]> {
  const rows = await db
    .selectFrom("former_text")
    .innerJoin("script", "script.id", "former_text.script_id")
    .select(["former_text.version", "former_text.text", "former_text.changed_at"])
    .where("script.account_id", "=", accountId)
    .where("script.name", "=", name)
    .orderBy("former_text.version", "desc")
    .execute();
  return rows.map(({ version, text, changed_at }) => ({ number: version, text, at: changed_at.getTime() }));
}

async function hasRoom(
  db: Reader,
  { accountId, name }: { readonly accountId: string; readonly name: string },
  quota: Quota,
): Promise<boolean> {
  const { others } = await db
    .selectFrom("script")
    .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("others"))
    .where("account_id", "=", accountId)
    .where("name", "!=", name)
    .executeTakeFirstOrThrow();
  return others < quota.scripts;
}

interface NewText extends TablesOptions {
  readonly name: string;
  readonly text: string;
}

async function put(db: Db, accountId: string, { name, text, versionsKept, now }: NewText): Promise<boolean> {
  const before = await db
    .selectFrom("script")
    .select(["id", "text", "version", "active", "changed_at"])
    .where("account_id", "=", accountId)
    .where("name", "=", name)
    .executeTakeFirst();
  const fresh = { text, octets: Buffer.byteLength(text), changed_at: now() };
  if (before === undefined) {
    await db
      .insertInto("script")
      .values({ account_id: accountId, name, ...fresh })
      .execute();
    return false;
  }
  const version = before.version + 1;
  if (before.text === text) return before.active;
  await db
    .insertInto("former_text")
    .values({ script_id: before.id, version: before.version, text: before.text, changed_at: before.changed_at })
    .execute();
  await db
    .deleteFrom("former_text")
    .where("script_id", "=", before.id)
    .where("version", "<", version - versionsKept)
    .execute();
  await db
    .updateTable("script")
    .set({ ...fresh, version })
    .where("id", "=", before.id)
    .execute();
  return before.active;
}

async function activate(db: Db, accountId: string, name: string | null): Promise<Done<"done" | "missing">> {
  if (name !== null && (await textOf(db, accountId, name)) === null) return keep("missing");
  // First the old one: two are never active, not even for the length of a statement.
  await db
    .updateTable("script")
    .set({ active: false })
    .where("account_id", "=", accountId)
    .where("active", "=", true)
    .execute();
  if (name !== null)
    await db
      .updateTable("script")
      .set({ active: true })
      .where("account_id", "=", accountId)
      .where("name", "=", name)
      .execute();
  return change("done");
}

async function remove(db: Db, accountId: string, name: string): Promise<Done<"deleted" | "missing" | "active">> {
  const found = await textOf(db, accountId, name);
  if (found === null) return keep("missing");
  if (found.active) return keep("active");
  await db.deleteFrom("script").where("account_id", "=", accountId).where("name", "=", name).execute();
  return change("deleted");
}

async function rename(
  db: Db,
  accountId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Done<"renamed" | "missing" | "exists">> {
  if ((await textOf(db, accountId, from)) === null) return keep("missing");
  if ((await textOf(db, accountId, to)) !== null) return keep("exists");
  await db
    .updateTable("script")
    .set({ name: to })
    .where("account_id", "=", accountId)
    .where("name", "=", from)
    .execute();
  return change("renamed");
}
