import { tellIn } from "@tamis/kit";
import { isTimeZone } from "@tamis/when";
import type { Language } from "../http/language.ts";
import { type PageText, pageTexts } from "../texts/page-texts.ts";

/** What a page is told with: its texts, and times as they are read there. */
export interface Tell {
  readonly language: Language;
  (key: PageText, parameters?: Parameters<typeof tellIn>[2]): string;
  /** Epoch ms, in a time zone (IANA): the installation's where none is given, or one that is none. */
  time(at: number, zone?: string | null): string;
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

/** Tells in a language, and times in a zone (IANA). */
export function tellingIn(language: Language, timeZone: string): Tell {
  const formats = new Map<string, Intl.DateTimeFormat>();
  const formatIn = (zone: string): Intl.DateTimeFormat => {
    const known = formats.get(zone);
    if (known !== undefined) return known;
    const locale = language === "fr" ? "fr-FR" : "en-GB";
    const made = new Intl.DateTimeFormat(locale, { ...MOMENT, timeZone: isTimeZone(zone) ? zone : timeZone });
    formats.set(zone, made);
    return made;
  };
  const tell = (key: PageText, parameters?: Parameters<typeof tellIn>[2]): string =>
    tellIn(language, pageTexts[key], parameters);
  return Object.assign(tell, {
    language,
    time: (at: number, zone: string | null = null) => formatIn(zone ?? timeZone).format(at),
  });
}

const UNITS = ["octet", "KiB", "MiB"] as const;

/** A size in a few characters. */
export function sizeText(octets: number): string {
  if (octets < 1024) return `${octets} ${UNITS[0]}${octets === 1 ? "" : "s"}`;
  return octets < 1024 * 1024
    ? `${(octets / 1024).toFixed(1)} ${UNITS[1]}`
    : `${(octets / 1024 / 1024).toFixed(1)} ${UNITS[2]}`;
}
