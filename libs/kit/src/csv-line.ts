/** What stands between the cells: spreadsheets of some countries take semicolons only. */
export type CsvSeparator = "," | ";";

/** One line of CSV (RFC 4180), with its end. */
export const csvLine = (fields: readonly string[], separator: CsvSeparator = ","): string =>
  `${fields.map(field).join(separator)}\r\n`;

function field(text: string): string {
  // Addresses and replies are other people's: a spreadsheet must not take one for a formula, nor what stands behind what it takes for a separator.
  const plain = text.replace(/^(?=[=+\-@\t\r])/, "'").replace(/([;\t][\s"']*)(?=[=+\-@])/g, "$1'");
  return /[",;\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
