import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";

/** A figure or a group of them; every figure has its unit in its name. */
export type Figures = { readonly [name: string]: number | string | readonly number[] | Figures };

/** What a scenario found. A ratio above 1 means that we are faster. */
export interface Report {
  readonly scenario: string;
  readonly ours: Figures;
  readonly peers: Readonly<Record<string, Figures>>;
  readonly ceiling: Figures;
  readonly ratios: Readonly<Record<string, number>>;
  /** Settings that the figures depend on. */
  readonly settings: Figures;
}

/** The machine that the figures are of. */
export function machine(): Figures {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model.trim() ?? "unknown",
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

/** Writes the report with the machine; NaN and infinite figures become null. */
export async function writeReport(file: string, report: Report): Promise<void> {
  await writeFile(file, `${JSON.stringify({ ...report, machine: machine() }, null, 2)}\n`);
}

/** Columns aligned by spaces: text to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const isNumeric = head.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) =>
        isNumeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join("  ");
  return texts.map((row) => `  ${line(row).trimEnd()}`).join("\n");
}

/** One line to the person who runs the scenario. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
