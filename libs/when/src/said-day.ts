import type { Remaining } from "./remaining.ts";
import { anyOf, days, months, weekdays } from "./words.ts";

/** A day, as far as it was said. */
export type SaidDay =
  | { readonly kind: "none" }
  /** From today. */
  | { readonly kind: "days"; readonly days: number }
  /** `isNext`: not today. */
  | { readonly kind: "weekday"; readonly weekday: number; readonly isNext: boolean }
  | {
      readonly kind: "date";
      readonly year: number | null;
      readonly month: number;
      readonly day: number;
      /** The day of the week that was said with it. */
      readonly weekday: number | null;
      readonly word: string;
    }
  | { readonly kind: "fault"; readonly fault: "no-such-day" | "not-understood"; readonly word: string };

const MONTH = anyOf(months.keys());
const WEEKDAY = anyOf(weekdays.keys());

const ISO = /\b(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d)|(?!\d))/;
/** The day first, as nearly everywhere. */
const SLASHES = /\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?(?![\d/])/;
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:er|st|nd|rd|th)? (?:of )?(${MONTH})\\b\\.?(?:,? (\\d{4})\\b)?`);
const MONTH_DAY = new RegExp(
  `\\b(${MONTH})\\b\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?![:h]| ?[ap]\\.?m\\b)(?:,? (\\d{4})\\b)?`,
);
const DAYS = new RegExp(`\\b(?:${anyOf(days.keys())})(?![a-z])`);
const WEEKDAYS = new RegExp(`(?:\\b(next) )?\\b(${WEEKDAY})\\b\\.?(?: (prochain|next)\\b)?`);

/** Takes a day out of what remains of a text. */
export function readDay(said: Remaining): SaidDay {
  const date = readDate(said);
  if (date?.kind === "fault") return date;
  const named = date === null ? said.take(DAYS) : null;
  if (named !== null) return { kind: "days", days: days.get(named[0]) ?? 0 };
  const found = said.take(WEEKDAYS);
  const weekday = weekdays.get(found?.[2] ?? "");
  if (date !== null)
    return { ...date, weekday: weekday ?? null, word: found === null ? date.word : `${found[0]} ${date.word}` };
  if (found === null || weekday === undefined) return { kind: "none" };
  return { kind: "weekday", weekday, isNext: found[1] !== undefined || found[3] !== undefined };
}

type SaidDate = Extract<SaidDay, { kind: "date" }>;

function readDate(said: Remaining): SaidDate | Extract<SaidDay, { kind: "fault" }> | null {
  const iso = said.take(ISO);
  if (iso !== null) return dateOf(iso[0], { year: iso[1], month: Number(iso[2]), day: iso[3] });
  const slashes = said.take(SLASHES);
  if (slashes !== null) return dateOf(slashes[0], { year: slashes[3], month: Number(slashes[2]), day: slashes[1] });
  const dayFirst = said.take(DAY_MONTH);
  if (dayFirst !== null)
    return dateOf(dayFirst[0], { year: dayFirst[3], month: months.get(dayFirst[2] ?? "") ?? 0, day: dayFirst[1] });
  const found = said.take(MONTH_DAY);
  if (found === null) return null;
  return dateOf(found[0], { year: found[3], month: months.get(found[1] ?? "") ?? 0, day: found[2] });
}

interface Digits {
  readonly year: string | undefined;
  readonly month: number;
  readonly day: string | undefined;
}

/** A date that some year has. */
function dateOf(word: string, { year, month, day }: Digits): SaidDate | Extract<SaidDay, { kind: "fault" }> {
  const date = new Date(Date.UTC(Number(year ?? 2000), month - 1, Number(day)));
  if (month < 1 || month > 12 || date.getUTCMonth() !== month - 1) return { kind: "fault", fault: "no-such-day", word };
  return { kind: "date", year: year === undefined ? null : Number(year), month, day: Number(day), weekday: null, word };
}
