import { readRecipientsCsv } from "@tamis/circulars";

/** The addresses of a file: one a line, or a CSV with a column of them; null where it is neither. */
export function addressesIn(octets: Uint8Array): readonly string[] | null {
  const lines = linesIn(octets);
  // A header has none.
  if (lines !== null && (lines[0] ?? "@").includes("@") && !/[,;\t]/.test(lines[0] ?? "")) return lines;
  const read = readRecipientsCsv(octets);
  if (!read.ok) return null;
  // What keeps a spreadsheet from taking an address for a formula is no part of it.
  return read.recipients.map(({ address }) => address.replace(/^'(?=[=+\-@])/, "")).filter((address) => address !== "");
}

function linesIn(octets: Uint8Array): readonly string[] | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
    return text
      .split(/\r\n|\r|\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
  } catch {
    return null;
  }
}
