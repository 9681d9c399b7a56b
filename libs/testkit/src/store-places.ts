import { after, before } from "node:test";
import { tempDir } from "./guard.ts";
import { type PostgresServer, startPostgres } from "./start-postgres.ts";

/** As `store:` in tamis.yaml has it. */
export type StorePlaceSettings =
  | {
      readonly kind: "postgres";
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly user: string;
      readonly schema_prefix: string;
      readonly connections: number;
    }
  | { readonly kind: "pglite" };

export interface StorePlace {
  readonly name: string;
  /** To be asked for within a test. */
  readonly settings: () => StorePlaceSettings;
}

/** Where the tables of a service may be, for tests of both: a PostgreSQL for as long as the test file runs, and a folder for PGlite. */
export function storePlaces(): { readonly stateDir: string; readonly places: readonly StorePlace[] } {
  const dir = tempDir("tamis-store-places");
  let postgres: PostgresServer;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => {
    await postgres.stop();
    dir.remove();
  });
  const inPostgres = (): StorePlaceSettings => ({
    kind: "postgres",
    host: postgres.socketDir,
    port: postgres.port,
    database: postgres.database,
    user: postgres.user,
    schema_prefix: "tamis_",
    connections: 8,
  });
  return {
    stateDir: dir.path,
    places: [
      { name: "PostgreSQL", settings: inPostgres },
      { name: "PGlite", settings: () => ({ kind: "pglite" }) },
    ],
  };
}
