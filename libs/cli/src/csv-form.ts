import type { CsvSeparator } from "@tamis/kit";
import { Option } from "commander";
import type { Surroundings } from "./surroundings.ts";

export interface CsvOptions {
  readonly separator?: "comma" | "semicolon";
}

/** `--separator`: how CSV is written where the usual of the language is not wanted. */
export const separatorOption = (io: Surroundings): Option =>
  new Option("--separator <separator>", io.say("opt.separator")).choices(["comma", "semicolon"]);

/** How CSV is written. */
export interface CsvForm {
  readonly separator: CsvSeparator;
  /** What stands before the first line. */
  readonly begin: string;
}

/** Commas as in RFC 4180; or as French spreadsheets take it: semicolons, and the mark by which they know UTF-8. */
export function csvFormOf({ separator }: CsvOptions, { locale }: Pick<Surroundings, "locale">): CsvForm {
  const name = separator ?? (locale === "fr" ? "semicolon" : "comma");
  return name === "semicolon" ? { separator: ";", begin: "\ufeff" } : { separator: ",", begin: "" };
}
