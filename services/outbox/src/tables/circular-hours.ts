import type { Store } from "@tamis/store";
import {
  afterOpenTime,
  nextInside,
  nextOutside,
  type OfficeHours,
  type Opening,
  openTimeBetween,
  readOfficeHours,
} from "@tamis/when";
import { sql } from "kysely";
import { byBothClocks } from "./clocks.ts";
import type { Tables } from "./schema.ts";

/** The office hours that a circular is in, or waits for. */
export interface OpenWindow {
  readonly open_from: Date | null;
  readonly open_until: Date | null;
}

const DAY_MS = 86_400_000;
/** What is further away than the rules of office hours look. */
const FAR_MS = 400 * DAY_MS;

const openingOf = (hours: OfficeHours | null): Opening | null => {
  const read = hours === null ? null : readOfficeHours(hours);
  return read?.ok === true ? read.opening : null;
};

/** The first instant from this one on at which it may leave. */
export function opensAt(hours: OfficeHours | null, from: Date): Date {
  const opening = openingOf(hours);
  return opening === null ? from : (nextInside(opening, from) ?? new Date(from.getTime() + FAR_MS));
}

/** The office hours at an instant, or the next ones; none where it may leave whenever. */
export function windowAt(hours: OfficeHours | null, at: Date): OpenWindow {
  const opening = openingOf(hours);
  if (opening === null) return { open_from: null, open_until: null };
  const from = opensAt(hours, at);
  return { open_from: from, open_until: nextOutside(opening, from) ?? new Date(from.getTime() + FAR_MS) };
}

/** After this a circular that begins, or begins again, is tried no more: only the time counts in which it may leave. */
export function deadlineAfter(hours: OfficeHours | null, from: Date, ms: number): Date {
  const opening = openingOf(hours);
  const plain = new Date(from.getTime() + ms);
  return opening === null ? plain : (afterOpenTime(opening, from, ms) ?? plain);
}

/** How much of the time until a deadline it may leave in, ms. */
export function timeLeft(hours: OfficeHours | null, from: Date, deadline: Date): number {
  const opening = openingOf(hours);
  return opening === null ? deadline.getTime() - from.getTime() : openTimeBetween(opening, from, deadline);
}

/** Whether a circular may leave now, as a condition on `circular`. */
export const isOpenAt = (now: Date) =>
  sql<boolean>`(open_until is null or (open_from <= ${byBothClocks(now)} and open_until > ${now}))`;

/** Gives circulars whose office hours are over the next ones; resolves with how many. Any instance may do it, and several at once. */
export async function turnWindows(store: Store<Tables>, now: Date): Promise<number> {
  const over = await store.read((db) =>
    db
      .selectFrom("circular")
      .select(["id", "hours", "open_until"])
      .where("state", "in", ["started", "paused"])
      .where("open_until", "<=", now)
      .execute(),
  );
  for (const { id, hours, open_until: until } of over)
    await store.transaction((db) =>
      db
        .updateTable("circular")
        .set(windowAt(hours, now))
        .where("id", "=", id)
        .where("open_until", "=", until)
        .execute(),
    );
  return over.length;
}
