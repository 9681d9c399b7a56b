import { setTimeout as delay } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { isConflict, isUnavailable, StoreUnavailable } from "./store-errors.ts";
import type { Store } from "./types.ts";

interface Parts<DB> {
  /** With the service's schema. */
  readonly db: Kysely<DB>;
  /** The same, as it was opened. */
  readonly root: Kysely<DB>;
  readonly kind: Store<DB>["kind"];
  readonly release: () => void;
}

const ATTEMPTS = 5;

/** The store over an opened and migrated database. */
export function kyselyStore<DB>({ db, root, kind, release }: Parts<DB>): Store<DB> {
  return {
    kind,
    read: (work) => asUnavailable(() => work(db)),
    transaction: (work) => asUnavailable(() => retried(() => db.transaction().execute(work))),
    ping: () =>
      asUnavailable(async () => {
        const began = performance.now();
        await sql`select 1`.execute(db);
        return performance.now() - began;
      }),
    async close() {
      await root.destroy();
      release();
    },
  };
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) || tries === ATTEMPTS) throw error;
      await delay(10 * 2 ** tries * (0.5 + Math.random()));
    }
  }
}

async function asUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isUnavailable(cause) || isConflict(cause))
      throw new StoreUnavailable("the database cannot be asked now", { cause });
    throw cause;
  }
}
