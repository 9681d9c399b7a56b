import type { Store } from "@tamis/store";
import { type ExpressionBuilder, type Kysely, sql } from "kysely";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** Attachments of circulars in the object store. */
export interface LinkedFileTable {
  linked_file: {
    /** Its name in the store. */
    readonly object: string;
    /** How long its links work after the mail was made. */
    readonly days: number;
    readonly stored_at: Date;
    /** From when no link to it works; null: mails with links to it may still leave. */
    readonly over_at: Date | null;
  };
  /** Which circulars link to it: the one that it was stored for, and those that say the same again. */
  linked_file_use: {
    readonly object: string;
    readonly circular_id: number;
  };
}

/** Migration `0009`. */
export async function makeLinkedFiles(db: Kysely<never>): Promise<void> {
  await db.schema
    .createTable("linked_file")
    .addColumn("object", "text", (column) => column.primaryKey())
    .addColumn("days", "integer", (column) => column.notNull())
    .addColumn("stored_at", "timestamptz", (column) => column.notNull())
    .addColumn("over_at", "timestamptz")
    .execute();
  await db.schema
    .createTable("linked_file_use")
    .addColumn("object", "text", (column) => column.notNull().references("linked_file.object").onDelete("cascade"))
    .addColumn("circular_id", "integer", (column) => column.notNull().references("circular.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("linked_file_used_once", ["object", "circular_id"])
    .execute();
  await db.schema.createIndex("linked_file_use_of").on("linked_file_use").column("circular_id").execute();
  await db.schema.alterTable("circular_recipient").addColumn("sealing", "jsonb").execute();
}

/** Which attachments are in the object store, and until when. */
export interface LinkedFiles {
  /** They are about to be put there. Committed before: what is put, and then taken by no circular, can be found again. */
  announce(files: readonly { readonly object: string; readonly days: number }[], now: Date): Promise<void>;
  /** Objects that nobody can fetch any more, or that no circular took, at most so many. What has links to them is not kept either. */
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

/** A circular takes its files, in the transaction in which it is made. */
export async function useFiles(db: Db, circularId: number, objects: readonly string[]): Promise<void> {
  if (objects.length === 0) return;
  await db
    .insertInto("linked_file_use")
    .values(objects.map((object) => ({ object, circular_id: circularId })))
    .execute();
}

/** A circular has these files, and no others any more. */
export async function keepFiles(db: Db, circularId: number, objects: readonly string[]): Promise<void> {
  await db
    .deleteFrom("linked_file_use")
    .where("circular_id", "=", circularId)
    .where("object", "!=", sql<string>`all(${objects}::text[])`)
    .execute();
  if (objects.length === 0) return;
  await db
    .insertInto("linked_file_use")
    .values(objects.map((object) => ({ object, circular_id: circularId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The files of one circular are those of another too, which says the same. */
export async function shareFiles(db: Db, from: number, to: number): Promise<void> {
  await db
    .insertInto("linked_file_use")
    .columns(["object", "circular_id"])
    .expression((row) =>
      row
        .selectFrom("linked_file_use")
        .select(["object", sql<number>`${to}::int`.as("circular_id")])
        .where("circular_id", "=", from),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Whether a file of the circular may be deleted already. Locked: whoever deletes waits, and sees whoever shares them. */
export async function areFilesOver(db: Db, circularId: number, now: Date): Promise<boolean> {
  const files = await db
    .selectFrom("linked_file")
    .select("over_at")
    .where("object", "in", (row) =>
      row.selectFrom("linked_file_use").select("object").where("circular_id", "=", circularId),
    )
    .orderBy("object")
    .forNoKeyUpdate()
    .execute();
  return files.some(({ over_at: overAt }) => overAt !== null && overAt < now);
}

const inUse = (row: ExpressionBuilder<Tables, "linked_file">) =>
  row.exists(
    row
      .selectFrom("linked_file_use")
      .innerJoin("circular", "circular.id", "circular_id")
      .select("circular_id")
      .whereRef("linked_file_use.object", "=", "linked_file.object")
      .where("finished_at", "is", null),
  );

/** What has links to what is deleted cannot be said again. */
async function forgetBodies(db: Db, objects: readonly string[]): Promise<void> {
  if (objects.length === 0) return;
  await db
    .updateTable("circular")
    .set({ body: null })
    .where("id", "in", (row) =>
      row
        .selectFrom("linked_file_use")
        .select("circular_id")
        .where("object", "in", [...objects]),
    )
    .execute();
}

async function tellOver(db: Db): Promise<void> {
  // Of circulars that go on after their end, as someone was released, or are said again, it is later by then.
  const end = sql<Date | null>`case when bool_or(finished_at is null) then null else max(finished_at) end`;
  await db
    .with("used", (cte) =>
      cte
        .selectFrom("linked_file_use")
        .innerJoin("circular", "circular.id", "circular_id")
        .select(["object", end.as("end")])
        .groupBy("object"),
    )
    .updateTable("linked_file")
    .from("used")
    .set((row) => ({
      over_at: sql<Date | null>`${row.ref("used.end")} + make_interval(days => ${row.ref("linked_file.days")} + ${MARGIN_DAYS}::int)`,
    }))
    .whereRef("used.object", "=", "linked_file.object")
    .execute();
}

async function over(db: Db, now: Date, limit: number): Promise<readonly string[]> {
  await tellOver(db);
  const untaken = new Date(now.getTime() - UNTAKEN_MS);
  const rows = await db
    .selectFrom("linked_file")
    .select("object")
    .where((row) =>
      row.or([
        // Told anew: one that was said again at this moment is seen now.
        row.and([row("over_at", "<", now), row.not(inUse(row))]),
        row.and([
          row("over_at", "is", null),
          row("stored_at", "<", untaken),
          row.not(
            row.exists(
              row
                .selectFrom("linked_file_use")
                .select("circular_id")
                .whereRef("linked_file_use.object", "=", "linked_file.object"),
            ),
          ),
        ]),
      ]),
    )
    .limit(limit)
    .execute();
  const objects = rows.map(({ object }) => object);
  await forgetBodies(db, objects);
  return objects;
}
