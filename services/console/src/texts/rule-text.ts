import type { Language } from "@tamis/kit";
import { type Recurrence, readRecurrence } from "@tamis/when";

/** How many there are from one to the next: `every week`, `every 2 weeks`. */
const STEPS = {
  daily: { en: ["every day", "every {n} days"], fr: ["tous les jours", "tous les {n} jours"] },
  weekly: { en: ["every week", "every {n} weeks"], fr: ["toutes les semaines", "toutes les {n} semaines"] },
  monthly: { en: ["every month", "every {n} months"], fr: ["tous les mois", "tous les {n} mois"] },
  yearly: { en: ["every year", "every {n} years"], fr: ["tous les ans", "tous les {n} ans"] },
} as const;

const NTH = {
  en: ["first", "second", "third", "fourth", "fifth"],
  fr: ["premier", "deuxième", "troisième", "quatrième", "cinquième"],
} as const;

const LOCALES = { en: "en-GB", fr: "fr-FR" } as const;
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY_MS = 86_400_000;

/** The name of a weekday, 0 is Sunday. */
export const weekdayName = (day: number, language: Language): string =>
  new Intl.DateTimeFormat(LOCALES[language], { weekday: "long", timeZone: "UTC" }).format(SUNDAY + day * DAY_MS);

const listed = (parts: readonly string[], language: Language): string =>
  new Intl.ListFormat(LOCALES[language], { type: "conjunction" }).format(parts);

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

const isWorkdays = (days: readonly number[]): boolean => days.join() === "1,2,3,4,5";

function dayText({ step, on }: Recurrence, language: Language): string {
  const parts: string[] = [];
  if (step.kind === "monthly") parts.push(language === "fr" ? `le ${step.day}` : `on day ${step.day}`);
  if (step.kind === "monthly-weekday") {
    const named = `${NTH[language][step.week - 1]} ${weekdayName(step.weekday, language)}`;
    parts.push(language === "fr" ? `le ${named}` : `on the ${named}`);
  }
  if (on !== null) {
    const days = listed(
      on.map((day) => weekdayName(day, language)),
      language,
    );
    const workdays = language === "fr" ? "du lundi au vendredi" : "Monday to Friday";
    const named = isWorkdays(on) ? workdays : days;
    parts.push(
      language === "fr"
        ? `seulement ${isWorkdays(on) ? "" : "le "}${named}`
        : `only ${isWorkdays(on) ? "" : "on "}${named}`,
    );
  }
  return parts.map((part) => `, ${part}`).join("");
}

/** A rule as Send Later writes it, in words; as it is where it is none. `zone` (IANA): where its last day is a day. */
export function ruleText(rule: string, language: Language, zone: string | null): string {
  const read = readRecurrence(rule);
  if (!read.ok || read.recurrence === null) return rule;
  const { step, every, between, until } = read.recurrence;
  const kind = step.kind === "monthly-weekday" ? "monthly" : step.kind;
  const [one, several] = STEPS[kind][language];
  const often = every === 1 ? one : several.replace("{n}", String(every));
  return `${often}${dayText(read.recurrence, language)}${hoursText(between, language)}${endText(until, language, zone)}`;
}

function hoursText(between: Recurrence["between"], language: Language): string {
  if (between === null) return "";
  const [from, to] = [clock(between.from), clock(between.to)];
  return language === "fr" ? `, entre ${from} et ${to}` : `, between ${from} and ${to}`;
}

function endText(until: number | null, language: Language, zone: string | null): string {
  if (until === null) return "";
  const day = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "long", timeZone: zone ?? "UTC" }).format(until);
  return language === "fr" ? `, jusqu'au ${day}` : `, until ${day}`;
}
