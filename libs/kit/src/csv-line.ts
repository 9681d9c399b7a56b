/** What stands between the cells: spreadsheets of some countries take semicolons only. */
export type CsvSeparator = "," | ";";

/** One line of CSV (RFC 4180), with its end. */
export const csvLine = (fields: readonly string[], separator: CsvSeparator = ","): string =>
  `${fields.map((text) => field(text, separator)).join(separator)}\r\n`;

/** What begins a cell where a spreadsheet expects the other separator: quotes that are not at its beginning hold nothing together then. */
const BEGINS_A_CELL = {
  ",": /([;\t\r\n][\s"']*)(?=[=+\-@＝＋－＠])/g,
  ";": /([,\t\r\n][\s"']*)(?=[=+\-@＝＋－＠])/g,
} as const;

function field(text: string, separator: CsvSeparator): string {
  // Addresses and replies are other people's: a spreadsheet must not take one for a formula, nor a part of it.
  const plain = text.replace(/^(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/, "'").replace(BEGINS_A_CELL[separator], "$1'");
  return /[",;\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
