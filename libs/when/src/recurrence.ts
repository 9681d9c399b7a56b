import { HOUR, MINUTE } from "./local-time.ts";

/** How often, and on which day of what. */
export type Step =
  | { readonly kind: "daily" }
  | { readonly kind: "weekly" }
  /** Of a month without that day, its last one. */
  | { readonly kind: "monthly"; readonly day: number }
  /** The first to fifth such weekday (0 is Sunday); months without a fifth are left out. */
  | { readonly kind: "monthly-weekday"; readonly weekday: number; readonly week: number }
  /** `month` as it is written: from 0, which is what Send Later writes, or from 1 where the first time says so. */
  | { readonly kind: "yearly"; readonly month: number; readonly day: number };

/** A rule by which something is sent again and again, all in local time. */
export interface Recurrence {
  readonly step: Step;
  /** Every so many days, weeks, months or years. */
  readonly every: number;
  /** Milliseconds of the day: not before, not after. */
  readonly between: { readonly from: number; readonly to: number } | null;
  /** Weekdays, 0 is Sunday; null: any. */
  readonly on: readonly number[] | null;
  /** Nothing after it, milliseconds since 1970; null: for ever. */
  readonly until: number | null;
}

/** Why a text is no rule. `unsupported`: rules of Send Later that run a program of the user's, or send every minute. */
export type RecurrenceFault = "not-understood" | "unsupported" | "bad-day" | "bad-interval" | "bad-hours" | "bad-until";

/** What a text says. `null`: it says that nothing recurs. */
export type ReadRecurrence =
  | { readonly ok: true; readonly recurrence: Recurrence | null }
  | { readonly ok: false; readonly fault: RecurrenceFault; readonly word: string };

/** Most of an interval: a hundred years of days make no sense. */
const MAX_EVERY = 1000;

const isFault = (value: unknown): value is RecurrenceFault => typeof value === "string";

/**
 * Reads a rule as Thunderbird's Send Later writes it in X-Send-Later-Recur: `none`, or `daily`, `weekly`, `monthly 31`,
 * `monthly 5 3` (the third Friday), `yearly 10 30`; then any of `/ 2`, `between 800 1700`, `on 1 2 3 4 5`, `until 2026-12-31T00:00:00Z`.
 */
export function readRecurrence(text: string): ReadRecurrence {
  const words = text.trim().toLowerCase().split(/\s+/).slice(0, 40);
  const reader = { words, at: 0 };
  const refuse = (fault: RecurrenceFault): ReadRecurrence => ({
    ok: false,
    fault,
    word: words[reader.at] ?? words.at(-1) ?? "",
  });
  if (words[0] === "none" && words.length === 1) return { ok: true, recurrence: null };
  const step = readStep(reader);
  if (isFault(step)) return refuse(step);
  let recurrence: Recurrence = { step, every: 1, between: null, on: null, until: null };
  while (reader.at < words.length) {
    const clause = readClause(reader);
    if (isFault(clause)) return refuse(clause);
    recurrence = { ...recurrence, ...clause };
  }
  return { ok: true, recurrence };
}

interface Reader {
  readonly words: readonly string[];
  at: number;
}

/** The next word as a number within bounds; null, and nothing taken, where it is none. */
function number(reader: Reader, from: number, to: number): number | null {
  const word = reader.words[reader.at] ?? "";
  if (!/^\d{1,4}$/.test(word) || Number(word) < from || Number(word) > to) return null;
  reader.at++;
  return Number(word);
}

function readStep(reader: Reader): Step | RecurrenceFault {
  switch (reader.words[reader.at++]) {
    case "daily":
      return { kind: "daily" };
    case "weekly":
      return { kind: "weekly" };
    case "monthly":
      return readMonthly(reader);
    case "yearly": {
      const month = number(reader, 0, 12);
      const day = month === null ? null : number(reader, 1, 31);
      return month === null || day === null ? "bad-day" : { kind: "yearly", month, day };
    }
    case "minutely":
    case "function":
      reader.at--;
      return "unsupported";
    default:
      reader.at--;
      return "not-understood";
  }
}

function readMonthly(reader: Reader): Step | RecurrenceFault {
  const first = number(reader, 0, 31);
  if (first === null) return "bad-day";
  if (!/^\d+$/.test(reader.words[reader.at] ?? "")) return first === 0 ? "bad-day" : { kind: "monthly", day: first };
  const week = number(reader, 1, 5);
  return week === null || first > 6 ? "bad-day" : { kind: "monthly-weekday", weekday: first, week };
}

function readClause(reader: Reader): Partial<Recurrence> | RecurrenceFault {
  switch (reader.words[reader.at++]) {
    case "/": {
      const every = number(reader, 1, MAX_EVERY);
      return every === null ? "bad-interval" : { every };
    }
    case "between": {
      const from = clock(reader);
      const to = clock(reader);
      return from === null || to === null || from > to ? "bad-hours" : { between: { from, to } };
    }
    case "on":
      return readDays(reader);
    case "until": {
      const until = Date.parse(reader.words[reader.at] ?? "");
      if (Number.isNaN(until) || !/^\d{4}-\d\d-\d\d/.test(reader.words[reader.at] ?? "")) return "bad-until";
      reader.at++;
      return { until };
    }
    default:
      reader.at--;
      return "not-understood";
  }
}

function readDays(reader: Reader): Partial<Recurrence> | RecurrenceFault {
  const on = new Set<number>();
  for (let day = number(reader, 0, 6); day !== null; day = number(reader, 0, 6)) on.add(day);
  return on.size === 0 || /^\d/.test(reader.words[reader.at] ?? "") ? "bad-day" : { on: [...on].sort((a, b) => a - b) };
}

/** `800`, `0800` or `8:00` as milliseconds of the day. */
function clock(reader: Reader): number | null {
  const found = /^(\d{1,2}):?([0-5]\d)$/.exec(reader.words[reader.at] ?? "");
  const hour = Number(found?.[1] ?? 24);
  if (hour > 23) return null;
  reader.at++;
  return hour * HOUR + Number(found?.[2]) * MINUTE;
}

/** The rule as {@link readRecurrence} reads it. */
export function recurrenceText(recurrence: Recurrence | null): string {
  if (recurrence === null) return "none";
  const { step, every, between, on, until } = recurrence;
  return [
    stepText(step),
    ...(every === 1 ? [] : [`/ ${every}`]),
    ...(between === null ? [] : [`between ${clockText(between.from)} ${clockText(between.to)}`]),
    ...(on === null ? [] : [`on ${on.join(" ")}`]),
    ...(until === null ? [] : [`until ${new Date(until).toISOString()}`]),
  ].join(" ");
}

function stepText(step: Step): string {
  switch (step.kind) {
    case "daily":
    case "weekly":
      return step.kind;
    case "monthly":
      return `monthly ${step.day}`;
    case "monthly-weekday":
      return `monthly ${step.weekday} ${step.week}`;
    case "yearly":
      return `yearly ${step.month} ${step.day}`;
    default:
      return step satisfies never;
  }
}

const clockText = (time: number): string =>
  `${Math.floor(time / HOUR)}`.padStart(2, "0") + `${Math.floor((time % HOUR) / MINUTE)}`.padStart(2, "0");
