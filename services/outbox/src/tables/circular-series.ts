import type { Store } from "@tamis/store";
import { nextTime, readRecurrence } from "@tamis/when";
import { addRecipients, type CircularRecipientsOptions, numbers } from "./add-recipients.ts";
import { countsOf, totalOf } from "./circular-counts.ts";
import { opensAt, windowAt } from "./circular-hours.ts";
import { shareFiles } from "./linked-files.ts";
import type { Db } from "./move.ts";
import type { Tables } from "./schema.ts";

/** Circulars that recur. */
export interface CircularSeries {
  /**
   * Makes the next one of each that has begun and has none yet: a circular of its own, to the same recipients. Resolves with the numbers of the
   * new ones; one that cannot be made now is told, and keeps no other from it.
   */
  follow(now: Date, onFailed: (id: number, err: unknown) => void): Promise<readonly number[]>;
}

/** Recipients of one statement. */
const PAGE = 500;

/** The series was stopped meanwhile: nothing of what was made stays. */
class Stopped extends Error {
  override readonly name = "Stopped";
}

/** The series of an opened store. */
export function openCircularSeries(store: Store<Tables>, options: CircularRecipientsOptions): CircularSeries {
  return {
    async follow(now, onFailed) {
      const made: number[] = [];
      for (const before of await store.read(unfollowed)) {
        try {
          const id = await followed(store, before, { ...options, now });
          if (id !== null) made.push(id);
        } catch (error) {
          onFailed(before.id, error);
        }
      }
      return made;
    },
  };
}

const unfollowed = (db: Parameters<Parameters<Store<Tables>["read"]>[0]>[0]) =>
  db
    .selectFrom("circular")
    .select(["id", "account_id", "body", "subject", "tracked", "receipts", "list", "fields", "wall", "zone", "hours"])
    .select(["every", "every_left", "series", "reminds"])
    .where("follows", "=", true)
    .where("state", "in", ["started", "paused", "done"])
    .orderBy("id")
    .execute();

type Before = Awaited<ReturnType<typeof unfollowed>>[number];

interface Following extends CircularRecipientsOptions {
  readonly now: Date;
}

async function followed(store: Store<Tables>, before: Before, following: Following): Promise<number | null> {
  const next = nextOf(before, following.now);
  if (next === null || before.body === null) {
    await store.transaction((db) => leaveAlone(db, before.id));
    return null;
  }
  const total = totalOf((await store.read((db) => countsOf(db, [before.id]))).get(before.id) ?? {});
  // In a transaction of its own: other circulars need numbers, too, while this one is filled.
  const first = await store.transaction((db) => numbers(db, total));
  try {
    return await store.transaction((db) => make(db, { ...following, before, next, first }));
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}

const leaveAlone = (db: Db, id: number) =>
  db
    .updateTable("circular")
    .set({ follows: false })
    .where("id", "=", id)
    .where("follows", "=", true)
    .returning("id")
    .execute();

/** Times that went by meanwhile are passed over: nobody gets two letters at once. */
function nextOf({ every, wall, zone }: Before, now: Date): { readonly wall: string; readonly at: Date } | null {
  const read = readRecurrence(every ?? "");
  if (!read.ok || read.recurrence === null || wall === null || zone === null) return null;
  return nextTime(read.recurrence, { wall: wall.replace("T", " "), zone }, now);
}

interface Making extends Following {
  readonly before: Before;
  readonly next: { readonly wall: string; readonly at: Date };
  /** Number of its first recipient. */
  readonly first: number;
}

/** The key is made of the series and the time: of two instances that make it, or of one that was killed and comes again, one does. */
async function make(db: Db, making: Making): Promise<number | null> {
  const { before, next, now } = making;
  const { account_id, body, subject, tracked, receipts, list, reminds, zone, hours, every, series } = before;
  const left = before.every_left === null ? null : before.every_left - 1;
  const due = opensAt(hours, next.at);
  const stored = await db
    .insertInto("circular")
    .values({
      ...{ account_id, body, subject, tracked, receipts, list, reminds, zone, every, series, wall: next.wall },
      key: `series/${series ?? before.id}/${next.wall}`,
      state: "draft",
      fields: JSON.stringify(before.fields),
      hours: hours === null ? null : JSON.stringify(hours),
      due_at: due,
      ...windowAt(hours, due),
      every_left: left,
      follows: left !== 0,
      created_at: now,
      changed_at: now,
    })
    .onConflict((conflict) => conflict.columns(["account_id", "key"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (stored !== undefined) {
    await shareFiles(db, before.id, stored.id);
    await copyRecipients(db, stored.id, making);
  }
  // Locked from here on: whoever cancels the series comes before, and then nothing is made, or after, and finds what was.
  const marked = await leaveAlone(db, before.id);
  if (stored === undefined) return null;
  if (marked.length === 0) throw new Stopped();
  await db.updateTable("circular").set({ state: "scheduled" }).where("id", "=", stored.id).execute();
  return stored.id;
}

async function copyRecipients(db: Db, id: number, { before, first, ...adding }: Making): Promise<void> {
  const { body, tracked, receipts, list, fields } = before;
  const circular = {
    id,
    state: "draft",
    tracked,
    receipts,
    list,
    fields,
    first_recipient: null,
    started_at: null,
    changed_at: adding.now,
    body,
    hours: null,
  } as const;
  let after = 0;
  for (let count = PAGE, copied = 0; count === PAGE; copied += count) {
    const page = await db
      .selectFrom("circular_recipient")
      .select(["id", "address", "name", "fields", "source"])
      .where("circular_id", "=", before.id)
      .where("id", ">", after)
      .orderBy("id")
      .limit(PAGE)
      .execute();
    count = page.length;
    after = page.at(-1)?.id ?? after;
    const recipients = page.map(({ address, name, fields, source }, index) => ({
      line: copied + index,
      address,
      fields,
      source,
      ...(name === null ? {} : { name }),
    }));
    if (count > 0) await addRecipients(db, circular, { ...adding, recipients, first: first + copied });
  }
}
