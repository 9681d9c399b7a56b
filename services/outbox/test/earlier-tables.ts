import type { Store, StoreSettings } from "@tamis/store";
import { sql } from "kysely";
import { migrations, type Tables } from "../src/tables/schema.ts";
import { openTables } from "./ledger-bench.ts";

/** The versions that there were, the oldest first. */
export const versions: readonly string[] = Object.keys(migrations).toSorted();

type PostgresSettings = Extract<StoreSettings, { readonly kind: "postgres" }>;

const T = "to_timestamp(1700000000)";

/** What an installation held when a version made room for it, as that version wrote it. */
const held: Readonly<Record<string, readonly string[]>> = {
  "0001-ledger": [
    `insert into body values ('b', convert_to('Subject: x', 'UTF8'), ${T})`,
    `insert into sending (account_id, fingerprint, key, kind, mail_id, message_id, body, prefix, internal_date, cancels_keep, stored_at, expires_at)
     values ('anna', 'f', '1', 'vacation', 'anna/0/1/1', '<m@x>', 'b', 'X: y' || chr(13) || chr(10), ${T}, false, ${T}, ${T} + interval '3 days')`,
    `insert into recipient (sending_id, address, mailbox, state, changed_at, next_at)
     select id, 'b@example.org', 'b@example.org', 'scheduled', ${T}, ${T} from sending`,
    "insert into tally values ('scheduled', 1)",
  ],
  "0002-filings": [
    `insert into filing (sending_id, mailbox, "create", flags, due_at) select id, 'Sent', true, '[]', ${T} from sending`,
  ],
  "0003-circulars": [
    `insert into circular (account_id, key, state, body, subject, tracked, fields, created_at, due_at, started_at, deadline_at, changed_at)
     values ('direction', '1', 'started', 'b', 'x', true, '[]', ${T}, ${T}, ${T}, ${T} + interval '1 day', ${T})`,
    `insert into circular_recipient (id, circular_id, address, mailbox, fields, message_id, state, changed_at, next_at)
     select 900, id, 'c@example.org', 'c@example.org', '{}', '<900@x>', 'scheduled', ${T}, ${T} from circular`,
    "insert into circular_count select id, 0, 'scheduled', 1 from circular",
  ],
  "0006-drafts": [
    `insert into draft (account_id, name, sha256, fingerprint, internal_date, address, subject, state, envelope_from, recipients, body, wall, zone,
       due_at, ends_on_reply, occurrence, sending_id, step_at, changed_at)
     select account_id, 'n', 's', 'p', ${T}, 'anna@example.org', 'x', 'scheduled', 'anna@example.org', '[]', 'b', '2023-11-14 23:13', 'Europe/Paris',
       ${T}, false, 1, id, ${T}, ${T} from sending`,
  ],
};

/** Tables as they were at a version, filled as each one until then would have, and brought up to date. */
export async function fromVersion(version: string, settings: PostgresSettings): Promise<Store<Tables>> {
  const before = versions.slice(0, versions.indexOf(version) + 1);
  const known = Object.entries(migrations).filter(([name]) => before.includes(name));
  const store = await openTables(settings, Object.fromEntries(known));
  await store.transaction(async (db) => {
    await sql`set local search_path to ${sql.ref(`${settings.schema_prefix}outbox`)}`.execute(db);
    for (const statement of before.flatMap((name) => held[name] ?? [])) await sql.raw(statement).execute(db);
  });
  await store.close();
  return await openTables(settings);
}
