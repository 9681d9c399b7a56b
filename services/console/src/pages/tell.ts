import { tellIn } from "@tamis/kit";
import type { Language } from "../http/language.ts";
import { type PageText, pageTexts } from "../texts/page-texts.ts";

/** What a page is told with: its texts, and times as they are read there. */
export interface Tell {
  readonly language: Language;
  (key: PageText, parameters?: Parameters<typeof tellIn>[2]): string;
  /** Epoch ms, in the time zone of the installation. */
  time(at: number): string;
}

/** Tells in a language, and times in a zone (IANA). */
export function tellingIn(language: Language, timeZone: string): Tell {
  const format = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", {
    dateStyle: "full",
    timeStyle: "short",
    timeZone,
  });
  const tell = (key: PageText, parameters?: Parameters<typeof tellIn>[2]): string =>
    tellIn(language, pageTexts[key], parameters);
  return Object.assign(tell, { language, time: (at: number) => format.format(at) });
}

const UNITS = ["octet", "KiB", "MiB"] as const;

/** A size in a few characters. */
export function sizeText(octets: number): string {
  if (octets < 1024) return `${octets} ${UNITS[0]}${octets === 1 ? "" : "s"}`;
  return octets < 1024 * 1024
    ? `${(octets / 1024).toFixed(1)} ${UNITS[1]}`
    : `${(octets / 1024 / 1024).toFixed(1)} ${UNITS[2]}`;
}
