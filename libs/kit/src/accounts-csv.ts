import type { AccountsRead, LocatedEntry } from "./account-entry.ts";
import { type CsvRow, csvRows, fileFault } from "./csv-rows.ts";
import { expectationsOf } from "./expectation.ts";
import { ConfigFault, type Fault } from "./fault.ts";
import { explainIssues } from "./issue-faults.ts";
import { nearestName } from "./nearest-name.ts";
import { readAt } from "./reading-place.ts";
import { isReadableByOthers } from "./secret.ts";
import { accountEntry } from "./sections.ts";

/** Columns of the CSV, in any order, of which only `address` must be there. */
const COLUMNS = [
  "address",
  "identities",
  "user",
  "password",
  "password_file",
  "mode",
  "send_later",
  "id",
  "host",
  "port",
  "answers_receipts",
  "receipt_policy",
  "language",
];

interface Source {
  readonly file: string;
  /** Where relative paths start. */
  readonly folder: string;
}

/** Reads a CSV with a header row (RFC 4180; `,` or `;` between the cells; lines that begin with `#` are left out). Each fault has its line. */
export function readAccountsCsv(text: string, source: Source): AccountsRead {
  const [header, ...rows] = csvRows(text, source.file);
  if (header === undefined)
    throw fileFault(source.file, {
      line: 1,
      path: "",
      problem: "no header row",
      mend: "begin with a line `address,user,password_file`",
    });
  const columns = readHeader(header, source.file);
  const entries: LocatedEntry[] = [];
  const faults: Fault[] = [];
  for (const row of rows) {
    const read = readRow(row, columns, source);
    if (Array.isArray(read)) faults.push(...read);
    else entries.push(read);
  }
  return { entries, faults, warnings: csvWarnings(entries, source.file) };
}

function readHeader(header: CsvRow, file: string): readonly string[] {
  const columns = header.cells.map((cell) => cell.toLowerCase());
  const faults: Fault[] = [];
  const at = (problem: string, mend: string): void =>
    void faults.push({ file, line: header.line, column: 0, path: "", problem, mend });
  for (const [index, column] of columns.entries()) {
    const nearest = nearestName(column, COLUMNS);
    if (!COLUMNS.includes(column))
      at(
        `unknown column \`${column}\``,
        nearest === undefined ? `known: ${COLUMNS.join(", ")}` : `did you mean \`${nearest}\`?`,
      );
    else if (columns.indexOf(column) !== index) at(`the column \`${column}\` is there twice`, "take one away");
  }
  if (!columns.includes("address"))
    at("no column `address`", `the first row names the columns: address, and any of ${COLUMNS.slice(1).join(", ")}`);
  if (faults.length > 0) throw new ConfigFault(faults);
  return columns;
}

function readRow(row: CsvRow, columns: readonly string[], { file, folder }: Source): LocatedEntry | Fault[] {
  const fault = (path: string, problem: string, mend: string): Fault => ({
    file,
    line: row.line,
    column: 0,
    path,
    problem,
    mend,
  });
  if (row.cells.length > columns.length)
    return [
      fault(
        "",
        `${row.cells.length} cells where the header has ${columns.length}`,
        "a cell that contains a comma stands in quotes",
      ),
    ];
  const cells = Object.fromEntries(
    columns.map((column, index) => [column, row.cells[index] ?? ""]).filter(([, cell]) => cell !== ""),
  );
  if (cells["password"] !== undefined && cells["password_file"] !== undefined)
    return [fault("password", "both `password` and `password_file` are given", "leave one empty")];
  const value = entryValue(cells);
  const result = readAt({ folder, environment: process.env }, () => accountEntry.safeParse(value));
  if (result.success) return { entry: result.data, fault };
  return explainIssues(result.error.issues, value, expectationsOf(accountEntry, value)).map(({ path, problem, mend }) =>
    fault(path.join("."), problem, mend),
  );
}

function entryValue({ password_file: file, port, identities, ...cells }: Readonly<Record<string, string>>): unknown {
  return {
    ...cells,
    ...(identities === undefined ? {} : { identities: identities.split(/[\s,]+/) }),
    ...(file === undefined ? {} : { password: { file } }),
    ...(port === undefined ? {} : { port: /^\d+$/.test(port) ? Number(port) : port }),
  };
}

function csvWarnings(entries: readonly LocatedEntry[], file: string): Fault[] {
  const plain = entries.find(({ entry }) => entry.password?.isPlain === true);
  if (plain === undefined || !isReadableByOthers(file)) return [];
  return [
    plain.fault("password", "every user of this machine can read the passwords of this file", `chmod 600 ${file}`),
  ];
}
