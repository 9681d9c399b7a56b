export type { Ability, ExtensionAbility } from "./ability.ts";
export { abilities } from "./ability.ts";
export { actionText } from "./action-text.ts";
export type {
  Action,
  DeliverBy,
  Discard,
  DuplicateMark,
  Fileinto,
  Keep,
  Pipe,
  ProcessCalendar,
  Redirect,
  Report,
  Snooze,
} from "./actions.ts";
export type { Fcc, Notify, NotifyMail, Rejection, Reply, Silence, Vacation } from "./answers.ts";
export { type Compiled, type CompileOptions, capabilities, compile } from "./compile.ts";
export {
  type ConcreteBlock,
  type ConcreteCommand,
  type ConcreteItem,
  type ConcreteList,
  type ConcreteOperand,
  type ConcreteScript,
  type ConcreteTest,
  type ConcreteToken,
  parse,
  print,
  type Trivia,
} from "./concrete-tree.ts";
export {
  type Diagnostic,
  type DiagnosticParameters,
  type Locale,
  renderDiagnostic,
  translate,
} from "./diagnostic.ts";
export type {
  CalendarOutcome,
  DebugMessage,
  EnvelopeExtras,
  EnvelopeFacts,
  Facts,
  ImapEventFacts,
  ListFacts,
  Need,
  NeedOfProgram,
  Outcome,
  OwnerFacts,
  ProgramResult,
  RuntimeError,
  TestMatch,
  TraceStep,
  VacationFacts,
} from "./facts.ts";
export { feedbackReport, type ReportPosting } from "./feedback-report.ts";
export { type Formatted, format } from "./format.ts";
export { includedScripts } from "./included-scripts.ts";
export type { ScriptSource } from "./inclusion.ts";
export { run } from "./interpreter.ts";
export { type Limits, limitTable } from "./limits.ts";
export { listName } from "./list-name.ts";
export {
  applyEdits,
  type Enclose,
  type MessageEdit,
  PartNotEditable,
  type PartPath,
  type ProgramOutputs,
  type ReplacePart,
} from "./message-edits.ts";
export { type Offered, offered, refusedBy } from "./offered.ts";
export { type OutgoingMail, outgoingMail, type Posting } from "./outgoing-mail.ts";
export { type Pattern, patternOf } from "./pattern.ts";
export { type Origin, type Program, programVersion, readsOf, type ScriptName, type Uses } from "./program.ts";
export type { Span } from "./source.ts";
