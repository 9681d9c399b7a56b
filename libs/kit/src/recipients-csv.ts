import { CsvError, parse } from "csv-parse/sync";

/** A recipient as the file has it: `line` is 1-based. */
export interface CsvRecipient {
  readonly line: number;
  readonly address: string;
  readonly name?: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What stands against a file. */
export type CsvFault =
  | { readonly kind: "not-csv"; readonly line: number; readonly problem: string }
  | { readonly kind: "not-utf8" }
  | { readonly kind: "no-column"; readonly columns: readonly string[] }
  | { readonly kind: "column-twice"; readonly column: string };

/** Heads of the column with the address, where none is named. */
const ADDRESS_HEADS = ["address", "adresse", "email", "e-mail", "mail", "courriel", "adresse e-mail", "adresse mail"];
const NAME_HEADS = ["name", "nom complet", "nom"];

/**
 * Reads recipients: a header row, then one recipient a line (RFC 4180), separated by commas, semicolons or tabs as spreadsheets write them;
 * UTF-8, with or without a BOM. Each column is a merge field under its head. `column`: the head of the column with the address.
 */
export function readRecipientsCsv(
  octets: Uint8Array,
  column?: string,
):
  | { readonly ok: true; readonly recipients: readonly CsvRecipient[] }
  | { readonly ok: false; readonly fault: CsvFault } {
  const text = textOf(octets);
  if (text === null) return { ok: false, fault: { kind: "not-utf8" } };
  const rows = rowsOf(text);
  if (!Array.isArray(rows)) return { ok: false, fault: rows };
  const [header, ...lines] = rows;
  const heads = (header?.cells ?? []).map((head) => head.trim().normalize("NFC"));
  const twice = heads.find((head, index) => head !== "" && heads.indexOf(head) !== index);
  if (twice !== undefined) return { ok: false, fault: { kind: "column-twice", column: twice } };
  const address = columnOf(heads, column === undefined ? ADDRESS_HEADS : [column.normalize("NFC")]);
  if (address === -1) return { ok: false, fault: { kind: "no-column", columns: heads } };
  const name = columnOf(heads, NAME_HEADS);
  const recipients = lines.map(({ line, cells }) => ({
    line,
    address: (cells[address] ?? "").trim(),
    ...(name === -1 || (cells[name] ?? "") === "" ? {} : { name: cells[name] ?? "" }),
    fields: Object.fromEntries(heads.flatMap((head, index) => (head === "" ? [] : [[head, cells[index] ?? ""]]))),
  }));
  return { ok: true, recipients };
}

function textOf(octets: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    return null;
  }
}

/** The first of these heads that there is, by preference in this order. */
function columnOf(heads: readonly string[], wanted: readonly string[]): number {
  const lower = heads.map((head) => head.toLowerCase());
  const found = wanted.map((head) => lower.indexOf(head.toLowerCase())).find((index) => index !== -1);
  return found ?? -1;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The separator that the header row has most of. */
function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== "") ?? "";
  const count = (separator: string): number => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function rowsOf(text: string): Row[] | CsvFault {
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    });
    // Proof: csv-parse gives this with `info`.
    return (records as { info: { lines: number }; record: string[] }[]).map(({ info, record }) => ({
      line: info.lines,
      cells: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : 0;
    return { kind: "not-csv", line, problem: error.message };
  }
}
