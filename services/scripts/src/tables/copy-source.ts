import type { Store } from "@tamis/store";
import type { Tables } from "./schema.ts";

/** An account's scripts as they are to be in KV. */
export interface AccountScripts {
  /** The change they show. */
  readonly changes: number;
  readonly scripts: readonly {
    readonly name: string;
    readonly text: string;
    readonly at: number;
    readonly active: boolean;
  }[];
}

/** What the copy in KV is made from. */
export interface CopySource {
  /** `null`: this service does not know the account yet. */
  read(accountId: string): Promise<AccountScripts | null>;
  /** The copy shows the change `changes`. */
  copied(accountId: string, changes: number): Promise<void>;
  /** Accounts whose copy is older than their tables. */
  behind(limit: number): Promise<readonly string[]>;
  /** Known accounts in the order of their ids, those after `after`. */
  accounts(after: string, limit: number): Promise<readonly string[]>;
  /** Takes over scripts that were only in KV; does nothing where the account is known by now. */
  adopt(accountId: string, scripts: AccountScripts["scripts"]): Promise<boolean>;
}

export function copySource(store: Store<Tables>): CopySource {
  return {
    read: (accountId) => store.transaction((db) => readAccount(db, accountId)),
    async copied(accountId, changes) {
      await store.transaction((db) =>
        db
          .updateTable("account")
          .set({ copied: changes })
          .where("id", "=", accountId)
          .where("copied", "<", changes)
          .execute(),
      );
    },
    async behind(limit) {
      const rows = await store.read((db) =>
        db.selectFrom("account").select("id").whereRef("copied", "<", "changes").limit(limit).execute(),
      );
      return rows.map(({ id }) => id);
    },
    async accounts(after, limit) {
      const rows = await store.read((db) =>
        db.selectFrom("account").select("id").where("id", ">", after).orderBy("id").limit(limit).execute(),
      );
      return rows.map(({ id }) => id);
    },
    adopt: (accountId, scripts) => store.transaction((db) => adopt(db, accountId, scripts)),
  };
}

type Db = Parameters<Parameters<Store<Tables>["transaction"]>[0]>[0];

async function readAccount(db: Db, accountId: string): Promise<AccountScripts | null> {
  // The count first: a change that commits between the two is then copied once more, never taken for copied.
  const account = await db.selectFrom("account").select("changes").where("id", "=", accountId).executeTakeFirst();
  if (account === undefined) return null;
  const rows = await db
    .selectFrom("script")
    .select(["name", "text", "changed_at", "active"])
    .where("account_id", "=", accountId)
    .orderBy("name")
    .execute();
  const scripts = rows.map(({ name, text, changed_at, active }) => ({ name, text, at: changed_at.getTime(), active }));
  return { changes: account.changes, scripts };
}

async function adopt(db: Db, accountId: string, scripts: AccountScripts["scripts"]): Promise<boolean> {
  const made = await db
    .insertInto("account")
    .values({ id: accountId })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .execute();
  if (made.length === 0) return false;
  for (const { name, text, at, active } of scripts)
    await db
      .insertInto("script")
      .values({
        account_id: accountId,
        name,
        text,
        octets: Buffer.byteLength(text),
        active,
        changed_at: new Date(at),
      })
      .execute();
  return true;
}
