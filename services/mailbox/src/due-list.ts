import { z } from "zod";

/** So many instants of waking are known ahead: 2.5 KB of the 64 KB a record may have. */
const MAX_DUE = 256;
const MINUTE_MS = 60_000;

/**
 * When snoozed mails of an account wake next, and nothing of which mails they are: that, each mail says of itself by its keywords
 * in the folder. A minute too many costs a search that finds nothing.
 */
export const dueList = z.object({
  /** Where they sleep, as long as any does: another setting or special use counts for those that come later. Empty: not known. */
  mailbox: z.string(),
  /** The folder when it was looked through, RFC 9051 §2.3.1.1; 0 = not yet. */
  uidValidity: z.number(),
  /** Epoch minutes, ascending. */
  minutes: z.array(z.number()).readonly(),
  /** There may be later ones that are not in the list. */
  isPartial: z.boolean(),
  /** A wake that began and is not known to be over: where mails went, with which minutes on them, and whether that was told. */
  waking: z
    .object({
      mailboxes: z.array(z.string()).readonly(),
      minutes: z.array(z.number()).readonly(),
      isTold: z.boolean(),
    })
    .optional(),
});
export type DueList = Readonly<z.infer<typeof dueList>>;

/** Nothing is known yet of what is in the folder: it is to be looked through as soon as possible. */
export const UNKNOWN_DUE: DueList = { mailbox: "", uidValidity: 0, minutes: [], isPartial: true };

type Folder = Pick<DueList, "mailbox" | "uidValidity">;

/** Of a folder that was looked through; undefined where nothing in it wakes. */
export function dueListOf({ mailbox, uidValidity }: Folder, minutes: Iterable<number>): DueList | undefined {
  const ascending = [...new Set(minutes)].sort((a, b) => a - b);
  if (ascending.length === 0) return undefined;
  return { mailbox, uidValidity, minutes: ascending.slice(0, MAX_DUE), isPartial: ascending.length > MAX_DUE };
}

/** One more mail sleeps in this folder until this minute. */
export function withMinute(list: DueList | undefined, mailbox: string, minute: number): DueList {
  // A list that nobody looked the folder through for is complete all the same: nothing was asleep before.
  const known = list ?? { mailbox, uidValidity: 0, minutes: [], isPartial: false };
  if (known.minutes.includes(minute)) return known;
  // Behind the end of a list that is not complete there may be others before it.
  if (known.isPartial && minute > (known.minutes.at(-1) ?? 0)) return known;
  const minutes = [...known.minutes, minute].sort((a, b) => a - b);
  return { ...known, minutes: minutes.slice(0, MAX_DUE), isPartial: known.isPartial || minutes.length > MAX_DUE };
}

/** All that was due up to this minute is done. Undefined where nothing sleeps any more. */
export function afterMinute(list: DueList, minute: number): DueList | undefined {
  const minutes = list.minutes.filter((due) => due > minute);
  if (minutes.length === 0 && !list.isPartial && list.waking === undefined) return undefined;
  return { ...list, minutes };
}

/** The minutes that have begun. */
export function dueAt({ minutes }: DueList, now: number): readonly number[] {
  return minutes.filter((minute) => minute * MINUTE_MS <= now);
}

/** When something is to be done next, epoch ms; 0: now, since nobody knows. */
export function nextDueAt({ minutes: [first], isPartial, waking }: DueList): number {
  if (waking !== undefined) return 0;
  return first === undefined ? (isPartial ? 0 : Number.POSITIVE_INFINITY) : first * MINUTE_MS;
}
