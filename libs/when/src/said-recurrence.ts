import { localNow } from "./instant-of.ts";
import { DAY, localParts, midnightOf, shifted, wallTimeText } from "./local-time.ts";
import { type NextTime, nextTime } from "./next-time.ts";
import { type Recurrence, type RecurrenceFault, readRecurrence } from "./recurrence.ts";
import { Remaining } from "./remaining.ts";
import { readClock } from "./said-clock.ts";
import { FILLERS, plainWords, weekdays } from "./words.ts";

/** A recurrence that was said. `time`: the time of day that was said with it, in milliseconds; null: that of its first time. */
export type SaidRecurrence =
  | { readonly ok: true; readonly recurrence: Recurrence; readonly time: number | null }
  | { readonly ok: false; readonly fault: RecurrenceFault; readonly word: string };

const WEEKS: ReadonlyMap<string, number> = new Map(
  [
    ["first", "1st", "premier", "1er"],
    ["second", "2nd", "deuxieme", "2e"],
    ["third", "3rd", "troisieme", "3e"],
    ["fourth", "4th", "quatrieme", "4e"],
    ["fifth", "5th", "cinquieme", "5e"],
  ].flatMap((words, index) => words.map((word): [string, number] => [word, index + 1])),
);

const EVERY = /^(?:every|each|tous les|toutes les|chaque)\b/;
const OF_THE_MONTH = /\b(?:month|mois)\b/g;
const DAILY: ReadonlySet<string> = new Set(["day", "daily", "jour", "jours"]);
const WORKDAYS: ReadonlySet<string> = new Set(["weekday", "weekdays", "working day", "working days", "jours ouvres"]);
const LONGEST = 200;

/**
 * Reads how often something is to happen: as Send Later writes it ({@link readRecurrence}), or as people say it, in English and French:
 * `every Monday 8:00`, `lundi et jeudi 8h`, `first Monday 8:00`, `le 15 du mois à 8h`, `jours ouvrés 8h`.
 */
export function readSaidRecurrence(text: string): SaidRecurrence {
  const written = readRecurrence(text.slice(0, LONGEST));
  if (written.ok && written.recurrence !== null) return { ok: true, recurrence: written.recurrence, time: null };
  const said = new Remaining(plainWords(text.slice(0, LONGEST)).replace(EVERY, " "));
  const clock = readClock(said);
  if (clock.kind === "fault") return { ok: false, fault: "bad-hours", word: clock.word };
  const rest = said.text.replace(OF_THE_MONTH, " ").replace(FILLERS, " ").replace(/\s+/g, " ").trim();
  const recurrence = recurrenceIn(rest);
  // A word that begins as one of Send Later's is judged as such.
  if (recurrence === null)
    return written.ok || written.fault === "not-understood"
      ? { ok: false, fault: "not-understood", word: rest }
      : written;
  return { ok: true, recurrence, time: clock.kind === "time" ? clock.time : null };
}

const ANY = { every: 1, between: null, on: null, until: null } as const;

function recurrenceIn(words: string): Recurrence | null {
  if (DAILY.has(words)) return { ...ANY, step: { kind: "daily" } };
  if (WORKDAYS.has(words)) return { ...ANY, step: { kind: "daily" }, on: [1, 2, 3, 4, 5] };
  const [first = "", second = "", ...more] = words.split(" ");
  const day = /^(\d{1,2})(?:er|st|nd|rd|th)?$/.exec(first);
  if (day !== null && second === "" && Number(day[1]) >= 1 && Number(day[1]) <= 31)
    return { ...ANY, step: { kind: "monthly", day: Number(day[1]) } };
  const week = WEEKS.get(first);
  const weekday = weekdayNamed(second);
  if (week !== undefined && weekday !== undefined && more.length === 0)
    return { ...ANY, step: { kind: "monthly-weekday", weekday, week } };
  const on = words.split(" ").map(weekdayNamed);
  if (words === "" || !on.every((one) => one !== undefined)) return null;
  // Day by day: a rule that goes by weeks keeps to one day of them.
  return { ...ANY, step: { kind: "daily" }, on: [...new Set(on)].sort((a, b) => a - b) };
}

const weekdayNamed = (word: string): number | undefined => weekdays.get(word) ?? weekdays.get(word.replace(/s$/, ""));

/**
 * The first time of a rule after an instant, at that time of day.
 * @returns null where the rule goes by weeks or years, and so has to be told its first time; where it ends before; or where the zone is none
 */
export function firstTime(
  recurrence: Recurrence,
  { time, zone }: { readonly time: number; readonly zone: string },
  now: Date,
): NextTime | null {
  const { kind } = recurrence.step;
  if (kind === "weekly" || kind === "yearly") return null;
  const today = midnightOf(localNow(now, zone));
  // One step before the first that may be meant.
  const back = kind === "daily" ? 1 : localParts(today).day;
  const last = wallTimeText(shifted(today, time - back * DAY));
  return nextTime({ ...recurrence, every: 1 }, { wall: last, zone }, now);
}
