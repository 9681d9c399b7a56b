import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { PGlite } from "@electric-sql/pglite";
import { type Dialect, Kysely, PGliteDialect, PostgresDialect } from "kysely";
import { type ClientBase, Pool, type PoolConfig } from "pg";
import { lockFolder } from "./folder-lock.ts";
import { kyselyStore } from "./kysely-store.ts";
import { migrate } from "./migrate.ts";
import { type PostgresSettings, passwordOf, type StoreSettings } from "./section.ts";
import type { Migrations, Store, StoreLog } from "./types.ts";
import { unpackTar } from "./unpack-tar.ts";

export interface StoreOptions {
  /** `settings.store`. */
  readonly settings: StoreSettings;
  /** `settings.state_dir`: where PGlite's folder is when the settings name none. */
  readonly stateDir: string;
  /** The service whose tables they are: names the schema and the folder. */
  readonly service: string;
  readonly migrations: Migrations;
  readonly log: StoreLog;
  /** Ends the wait for a PostgreSQL that is not there yet. */
  readonly signal?: AbortSignal;
}

interface Opened {
  readonly dialect: Dialect;
  readonly release: () => void;
}

/**
 * Opens the tables of a service and brings them up to date. Waits for a PostgreSQL that cannot be reached, until `signal`.
 * Throws {@link FolderInUse}, or the database's own error where it refuses (no such database, no right to it, a newer Tamis's tables).
 */
export async function openStore<DB>(options: StoreOptions): Promise<Store<DB>> {
  const { settings, service, log } = options;
  const schema = `${settings.kind === "postgres" ? settings.schema_prefix : "tamis_"}${service}`;
  const { dialect, release } =
    settings.kind === "postgres" ? postgres(settings, options) : pglite(settings.folder, options);
  const db = new Kysely<DB>({ dialect });
  try {
    await migrate(db, { schema, migrations: options.migrations, log, signal: options.signal });
  } catch (error) {
    await db.destroy().catch(() => {});
    release();
    throw error;
  }
  return kyselyStore({ db: db.withSchema(schema), root: db, kind: settings.kind, release });
}

function pglite(folder: string | undefined, { stateDir, service, log }: StoreOptions): Opened {
  const path = join(folder ?? join(stateDir, "store"), service);
  const lock = lockFolder(path);
  // It does not sync to disk: a power cut may cost the last changes. Said once, so that nobody learns it the hard way.
  log.info({ folder: path, synced: false }, "store-embedded");
  return { dialect: new PGliteDialect({ pglite: () => openFolder(join(path, "data")) }), release: lock.release };
}

/** As much of the tables as is kept in memory. PostgreSQL's own 128 MB are written full of zeros at each start. */
const CACHE = ["-c", "shared_buffers=32MB"];

/**
 * A new folder begins as a copy of an empty database: to make one with initdb takes ten seconds of a processor, and PGlite's own unpacking
 * one. What was killed while it copied begins anew.
 */
async function openFolder(dataDir: string): Promise<PGlite> {
  // Loaded here only: who has PostgreSQL needs no other.
  const { PGlite: Database } = await import("@electric-sql/pglite");
  const options = { dataDir, startParams: [...Database.defaultStartParams, ...CACHE] };
  const mark = `${dataDir}.unfinished`;
  if (existsSync(mark)) rmSync(dataDir, { recursive: true, force: true });
  else if (existsSync(join(dataDir, "PG_VERSION"))) return Database.create(options);
  writeFileSync(mark, "");
  const { dataDir: emptyDatabase } = await import("@electric-sql/pglite-prepopulatedfs");
  unpackTar(new Uint8Array(await (await emptyDatabase()).arrayBuffer()), dataDir);
  const database = await Database.create(options);
  rmSync(mark);
  return database;
}

const CONNECT_MS = 10_000;
const STATEMENT_MS = 30_000;

function postgres(settings: PostgresSettings, { service, log }: StoreOptions): Opened {
  const { host, port, database, user, tls, connections } = settings;
  const config: PoolConfig = {
    host,
    port,
    database,
    user,
    // Read again for each connection: rotation needs no restart.
    password: () => passwordOf(settings) ?? "",
    max: connections,
    application_name: `tamis-${service}`,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    // A process that is stopped dead within a transaction must not keep its locks.
    idle_in_transaction_session_timeout: STATEMENT_MS,
    keepAlive: true,
    onConnect,
    ...(tls === undefined ? {} : { ssl: { ca: certificates(tls.ca_file), servername: host } }),
  };
  const pool = new Pool(config);
  // An idle connection that breaks; the next query opens another.
  pool.on("error", (error) => log.warn({ err: error }, "store-connection-lost"));
  return { dialect: new PostgresDialect({ pool }), release: () => {} };
}

/** Awaited by the pool before the first query. */
async function onConnect(client: ClientBase): Promise<void> {
  // One that breaks between two queries of a transaction: the next of them fails. Nobody listening would end the process.
  client.on("error", () => {});
  // What is answered as committed must outlive the server, whatever others on it have chosen for themselves.
  await client.query(
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
  );
}

function certificates(caFile: string | undefined): string[] {
  return caFile === undefined ? [...rootCertificates] : [readFileSync(caFile, "utf8"), ...rootCertificates];
}
