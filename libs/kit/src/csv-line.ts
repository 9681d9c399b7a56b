/** One line of CSV (RFC 4180), with its end. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(field).join(",")}\r\n`;

function field(text: string): string {
  // Addresses and replies are other people's: a spreadsheet must not take one for a formula.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
