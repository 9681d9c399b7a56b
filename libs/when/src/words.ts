/** The words in which people say times, in English and French; as {@link plainWords} has them: no accents, no capitals. */

/** Lower case, without accents and typographic signs, blanks single. */
export function plainWords(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/\s+/g, " ")
    .trim();
}

const WEEKDAYS = [
  ["dimanche", "dim", "sunday", "sun"],
  ["lundi", "lun", "monday", "mon"],
  ["mardi", "mar", "tuesday", "tues", "tue"],
  ["mercredi", "mer", "wednesday", "wed"],
  ["jeudi", "jeu", "thursday", "thurs", "thur", "thu"],
  ["vendredi", "ven", "friday", "fri"],
  ["samedi", "sam", "saturday", "sat"],
] as const;

const MONTHS = [
  ["janvier", "janv", "january", "jan"],
  ["fevrier", "fevr", "fev", "february", "feb"],
  ["mars", "march", "mar"],
  ["avril", "avr", "april", "apr"],
  ["mai", "may"],
  ["juin", "june", "jun"],
  ["juillet", "juil", "july", "jul"],
  ["aout", "august", "aug"],
  ["septembre", "september", "sept", "sep"],
  ["octobre", "october", "oct"],
  ["novembre", "november", "nov"],
  ["decembre", "december", "dec"],
] as const;

const indexed = (lists: readonly (readonly string[])[], first: number): ReadonlyMap<string, number> =>
  new Map(lists.flatMap((words, index) => words.map((word): [string, number] => [word, index + first])));

/** Weekdays by name, 0 is Sunday. */
export const weekdays = indexed(WEEKDAYS, 0);

/** Months by name, from 1. */
export const months = indexed(MONTHS, 1);

/** Days from today, by name. */
export const days: ReadonlyMap<string, number> = new Map([
  ["apres-demain", 2],
  ["apres demain", 2],
  ["day after tomorrow", 2],
  ["aujourd'hui", 0],
  ["today", 0],
  ["demain", 1],
  ["tomorrow", 1],
]);

/** Times of day by name, in hours. */
export const hours: ReadonlyMap<string, number> = new Map([
  ["midi", 12],
  ["noon", 12],
  ["minuit", 0],
  ["midnight", 0],
]);

type Unit = { readonly milliseconds: number } | { readonly days: number };

const named = (words: string, unit: Unit): readonly (readonly [string, Unit])[] =>
  words.split(" ").map((word) => [word, unit] as const);

/** Units of "in 2 hours": those of a day and more keep the time of day, and are in days. */
export const units: ReadonlyMap<string, Unit> = new Map([
  ...named("minute minutes min mn", { milliseconds: 60_000 }),
  ...named("heure heures hour hours h", { milliseconds: 3_600_000 }),
  ...named("jour jours day days", { days: 1 }),
  ...named("semaine semaines week weeks", { days: 7 }),
]);

/** Words that say nothing about when. */
export const FILLERS = /\b(?:le|la|l'|ce|cette|a|at|on|the|of|de|du|heure|time|this|coming|et|and)\b|[,.@()]/g;

/** An alternative of a regular expression, longer words first. */
export const anyOf = (words: Iterable<string>): string => [...words].sort((a, b) => b.length - a.length).join("|");
