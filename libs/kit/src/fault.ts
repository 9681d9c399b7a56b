/** One thing that is wrong in a configuration file, where it stands and how to mend it. */
export interface Fault {
  /** The file as it was named by whoever started the service. */
  readonly file: string;
  /** 1-based; 0 where the fault belongs to the file as a whole. */
  readonly line: number;
  /** 1-based; 0 where the fault belongs to the line or the file as a whole. */
  readonly column: number;
  /** The key in question, `imap.sign_in.method`; empty where there is none. */
  readonly path: string;
  readonly problem: string;
  readonly mend: string;
}

/** How many faults are written out; the rest is counted. */
const SHOWN_FAULTS = 50;

/** `file:line:column: path: problem (mend)`. */
export function formatFault(fault: Fault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== 0).join(":");
  const path = fault.path === "" ? "" : `${fault.path}: `;
  const mend = fault.mend === "" ? "" : ` (${fault.mend})`;
  return `${place}: ${path}${fault.problem}${mend}`;
}

/** The configuration cannot be used. Carries every fault found, in the order of the file. */
export class ConfigFault extends Error {
  override readonly name = "ConfigFault";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[], options?: ErrorOptions) {
    const shown = faults.slice(0, SHOWN_FAULTS).map(formatFault);
    if (faults.length > shown.length) shown.push(`… and ${faults.length - shown.length} more`);
    super(shown.join("\n"), options);
    this.faults = faults;
  }
}
