import type { Instant } from "./instant-of.ts";
import type { OfficeHoursFault } from "./office-hours.ts";
import type { RecurrenceFault } from "./recurrence.ts";
import type { SaidTimeFault } from "./said-time.ts";

/** A language that people are spoken to in. */
export type Language = "en" | "fr";

type Text = Readonly<Record<Language, string>>;

const said: Readonly<Record<SaidTimeFault, Text>> = {
  "not-understood": {
    en: "“{word}” is not understood; write 2026-11-30 08:00, Monday 8:00 or tomorrow 8am",
    fr: "« {word} » n'est pas compris ; écrire 2026-11-30 08:00, lundi 8:00 ou demain 8h",
  },
  "no-time": { en: "say at what time, too: Monday 8:00", fr: "dire aussi à quelle heure : lundi 8:00" },
  "no-such-day": { en: "there is no day {word}", fr: "il n'y a pas de jour {word}" },
  "no-such-time": { en: "no clock shows {word}", fr: "aucune horloge n'affiche {word}" },
  "unknown-zone": { en: "there is no time zone {word}", fr: "il n'y a pas de fuseau horaire {word}" },
  past: { en: "{word} is over", fr: "{word} est passé" },
  "too-far": { en: "{word} is more than two years away", fr: "{word} est dans plus de deux ans" },
  "other-weekday": { en: "{word}: that is another day of the week", fr: "{word} : c'est un autre jour de la semaine" },
};

const recurrence: Readonly<Record<RecurrenceFault, Text>> = {
  "not-understood": { en: "“{word}” is no recurrence", fr: "« {word} » n'est pas une récurrence" },
  unsupported: {
    en: "“{word}” is a recurrence that is not carried out on a server",
    fr: "« {word} » est une récurrence qui n'est pas exécutée sur un serveur",
  },
  "bad-day": { en: "“{word}” is no day", fr: "« {word} » n'est pas un jour" },
  "bad-interval": { en: "“{word}” is no interval", fr: "« {word} » n'est pas un intervalle" },
  "bad-hours": {
    en: "“{word}”: hours are written between 0800 1700",
    fr: "« {word} » : les heures s'écrivent between 0800 1700",
  },
  "bad-until": { en: "“{word}” is no date", fr: "« {word} » n'est pas une date" },
};

const office: Readonly<Record<OfficeHoursFault, Text>> = {
  "no-days": {
    en: "office hours need days, 0 (Sunday) to 6",
    fr: "il faut des jours aux heures de bureau, de 0 (dimanche) à 6",
  },
  "bad-hours": {
    en: "office hours are two times, the first before the second: 08:00, 18:00",
    fr: "les heures de bureau sont deux heures, la première avant la seconde : 08:00, 18:00",
  },
  "unknown-zone": { en: "there is no such time zone", fr: "il n'y a pas de tel fuseau horaire" },
  "bad-closed-day": {
    en: "closed days are dates: 2026-12-25",
    fr: "les jours de fermeture sont des dates : 2026-12-25",
  },
};

const instants: Readonly<Record<"missing" | "twice", Text>> = {
  missing: {
    en: "{wall} does not exist in {zone}: clocks go forward then, to {next}",
    fr: "{wall} n'existe pas à {zone} : les horloges avancent alors, à {next}",
  },
  twice: {
    en: "{wall} comes twice in {zone}, as clocks go back: say whether the earlier or the later is meant",
    fr: "{wall} arrive deux fois à {zone}, car les horloges reculent : dire si c'est la première ou la seconde",
  },
};

/** One sentence: why a text is no time. */
export function renderSaidTimeFault(fault: SaidTimeFault, word: string, language: Language): string {
  return said[fault][language].replace("{word}", () => word);
}

/** One sentence: why a text is no recurrence. */
export function renderRecurrenceFault(fault: RecurrenceFault, word: string, language: Language): string {
  return recurrence[fault][language].replace("{word}", () => word);
}

/** One sentence: why office hours are none. */
export function renderOfficeHoursFault(fault: OfficeHoursFault, language: Language): string {
  return office[fault][language];
}

/** One sentence: why a wall time of a zone is no instant, or which is to be chosen. */
export function renderAmbiguity(
  instant: Extract<Instant, { kind: "missing" | "twice" }>,
  { wall, zone }: { readonly wall: string; readonly zone: string },
  language: Language,
): string {
  const words: Readonly<Record<string, string>> = {
    wall,
    zone,
    next: instant.kind === "missing" ? instant.next.slice(11) : "",
  };
  return instants[instant.kind][language].replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? "");
}
