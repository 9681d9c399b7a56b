/** The languages that the demo speaks. */
export type Language = "en" | "fr";

/** POSIX order: LC_ALL, LC_MESSAGES, LANG; the first that is set counts. English unless it is French. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return /^fr(?:[_.@]|$)/i.test(locale) ? "fr" : "en";
}
