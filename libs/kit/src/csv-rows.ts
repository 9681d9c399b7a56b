import { CsvError, parse } from "csv-parse/sync";
import { ConfigFault, type Fault } from "./fault.ts";

/** One row of a CSV. */
export interface CsvRow {
  /** Of the line in the file, 1-based. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The rows of a CSV (RFC 4180; `,` or `;` between the cells; lines that begin with `#` are left out), cells trimmed. Throws a
 * `ConfigFault` with the line of what is no CSV.
 */
export function csvRows(text: string, file: string): readonly CsvRow[] {
  const firstLine = text.split(/\r?\n/).find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "";
  const delimiter = firstLine.includes(";") && !firstLine.includes(",") ? ";" : ",";
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter,
      trim: true,
      comment: "#",
      comment_no_infix: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    });
    // Proof: `info: true` gives each record with its place, which the types of the package leave out.
    return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      line: info.lines,
      cells: record,
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const line = "lines" in cause && typeof cause.lines === "number" ? cause.lines : 1;
    // Not the parser's own words: they quote the row, and a password with it.
    throw fileFault(
      file,
      {
        line,
        path: "",
        problem: `not valid CSV: ${cause.code}`,
        mend: 'a cell that contains a comma or a quote stands in quotes, with its own quotes doubled: "a""b"',
      },
      cause,
    );
  }
}

/** A fault of the file itself, to be thrown. */
export function fileFault(file: string, fault: Omit<Fault, "file" | "column">, cause?: unknown): ConfigFault {
  return new ConfigFault([{ file, column: 0, ...fault }], { cause });
}
