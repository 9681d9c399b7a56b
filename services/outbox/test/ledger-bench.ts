import type { SendingState } from "@tamis/contracts";
import { openStore, type Store, type StoreSettings } from "@tamis/store";
import { storePlaces } from "@tamis/testkit";
import { sql } from "kysely";
import { localReply } from "../src/smtp/reply.ts";
import { type AdmittedSending, openIntake } from "../src/tables/intake.ts";
import { openOwners } from "../src/tables/owners.ts";
import { migrations, type Tables } from "../src/tables/schema.ts";
import { openTelling } from "../src/tables/telling.ts";
import { openUpkeep } from "../src/tables/upkeep.ts";
import { openWork, type Result } from "../src/tables/work.ts";

const log = { info() {}, warn() {}, error() {} };
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const at = (ms: number): Date => new Date(1_700_000_000_000 + ms);

/** As long as tests wait at most; those about lateness say their own. */
export const LATENESS = { graceMs: 40 * DAY, lateMs: 1_000 * HOUR };

const { places, stateDir } = storePlaces();

export { places };

export const openTables = (settings: StoreSettings, known = migrations): Promise<Store<Tables>> =>
  openStore<Tables>({ settings, stateDir, service: "outbox", migrations: known, log });

/** All that the tables hold, as text: the name of the table, and the row. */
export async function everythingIn(store: Store<Tables>): Promise<string> {
  return store.read(async (db) => {
    const known = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'tamis_outbox'`.execute(db);
    const lines: string[] = [];
    for (const { name } of known.rows) {
      const table = sql.table(`tamis_outbox.${name}`);
      const { rows } = await sql<{ line: string }>`select t::text as line from ${table} as t`.execute(db);
      lines.push(...rows.map(({ line }) => `${name} ${line}`));
    }
    return lines.join("\n");
  });
}

let accounts = 0;

/** The ledger, with an account of its own: what others left behind does not count. */
export const openLedger = (store: Store<Tables>) => {
  const accountId = `anna-${++accounts}`;
  const intake = openIntake(store, {
    vacation: { per_account_hour: 3, per_target_day: 2 },
    reject: { per_account_hour: 10, per_target_day: 2 },
  });
  const upkeep = openUpkeep(store);
  const owners = openOwners(store, () => DAY);
  const origin = (n: number) => ({
    accountId,
    fingerprint: `f${n}`,
    mailId: `${accountId}/0/1/${n}`,
    internalDate: at(0),
    traceparent: null,
  });
  const put = async (n: number, more: Partial<AdmittedSending> = {}, now = at(0)) => {
    const octets = Buffer.from(`Subject: ${n}\r\n\r\n\xff\x00`, "latin1");
    const sending: AdmittedSending = {
      key: "1",
      kind: "redirect",
      from: null,
      to: ["b@example.org"],
      messageId: "<m@x>",
      body: { sha256: `${accountId}/${n}`, octets },
      prefix: "X: y\r\n",
      cancelsKeep: false,
      hold: false,
      expiresAt: at(3 * DAY),
      dsn: null,
      deliverBy: null,
      fcc: null,
      ...more,
    };
    const [answer] = await intake.store(origin(n), [sending], now);
    return answer?.reason ?? answer?.state;
  };
  const states = async (): Promise<SendingState[]> =>
    (await owners.list(accountId, null, 100)).map(({ state }) => state).toReversed();
  return {
    accountId,
    intake,
    upkeep,
    owners,
    origin,
    put,
    states,
    work: openWork(store, LATENESS.graceMs),
    telling: openTelling(store),
  };
};

/** Ends all that is due, so that the next test finds nothing of it. */
export const clear = async (store: Store<Tables>): Promise<void> => {
  await store.transaction((db) => db.deleteFrom("draft").execute());
  await store.transaction((db) => db.deleteFrom("sending").execute());
  await store.transaction((db) => db.deleteFrom("body").execute());
  await store.transaction((db) => db.deleteFrom("tally").execute());
};

export const lease = (name: string, until = at(60_000)) => ({ name, until });
export const result = (id: number, state: Result["state"], nextAt = at(HOUR)): Result => ({
  id,
  state,
  reply: localReply(250, "2.0.0", "said"),
  nextAt,
});
