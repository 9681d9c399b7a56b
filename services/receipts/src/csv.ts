import { type CsvSeparator, csvLine as line } from "@tamis/kit";
import type { ReceiptRow } from "./tables/views.ts";
import { columns, type Language, meaningOf, stateTexts } from "./texts.ts";

/** The names of the columns, as one line of CSV (RFC 4180). */
export function csvHeader(language: Language, separator: CsvSeparator = ","): string {
  return line(
    Object.values(columns).map((text) => text[language]),
    separator,
  );
}

/** One recipient, as one line of CSV. */
export function csvLine(row: ReceiptRow, language: Language, separator: CsvSeparator = ","): string {
  const cells = [
    row.address ?? "",
    stateTexts[row.state][language],
    moment(row.stateAt),
    row.status ?? "",
    meaningOf(row.status, language) ?? "",
    moment(row.sentAt),
    moment(row.autoReplyAt),
    moment(row.complainedAt),
    row.unverified === 0 ? "" : String(row.unverified),
    row.messageId ?? "",
    row.circularId ?? "",
  ];
  return line(cells, separator);
}

const moment = (at: Date | null): string => at?.toISOString() ?? "";
