import { someInstant } from "./instant-of.ts";
import {
  DAY,
  LAST_YEAR,
  type LocalTime,
  localParts,
  localTime,
  midnightOf,
  readWallTime,
  shifted,
  wallTimeText,
  weekdayOf,
} from "./local-time.ts";
import type { Recurrence, Step } from "./recurrence.ts";
import { isTimeZone } from "./zones.ts";

/** When it happens next. */
export interface NextTime {
  /** `2026-11-30 08:00`: the truth, with the zone. */
  readonly wall: string;
  /** The instant, by what is known of the zone today. A time that clocks show twice is the first, one that they never show the one after (03:30 for 02:30). */
  readonly at: Date;
}

/** Steps that are looked at: outage and restore may lie behind, but no rule needs more to reach a time. */
const MAX_STEPS = 50_000;

/**
 * The next time of a rule.
 * @param last the wall time of the last time: the rule counts from it, and keeps its time of day
 * @returns null where the rule has ended, never comes to a day, or wall time or zone are none
 */
export function nextTime(
  recurrence: Recurrence,
  last: { readonly wall: string; readonly zone: string },
  now: Date,
): NextTime | null {
  const anchor = readWallTime(last.wall);
  if (anchor === null || !isTimeZone(last.zone)) return null;
  for (let count = 1; count <= MAX_STEPS; count++) {
    const stepped = step(recurrence.step, anchor, count * recurrence.every);
    if (stepped === "none") continue;
    if (stepped === "over") return null;
    // A day or an hour that is not allowed becomes the next one that is.
    const local = allowed(recurrence, stepped);
    const at = someInstant(local, last.zone);
    if (recurrence.until !== null && at.getTime() > recurrence.until) return null;
    if (local > anchor && at > now) return { wall: wallTimeText(local), at };
  }
  return null;
}

/** The time so many steps after another; `none`: there is no such day in that month. */
function step(by: Step, anchor: LocalTime, count: number): LocalTime | "none" | "over" {
  const { year, month, day, time } = localParts(anchor);
  switch (by.kind) {
    case "daily":
    case "weekly": {
      const local = shifted(anchor, count * (by.kind === "daily" ? 1 : 7) * DAY);
      return localParts(local).year > LAST_YEAR ? "over" : local;
    }
    case "monthly":
      return inMonth({ year, month: month + count, time }, ({ last }) => Math.min(by.day, last));
    case "monthly-weekday":
      return inMonth(
        { year, month: month + count, time },
        ({ first }) => 1 + ((by.weekday - first + 7) % 7) + (by.week - 1) * 7,
      );
    case "yearly": {
      // QUIRK: Send Later counts months from 0; whoever counts from 1 shows it by the first time.
      const isFromOne = by.month === month && by.day === day;
      const of = isFromOne ? by.month : by.month + 1;
      return inMonth({ year: year + count, month: of, time }, ({ last }) => Math.min(by.day, last));
    }
    default:
      return by satisfies never;
  }
}

interface Month {
  readonly year: number;
  /** From 1; beyond 12 it is one of a later year. */
  readonly month: number;
  readonly time: number;
}

function inMonth(
  { year, month, time }: Month,
  dayOf: (of: { readonly first: number; readonly last: number }) => number,
): LocalTime | "none" | "over" {
  const start = new Date(Date.UTC(year, month - 1, 1));
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = dayOf({ first: start.getUTCDay(), last });
  if (start.getUTCFullYear() > LAST_YEAR) return "over";
  if (day > last) return "none";
  return localTime({ year: start.getUTCFullYear(), month: start.getUTCMonth() + 1, day, time }) ?? "over";
}

/** The first time from this one on that lies between the hours, on one of the days. */
function allowed({ between, on }: Recurrence, from: LocalTime): LocalTime {
  let local = from;
  const time = localParts(local).time;
  if (between !== null && time < between.from) local = shifted(midnightOf(local), between.from);
  else if (between !== null && time > between.to) local = shifted(midnightOf(local), DAY + between.from);
  const days = new Set(on ?? []);
  while (on !== null && !days.has(weekdayOf(local))) local = shifted(local, DAY);
  return local;
}
