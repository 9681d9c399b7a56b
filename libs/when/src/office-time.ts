import { changeBetween, instantAt, localNow, someInstant } from "./instant-of.ts";
import { DAY, type LocalTime, midnightOf, shifted } from "./local-time.ts";
import { isInside, nextInside, type Opening } from "./office-hours.ts";

/** Days that are looked at: open for longer is open for good. */
const MAX_DAYS = 400;
/** Windows that are added up: a year of days, opened twice each. */
const MAX_WINDOWS = 800;

/** The first instant from this one on at which the clocks of the zone show no office hours; null where that is more than a year away. */
export function nextOutside(opening: Opening, from: Date): Date | null {
  if (!isInside(opening, from)) return from;
  const today = midnightOf(localNow(from, opening.zone));
  for (let day = 0; day <= MAX_DAYS; day++) {
    const at = endings(opening, shifted(today, day * DAY)).find((one) => one > from);
    if (at !== undefined) return at;
  }
  return null;
}

/** The instants of a day, in their order, at which office hours end: also where clocks go forward out of them, or back before them. */
function endings(opening: Opening, midnight: LocalTime): readonly Date[] {
  const { to, zone } = opening;
  const closes = instantAt(shifted(midnight, to), zone);
  const times =
    closes.kind === "instant" ? [closes.at] : closes.kind === "twice" ? [closes.earlier, closes.later] : [closes.jump];
  const change = changeBetween(someInstant(midnight, zone), someInstant(shifted(midnight, DAY), zone), zone);
  return [...times, ...(change === null ? [] : [change])]
    .filter((at) => !isInside(opening, at))
    .sort((a, b) => a.getTime() - b.getTime());
}

interface Window {
  readonly from: number;
  /** Infinity: for good. */
  readonly to: number;
}

/** The windows from an instant on, in their order. */
function* windows(opening: Opening, from: Date): Generator<Window> {
  let at: Date | null = from;
  for (let count = 0; count < MAX_WINDOWS; count++) {
    const opens: Date | null = nextInside(opening, at);
    if (opens === null) return;
    const closes = nextOutside(opening, opens);
    yield { from: opens.getTime(), to: closes?.getTime() ?? Number.POSITIVE_INFINITY };
    if (closes === null) return;
    at = closes;
  }
}

/** Milliseconds of office hours between two instants; 0 where the second is not after the first. */
export function openTimeBetween(opening: Opening, from: Date, to: Date): number {
  let sum = 0;
  for (const window of windows(opening, from)) {
    if (window.from >= to.getTime()) break;
    sum += Math.min(window.to, to.getTime()) - window.from;
  }
  return sum;
}

/** The first instant at which so many milliseconds of office hours have passed since another; null where that is years away. */
export function afterOpenTime(opening: Opening, from: Date, ms: number): Date | null {
  let left = ms;
  for (const window of windows(opening, from)) {
    if (left <= window.to - window.from) return new Date(window.from + left);
    left -= window.to - window.from;
  }
  return null;
}
