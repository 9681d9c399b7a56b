import type { DiagnosticParameters } from "./diagnostic.ts";

/** What the keys of a script take in all, counted while they are checked, and what they may name. */
export interface ScriptTotals {
  regexStates: number;
  /** The external lists that there are, by `listName`; null: nobody knows. */
  readonly lists: ReadonlySet<string> | null;
}

/** Something wrong with a key. */
export interface KeyProblem {
  readonly severity?: "error" | "warning";
  readonly code: string;
  readonly parameters?: DiagnosticParameters;
}
