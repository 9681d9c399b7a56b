import type { ReceiptRow } from "./tables/views.ts";
import { columns, type Language, meaningOf, stateTexts } from "./texts.ts";

/** The names of the columns, as one line of CSV (RFC 4180). */
export const csvHeader = (language: Language): string => line(Object.values(columns).map((text) => text[language]));

/** One recipient, as one line of CSV. */
export function csvLine(row: ReceiptRow, language: Language): string {
  return line([
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
  ]);
}

const moment = (at: Date | null): string => at?.toISOString() ?? "";

const line = (fields: readonly string[]): string => `${fields.map(field).join(",")}\r\n`;

function field(text: string): string {
  // Addresses are other people's: a spreadsheet must not take one for a formula.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
