import { type Language, tellIn } from "@tamis/kit";
import { isTimeZone } from "@tamis/when";
import { type PageText, pageTexts } from "../texts/page-texts.ts";
import { weekdayName } from "../texts/rule-text.ts";

/** What a page is told with: its texts, and times as they are read there. */
export interface Tell {
  readonly language: Language;
  (key: PageText, parameters?: Parameters<typeof tellIn>[2]): string;
  /** Epoch ms, in a time zone (IANA): the installation's where none is given, or one that is none. */
  time(at: number, zone?: string | null): string;
  /** The same, to the second and short, as a table has room for it. */
  stamp(at: number): string;
  number(count: number): string;
  /** 0 is Sunday. */
  weekday(day: number): string;
  /** Parts of one sentence, as they stand beside each other. */
  join(parts: readonly string[]): string;
  /** A number of octets, in a few characters. */
  size(octets: number): string;
}

/** With the name of the zone: an hour may come twice, and senders may be elsewhere. */
const MOMENT: Intl.DateTimeFormatOptions = {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
};

const STAMP: Intl.DateTimeFormatOptions = { dateStyle: "short", timeStyle: "medium" };

const LOCALES = { en: "en-GB", fr: "fr-FR" } as const;

const UNITS = {
  en: ["octets", "KiB", "MiB", "GiB"],
  fr: ["octets", "Kio", "Mio", "Gio"],
} as const;

/** Tells in a language, and times in a zone (IANA). */
export function tellingIn(language: Language, timeZone: string): Tell {
  const locale = LOCALES[language];
  const formats = new Map<string, Intl.DateTimeFormat>();
  const formatIn = (zone: string): Intl.DateTimeFormat => {
    const known = formats.get(zone);
    if (known !== undefined) return known;
    const made = new Intl.DateTimeFormat(locale, { ...MOMENT, timeZone: isTimeZone(zone) ? zone : timeZone });
    formats.set(zone, made);
    return made;
  };
  const numbers = new Intl.NumberFormat(locale);
  const stamps = new Intl.DateTimeFormat(locale, { ...STAMP, timeZone });
  const tell = (key: PageText, parameters: NonNullable<Parameters<typeof tellIn>[2]> = {}): string => {
    const shown = Object.entries(parameters).map(
      ([name, value]) => [name, typeof value === "number" ? numbers.format(value) : value] as const,
    );
    return tellIn(language, pageTexts[key], Object.fromEntries(shown));
  };
  return Object.assign(tell, {
    language,
    time: (at: number, zone: string | null = null) => formatIn(zone ?? timeZone).format(at),
    stamp: (at: number) => stamps.format(at),
    join: (parts: readonly string[]) => parts.join(language === "fr" ? "\u202f; " : "; "),
    number: (count: number) => numbers.format(count),
    weekday: (day: number) => weekdayName(day, language),
    size: (octets: number) => sizeText(octets, language),
  });
}

function sizeText(octets: number, language: Language): string {
  const power = octets < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(octets) / 10));
  const digits = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${digits.format(octets / 1024 ** power)}\u00a0${UNITS[language][power]}`;
}
