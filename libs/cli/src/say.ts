import { type Text, tellIn } from "@tamis/kit";
import { type TextKey, texts } from "./texts.ts";

/** The languages the command speaks. */
export type Locale = keyof Text;

/** Tells a text of the table; `{name}` in it is replaced. */
export type Say = (key: TextKey, parameters?: Readonly<Record<string, string | number>>) => string;

/** POSIX: LC_ALL before LC_MESSAGES before LANG. Everything that is not French is English. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const chosen = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return chosen.toLowerCase().startsWith("fr") ? "fr" : "en";
}

export function sayIn(locale: Locale): Say {
  return (key, parameters) => tellIn(locale, texts[key], parameters);
}
