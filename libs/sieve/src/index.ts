export type { Action, Discard, Fileinto, Keep, Redirect } from "./actions.ts";
export { type Compiled, type CompileOptions, capabilities, compile } from "./compile.ts";
export {
  type Diagnostic,
  type DiagnosticParameters,
  type Locale,
  renderDiagnostic,
  translate,
} from "./diagnostic.ts";
export type { EnvelopeFacts, Facts, Need, NeedOfProgram, Outcome, ProgramResult, RuntimeError, TestMatch, TraceStep } from "./facts.ts";
export { run } from "./interpreter.ts";
export { type Limits, limitTable } from "./limits.ts";
export {
  applyEdits,
  type Enclose,
  type MessageEdit,
  PartNotEditable,
  type PartPath,
  type ReplacePart,
} from "./message-edits.ts";
export { type Origin, type Program, programVersion, type Uses } from "./program.ts";
export type { Span } from "./source.ts";
