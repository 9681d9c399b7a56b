import { type Instant, instantAt, localNow, wallTimeOf } from "./instant-of.ts";
import {
  DAY,
  type LocalTime,
  localParts,
  localTime,
  MINUTE,
  midnightOf,
  shifted,
  wallTimeText,
  weekdayOf,
} from "./local-time.ts";
import { Remaining } from "./remaining.ts";
import { readClock } from "./said-clock.ts";
import { readDay, type SaidDay } from "./said-day.ts";
import { FILLERS, plainWords, units } from "./words.ts";
import { zoneIn } from "./zone-names.ts";
import { isTimeZone } from "./zones.ts";

/** Why a text is no time. */
export type SaidTimeFault =
  | "not-understood"
  | "no-time"
  | "no-such-day"
  | "no-such-time"
  | "unknown-zone"
  | "past"
  | "too-far"
  | "other-weekday";

/** What a text says. */
export type SaidTime =
  | {
      readonly kind: "time";
      /** `2026-11-30 08:00`: what {@link instantOf} takes. */
      readonly wall: string;
      /** The zone that the text names, else the one it was read in. */
      readonly zone: string;
      readonly instant: Exclude<Instant, { kind: "fault" }>;
    }
  /** `word`: what of the text is meant. */
  | { readonly kind: "fault"; readonly fault: SaidTimeFault; readonly word: string };

/** When, and where, a text is read. */
export interface Reading {
  readonly now: Date;
  readonly zone: string;
}

/** Longest text that is read. */
const MAX_TEXT = 200;

/** How far ahead anything is sent: two years, so that a slip of the keyboard is none. */
const MAX_AHEAD_DAYS = 731;

const fault = (kind: SaidTimeFault, word = ""): SaidTime => ({ kind: "fault", fault: kind, word: word.trim() });

/**
 * Reads a time as people say it, in English or French: `2026-11-30 08:00`, `30/11/2026 8h` (the day first), `lundi 8:00`, `Monday 8am`, `demain 8h30`,
 * `le 30 novembre à midi`, `in 2 hours`, `dans 3 jours à 8h`, with a zone at the end (`Europe/Paris`, `Paris`, `UTC`) or without. A day of the week
 * is the next one on which that time is still to come; `prochain` and `next` are not today.
 */
export function readSaidTime(text: string, { now, zone }: Reading): SaidTime {
  if (!isTimeZone(zone)) return fault("unknown-zone", zone);
  if (text.length > MAX_TEXT) return fault("not-understood", text.slice(0, 40));
  const exact = readExact(text.trim(), zone);
  if (exact !== null) return afterNow(exact, now);
  const found = zoneIn(text.trim());
  const said = new Remaining(plainWords(found.rest));
  const where = found.zone ?? zone;
  const ahead = readAhead(said, { now, zone: where });
  const result = ahead ?? readDayAndClock(said, { now, zone: where });
  if (result.kind === "fault") return result;
  const unread = said.text.replace(FILLERS, " ").trim();
  if (unread !== "") return fault("not-understood", unread);
  return afterNow(result, now);
}

/** An instant with its offset, as machines write it. */
function readExact(text: string, zone: string): SaidTime | null {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)$/i.test(text)) return null;
  const at = new Date(text.replace(" ", "T"));
  if (Number.isNaN(at.getTime())) return fault("no-such-day", text);
  return { kind: "time", wall: wallTimeOf(at, zone), zone, instant: { kind: "instant", at } };
}

/** `now`, `in 2 hours`, `dans 30 min`: instants, whatever the clocks do. In days, the time of day stays, or is said. */
function readAhead(said: Remaining, { now, zone }: Reading): SaidTime | null {
  if (said.take(/\b(?:now|maintenant|tout de suite)\b/) !== null)
    return timeAt(new Date(Math.ceil(now.getTime() / 1000) * 1000), zone);
  const found = said.take(/\b(?:in|dans|d'ici) (\d{1,4}|an?|une?) ?([a-z]+)\b/);
  if (found === null) return null;
  const unit = units.get(found[2] ?? "");
  if (unit === undefined) return fault("not-understood", found[0]);
  const count = /\d/.test(found[1] ?? "") ? Number(found[1]) : 1;
  if ("milliseconds" in unit)
    return timeAt(new Date(Math.ceil((now.getTime() + count * unit.milliseconds) / 1000) * 1000), zone);
  const today = localNow(now, zone);
  const clock = readClock(said);
  if (clock.kind === "fault") return fault("no-such-time", clock.word);
  const time = clock.kind === "none" ? Math.floor(localParts(today).time / MINUTE) * MINUTE : clock.time;
  return timeOf(shifted(midnightOf(today), count * unit.days * DAY + time), zone);
}

const timeAt = (at: Date, zone: string): SaidTime => ({
  kind: "time",
  wall: wallTimeOf(at, zone),
  zone,
  instant: { kind: "instant", at },
});

const timeOf = (local: LocalTime, zone: string): SaidTime => ({
  kind: "time",
  wall: wallTimeText(local),
  zone,
  instant: instantAt(local, zone),
});

function readDayAndClock(said: Remaining, { now, zone }: Reading): SaidTime {
  const day = readDay(said);
  if (day.kind === "fault") return fault(day.fault, day.word);
  const clock = readClock(said);
  if (clock.kind === "fault") return fault("no-such-time", clock.word);
  if (clock.kind === "none") {
    const unread = said.text.replace(FILLERS, " ").trim();
    return unread === "" ? fault("no-time") : fault("not-understood", unread);
  }
  const today = localNow(now, zone);
  const local = nextOn(day, today, clock.time);
  if (local === null) return fault("no-such-day", day.kind === "date" ? day.word : "");
  if (day.kind === "date" && day.weekday !== null && weekdayOf(local) !== day.weekday)
    return fault("other-weekday", day.word);
  return timeOf(local, zone);
}

/** The local time of a day that was said; without a year, or without a day at all, the next that is still to come. */
function nextOn(day: Exclude<SaidDay, { kind: "fault" }>, today: LocalTime, time: number): LocalTime | null {
  const at = (days: number): LocalTime => shifted(midnightOf(today), days * DAY + time);
  switch (day.kind) {
    case "none":
      return at(0) > today ? at(0) : at(1);
    case "days":
      return at(day.days);
    case "weekday": {
      const days = (day.weekday - weekdayOf(today) + 7) % 7;
      return days > 0 || (!day.isNext && at(0) > today) ? at(days) : at(7);
    }
    case "date": {
      const { year } = localParts(today);
      const years = day.year === null ? [year, year + 1, year + 2, year + 3, year + 4] : [day.year];
      const times = years.map((of) => localTime({ ...day, year: of, time })).filter((one) => one !== null);
      return times.find((one) => day.year !== null || one > today) ?? null;
    }
    default:
      return day satisfies never;
  }
}

function afterNow(said: SaidTime, now: Date): SaidTime {
  if (said.kind === "fault") return said;
  const { instant } = said;
  const last = instant.kind === "instant" ? instant.at : instant.later;
  if (last.getTime() < now.getTime()) return fault("past", said.wall);
  return last.getTime() > now.getTime() + MAX_AHEAD_DAYS * DAY ? fault("too-far", said.wall) : said;
}
