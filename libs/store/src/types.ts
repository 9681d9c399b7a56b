import type { Kysely, Transaction } from "kysely";
import type { Migration } from "kysely/migration";

/** Name → migration, applied in the order of the names (`0001-scripts`, `0002-…`), each once, in one transaction. Never renamed, never changed. */
export type Migrations = Readonly<Record<string, Migration>>;

/** What queries are written against: the store itself or one transaction of it. */
export type StoreHandle<DB> = Kysely<DB> | Transaction<DB>;

/** What the store says of itself: pino's call shape. */
export interface StoreLog {
  info(fields: Readonly<Record<string, unknown>>, event: string): void;
  warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  error(fields: Readonly<Record<string, unknown>>, event: string): void;
}

/** The tables of one service. Trouble of the connection is a `StoreUnavailable`; any other error of the database comes out as it is. */
export interface Store<DB> {
  readonly kind: "pglite" | "postgres";
  /** Runs queries, each in a transaction of its own. */
  read<T>(work: (db: StoreHandle<DB>) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction (read committed); resolves when it is committed. `work` may run more than once:
   * a deadlock or a serialization failure is tried again.
   */
  transaction<T>(work: (db: Transaction<DB>) => Promise<T>): Promise<T>;
  /** Round trip, ms. */
  ping(): Promise<number>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}
