import { setTimeout as delay } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { codeOf, isUnavailable } from "./store-errors.ts";
import type { Migrations, StoreLog } from "./types.ts";

export interface MigrateOptions {
  readonly schema: string;
  readonly migrations: Migrations;
  readonly log: StoreLog;
  readonly signal?: AbortSignal | undefined;
}

const WAIT_MS = 1_000;

/** Makes the schema and applies what is new. Instances that start together wait for one another (an advisory lock of Kysely's). */
export async function migrate<DB>(db: Kysely<DB>, options: MigrateOptions): Promise<void> {
  const { signal, log } = options;
  let told = false;
  for (;;) {
    try {
      return await migrateOnce(db, options);
    } catch (error) {
      if (!isUnavailable(error) || signal?.aborted === true) throw error;
      if (!told) log.warn({ code: codeOf(error) }, "store-waiting");
      told = true;
    }
    await delay(WAIT_MS, undefined, signal === undefined ? {} : { signal });
  }
}

async function migrateOnce<DB>(db: Kysely<DB>, { schema, migrations, log }: MigrateOptions): Promise<void> {
  await makeSchema(db, schema);
  const migrator = new Migrator({
    db: db.withSchema(schema),
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: schema,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  for (const { migrationName, status } of results)
    if (status === "Success") log.info({ schema, migration: migrationName }, "store-migrated");
  if (error === undefined) return;
  const failed = results.find(({ status }) => status === "Error")?.migrationName;
  if (isUnavailable(error)) throw error;
  const what = failed === undefined ? "cannot be brought up to date" : `refuse the migration ${failed}`;
  throw new Error(`the tables of ${schema} ${what}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}

/** Asked first: who has no right to make schemas may still use one that an administrator made. */
async function makeSchema<DB>(db: Kysely<DB>, schema: string): Promise<void> {
  const found = await sql<{ found: number }>`select 1 as found from pg_namespace where nspname = ${schema}`.execute(db);
  if (found.rows.length > 0) return;
  try {
    await db.schema.createSchema(schema).ifNotExists().execute();
  } catch (error) {
    // Two instances that make it at the same moment: PostgreSQL tells one of them so.
    if (!["23505", "42P06"].includes(codeOf(error))) throw error;
  }
}
