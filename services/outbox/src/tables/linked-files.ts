import type { Store } from "@tamis/store";
import { type Kysely, sql } from "kysely";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** Attachments of circulars in the object store. */
export interface LinkedFileTable {
  linked_file: {
    /** Its name in the store. */
    readonly object: string;
    /** Whose it is; null: no circular took it yet, or that one is gone. */
    readonly circular_id: number | null;
    /** How long its links work after the mail was made. */
    readonly days: number;
    readonly stored_at: Date;
    /** From when no link to it works; null: mails with links to it may still leave. */
    readonly over_at: Date | null;
  };
}

/** Migration `0009`. */
export async function makeLinkedFiles(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("linked_file")
    .addColumn("object", "text", (column) => column.primaryKey())
    .addColumn("circular_id", "integer", (column) => column.references("circular.id").onDelete("set null"))
    .addColumn("days", "integer", (column) => column.notNull())
    .addColumn("stored_at", "timestamptz", (column) => column.notNull())
    .addColumn("over_at", "timestamptz")
    .execute();
  await db.schema.createIndex("linked_file_of").on("linked_file").column("circular_id").execute();
  await db.schema.alterTable("circular_recipient").addColumn("sealing", "jsonb").execute();
}

/** Which attachments are in the object store, and until when. */
export interface LinkedFiles {
  /** They are about to be put there. Committed before: what is put, and then taken by no circular, can be found again. */
  announce(files: readonly { readonly object: string; readonly days: number }[], now: Date): Promise<void>;
  /** Objects that nobody can fetch any more, or that no circular took, at most so many. */
  over(now: Date, limit: number): Promise<readonly string[]>;
  /** They are not there any more. */
  forget(objects: readonly string[]): Promise<void>;
}

/** A circular takes its files in a moment; what was not taken by then never is. */
const UNTAKEN_MS = 3_600_000;
/** A link works to the end of its last day, wherever that ends last. */
const MARGIN_DAYS = 2;

/** The linked files of an opened store. */
export function openLinkedFiles(store: Store<Tables>): LinkedFiles {
  return {
    async announce(files, now) {
      await store.transaction((db) =>
        db
          .insertInto("linked_file")
          .values(files.map(({ object, days }) => ({ object, days, stored_at: now })))
          .execute(),
      );
    },
    over: (now, limit) => store.transaction((db) => over(db, now, limit)),
    async forget(objects) {
      if (objects.length === 0) return;
      await store.transaction((db) =>
        db
          .deleteFrom("linked_file")
          .where("object", "in", [...objects])
          .execute(),
      );
    },
  };
}

async function over(db: Db, now: Date, limit: number): Promise<readonly string[]> {
  // Of a circular that goes on after its end, as someone was released, it is later by then.
  await db
    .updateTable("linked_file")
    .from("circular")
    .set((row) => ({
      over_at: sql<Date | null>`${row.ref("circular.finished_at")} + make_interval(days => ${row.ref("linked_file.days")} + ${MARGIN_DAYS}::int)`,
    }))
    .whereRef("circular.id", "=", "linked_file.circular_id")
    .where("circular.finished_at", "is not", null)
    .execute();
  const untaken = new Date(now.getTime() - UNTAKEN_MS);
  const rows = await db
    .selectFrom("linked_file")
    .select("object")
    .where((row) =>
      row.or([
        row("over_at", "<", now),
        row.and([row("circular_id", "is", null), row("over_at", "is", null), row("stored_at", "<", untaken)]),
      ]),
    )
    .limit(limit)
    .execute();
  return rows.map(({ object }) => object);
}
