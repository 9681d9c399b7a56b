import { after, before } from "node:test";
import { openStore, type Store, type StoreSettings } from "@tamis/store";
import { type PostgresServer, startPostgres, tempDir } from "@tamis/testkit";
import { migrations, type Tables } from "../src/tables/schema.ts";

const log = { info() {}, warn() {}, error() {} };

let postgres: PostgresServer;
const dir = tempDir("tamis-receipts");
before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await postgres.stop();
  dir.remove();
});

/** Where the tables may be. */
export const places: readonly { readonly name: string; readonly settings: () => StoreSettings }[] = [
  {
    name: "PostgreSQL",
    settings: () => ({
      kind: "postgres",
      host: postgres.socketDir,
      port: postgres.port,
      database: postgres.database,
      user: postgres.user,
      schema_prefix: "tamis_",
      connections: 8,
    }),
  },
  { name: "PGlite", settings: () => ({ kind: "pglite" }) },
];

export const openTables = (settings: StoreSettings): Promise<Store<Tables>> =>
  openStore<Tables>({ settings, stateDir: dir.path, service: "receipts", migrations, log });
