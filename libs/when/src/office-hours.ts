import { changeBetween, instantAt, localNow, someInstant } from "./instant-of.ts";
import {
  DAY,
  HOUR,
  type LocalTime,
  MINUTE,
  midnightOf,
  readWallTime,
  shifted,
  wallTimeText,
  weekdayOf,
} from "./local-time.ts";
import { isTimeZone } from "./zones.ts";

/** When something may leave: some hours of some days. */
export interface OfficeHours {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** `08:00`: from that minute on. */
  readonly from: string;
  /** `18:00`: up to that minute, which is outside; `24:00` is the end of the day. */
  readonly to: string;
  readonly zone: string;
  /** Days on which nothing leaves, `2026-12-25`. */
  readonly closed?: readonly string[];
}

/** Why hours are none. */
export type OfficeHoursFault = "no-days" | "bad-hours" | "unknown-zone" | "bad-closed-day";

/** Office hours that were read: what they hold, {@link nextInside} says. */
export interface Opening {
  readonly days: ReadonlySet<number>;
  /** Milliseconds of the day. */
  readonly from: number;
  readonly to: number;
  readonly zone: string;
  readonly closed: ReadonlySet<string>;
}

/** Reads office hours, once for many questions. */
export function readOfficeHours(
  hours: OfficeHours,
): { readonly ok: true; readonly opening: Opening } | { readonly ok: false; readonly fault: OfficeHoursFault } {
  const { days, zone, closed = [] } = hours;
  const refuse = (fault: OfficeHoursFault) => ({ ok: false as const, fault });
  const [from, to] = [timeOfDay(hours.from), timeOfDay(hours.to)];
  if (days.length === 0 || !days.every((day) => Number.isInteger(day) && day >= 0 && day <= 6))
    return refuse("no-days");
  if (from === null || to === null || from >= to) return refuse("bad-hours");
  if (!isTimeZone(zone)) return refuse("unknown-zone");
  if (!closed.every((day) => readWallTime(`${day} 00:00`) !== null)) return refuse("bad-closed-day");
  return { ok: true, opening: { days: new Set(days), from, to, zone, closed: new Set(closed) } };
}

function timeOfDay(text: string): number | null {
  const found = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  const time = found === null ? DAY + 1 : Number(found[1]) * HOUR + Number(found[2]) * MINUTE;
  return time > DAY ? null : time;
}

/** Days that are looked at: closed for longer is closed for good. */
const MAX_DAYS = 400;

/** The first instant from this one on at which the clocks of the zone show office hours; null where that is more than a year away. */
export function nextInside(opening: Opening, from: Date): Date | null {
  if (isInside(opening, from)) return from;
  const today = midnightOf(localNow(from, opening.zone));
  for (let day = 0; day <= MAX_DAYS; day++) {
    const midnight = shifted(today, day * DAY);
    const at = isOpenOn(opening, midnight) ? beginnings(opening, midnight).find((one) => one > from) : undefined;
    if (at !== undefined) return at;
  }
  return null;
}

/** The instants of a day, in their order, at which office hours begin: again, where clocks go back into them. */
function beginnings(opening: Opening, midnight: LocalTime): readonly Date[] {
  const { from, zone } = opening;
  const opens = instantAt(shifted(midnight, from), zone);
  const times =
    opens.kind === "instant" ? [opens.at] : opens.kind === "twice" ? [opens.earlier, opens.later] : [opens.jump];
  const change = changeBetween(someInstant(midnight, zone), someInstant(shifted(midnight, DAY), zone), zone);
  return [...times, ...(change === null ? [] : [change])]
    .filter((at) => isInside(opening, at))
    .sort((a, b) => a.getTime() - b.getTime());
}

/** Whether the clocks of the zone show office hours at that instant. */
export function isInside(opening: Opening, at: Date): boolean {
  const local = localNow(at, opening.zone);
  const midnight = midnightOf(local);
  const time = local - midnight;
  return time >= opening.from && time < opening.to && isOpenOn(opening, midnight);
}

function isOpenOn({ days, closed }: Opening, midnight: LocalTime): boolean {
  return days.has(weekdayOf(midnight)) && !closed.has(wallTimeText(midnight).slice(0, 10));
}
