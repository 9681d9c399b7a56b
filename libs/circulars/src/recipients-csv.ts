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
  | { readonly kind: "column-twice"; readonly column: string }
  /** A cell is longer than a recipient takes. */
  | { readonly kind: "too-long"; readonly line: number }
  /** More lines, or columns, than are read. */
  | { readonly kind: "too-many"; readonly lines: number; readonly width: number };

/** Heads of the column with the address, where none is named. */
const ADDRESS_HEADS = ["address", "adresse", "email", "e-mail", "mail", "courriel", "adresse e-mail", "adresse mail"];
const NAME_HEADS = ["name", "nom complet", "nom"];

/** What a request to `outbox` takes of one recipient, in characters. */
const LONGEST_ADDRESS = 1_000;
const LONGEST_NAME = 300;
const LONGEST_HEAD = 100;
const LONGEST_FIELD = 10_000;

// So that no file, however it is made, takes the memory of a process that others share.
/** Lines that are read where nothing else is said. */
const CSV_LINES = 250_000;
const MOST_COLUMNS = 200;
const MOST_CELLS = 1_500_000;
const LONGEST_RECORD = 100_000;

/**
 * Reads recipients: a header row, then one recipient a line (RFC 4180), separated by commas, semicolons or tabs as spreadsheets write them;
 * UTF-8, with or without a BOM. Each column is a merge field under its head, where that is no longer than a field's name. `column`: the head of
 * the column with the address. `mostLines`: a file with more is refused.
 */
export function readRecipientsCsv(
  octets: Uint8Array,
  column?: string,
  mostLines = CSV_LINES,
):
  | { readonly ok: true; readonly recipients: readonly CsvRecipient[] }
  | { readonly ok: false; readonly fault: CsvFault } {
  const text = textOf(octets);
  if (text === null) return { ok: false, fault: { kind: "not-utf8" } };
  const tooMany = { ok: false, fault: { kind: "too-many", lines: mostLines, width: MOST_COLUMNS } } as const;
  if (isHuge(text)) return tooMany;
  const rows = rowsOf(text, mostLines);
  if (!Array.isArray(rows)) return { ok: false, fault: rows };
  const [header, ...lines] = rows;
  const width = header?.cells.length ?? 0;
  if (width > MOST_COLUMNS || lines.length > mostLines || lines.length * width > MOST_CELLS) return tooMany;
  const heads = (header?.cells ?? []).map((head) => head.trim().normalize("NFC"));
  const twice = heads.find((head, index) => head !== "" && heads.indexOf(head) !== index);
  if (twice !== undefined) return { ok: false, fault: { kind: "column-twice", column: twice } };
  const address = columnOf(heads, column === undefined ? ADDRESS_HEADS : [column.normalize("NFC")]);
  if (address === -1) return { ok: false, fault: { kind: "no-column", columns: heads } };
  const name = columnOf(heads, NAME_HEADS);
  const long = lines.find(({ cells }) => cells.some((cell) => cell.length > LONGEST_FIELD));
  if (long !== undefined) return { ok: false, fault: { kind: "too-long", line: long.line } };
  const fields = heads.flatMap((head, index) =>
    head === "" || head.length > LONGEST_HEAD ? [] : [[head, index] as const],
  );
  const recipients = lines.map(({ line, cells }) => ({
    line,
    // What is longer is no address, cut or not.
    address: (cells[address] ?? "").trim().slice(0, LONGEST_ADDRESS),
    ...(name === -1 || (cells[name] ?? "") === "" ? {} : { name: (cells[name] ?? "").slice(0, LONGEST_NAME) }),
    fields: Object.fromEntries(fields.map(([head, index]) => [head, cells[index] ?? ""])),
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

const headerOf = (text: string): string => text.trimStart().slice(0, LONGEST_RECORD).split(/\r?\n/, 1)[0] ?? "";

/** Before it is parsed, since that takes its time: more cells, or more in the first line, than any list has. */
function isHuge(text: string): boolean {
  const delimiter = delimiterOf(text);
  return (
    headerOf(text).split(delimiter).length > MOST_COLUMNS ||
    countOf(text, delimiter) + countOf(text, "\n") + countOf(text, "\r") > MOST_CELLS
  );
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= MOST_CELLS; at = text.indexOf(character, at + 1))
    count++;
  return count;
}

/** The separator that the header row has most of. */
function delimiterOf(text: string): string {
  const header = headerOf(text);
  const count = (separator: string): number => header.split(separator).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function rowsOf(text: string, mostLines: number): Row[] | CsvFault {
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
      max_record_size: LONGEST_RECORD,
      // The header, and one more than may be.
      to: mostLines + 2,
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
