/**
 * A local time: what a calendar and a clock on the wall show, without a zone, as the milliseconds since 1970 that a clock in UTC
 * would show the same. A branded number, so that none is taken for an instant.
 */
export type LocalTime = number & { readonly localTime: unique symbol };

/** Milliseconds of a day of 24 hours. */
export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

/** Years that a date may have: before there is nothing to send, after it the rules of no zone are known. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2199;

/** Year, month and day from 1, milliseconds of the day. */
export interface LocalParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: number;
}

/** The local time of a date and a time of day; null where the calendar has no such day. */
export function localTime({ year, month, day, time }: LocalParts): LocalTime | null {
  if (year < FIRST_YEAR || year > LAST_YEAR || time < 0 || time >= DAY) return null;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  return asLocal(midnight.getTime() + time);
}

/** Takes a local time apart. */
export function localParts(local: LocalTime): LocalParts {
  const date = new Date(local);
  const time = local - Math.floor(local / DAY) * DAY;
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), time };
}

/** The same clock so many milliseconds on, as if no clock were ever changed. */
export const shifted = (local: LocalTime, by: number): LocalTime => asLocal(local + by);

/** Midnight of the day. */
export const midnightOf = (local: LocalTime): LocalTime => asLocal(Math.floor(local / DAY) * DAY);

/** The day of the week, 0 is Sunday. */
export const weekdayOf = (local: LocalTime): number => new Date(local).getUTCDay();

/** What a clock shows that is so many milliseconds east of UTC. */
export const localAt = (time: number, offset: number): LocalTime => asLocal(time + offset);

// The one place where a number becomes a local time: what it means is said by those who call.
const asLocal = (value: number): LocalTime => value as LocalTime;

const WALL = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?$/;

/** Reads `2026-11-30 08:00`, with or without seconds, with a blank or a T; null for anything else, or no such day or time. */
export function readWallTime(text: string): LocalTime | null {
  const found = WALL.exec(text);
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  return localTime({ year, month, day, time: hour * HOUR + minute * MINUTE + second * 1000 });
}

/** `2026-11-30 08:00`, with seconds where there are some: what {@link readWallTime} reads. */
export function wallTimeText(local: LocalTime): string {
  const iso = new Date(local).toISOString();
  const seconds = iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds === ":00" ? "" : seconds}`;
}
