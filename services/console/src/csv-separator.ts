import type { CsvSeparator, Language } from "@tamis/kit";
import { z } from "zod";

/** What stands between the cells of CSV, as it is asked for in a query. */
export const separatorName = z.enum(["comma", "semicolon"]);
export type SeparatorName = z.infer<typeof separatorName>;

/** The character of that name. */
export const SEPARATORS = { comma: ",", semicolon: ";" } as const satisfies Readonly<
  Record<SeparatorName, CsvSeparator>
>;

/** As spreadsheets of that language take it, unless another is asked for. */
export function separatorFor(language: Language, asked: string | undefined): CsvSeparator {
  const { data } = separatorName.safeParse(asked);
  return SEPARATORS[data ?? (language === "fr" ? "semicolon" : "comma")];
}
