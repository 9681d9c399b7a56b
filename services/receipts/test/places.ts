import { join } from "node:path";
import { openStore, type Store, type StoreSettings } from "@tamis/store";
import { storePlaces } from "@tamis/testkit";
import { sql } from "kysely";
import { migrations, type Tables } from "../src/tables/schema.ts";

const log = { info() {}, warn() {}, error() {} };

/** Where the tables may be. */
const { places, stateDir } = storePlaces();

export { places };

/** All that the tables hold, as text. */
export async function everythingIn(store: Store<Tables>): Promise<string> {
  return store.read(async (db) => {
    const known = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'tamis_receipts'`.execute(db);
    const lines: string[] = [];
    for (const { name } of known.rows) {
      const table = sql.table(`tamis_receipts.${name}`);
      const { rows } = await sql<{ line: string }>`select t::text as line from ${table} as t`.execute(db);
      lines.push(...rows.map(({ line }) => `${name} ${line}`));
    }
    return lines.join("\n");
  });
}

export const openTables = (settings: StoreSettings, known = migrations): Promise<Store<Tables>> =>
  openStore<Tables>({ settings, stateDir, service: "receipts", migrations: known, log });

/** Other tables beside these: opened by a version that knew only these migrations, and by this one. */
export function openEarlier(settings: StoreSettings, names: readonly string[]) {
  const elsewhere: StoreSettings =
    settings.kind === "postgres"
      ? { ...settings, schema_prefix: "earlier_" }
      : { ...settings, folder: join(stateDir, "earlier") };
  const known = Object.fromEntries(Object.entries(migrations).filter(([name]) => names.includes(name)));
  return { earlier: () => openTables(elsewhere, known), later: () => openTables(elsewhere) };
}
