import type { DiagnosticParameters } from "./diagnostic.ts";

/** What the keys of a script take in all, counted while they are checked. */
export interface ScriptTotals {
  regexStates: number;
}

/** Something wrong with a key. */
export interface KeyProblem {
  readonly severity?: "error" | "warning";
  readonly code: string;
  readonly parameters?: DiagnosticParameters;
}
