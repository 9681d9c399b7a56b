import type { ArgumentTree } from "./ast.ts";
import type { Compilation } from "./check-context.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";
import type { ArgumentValue } from "./program.ts";
import type { Span } from "./source.ts";

/** A command or test with its arguments as they are written. */
export interface Call {
  readonly name: string;
  readonly span: Span;
  readonly arguments: readonly ArgumentTree[];
}

export interface WrittenTag {
  readonly name: string;
  readonly span: Span;
}

/** The arguments of one call while they are being resolved. */
export class ArgumentsDraft {
  readonly call: Call;
  readonly compilation: Compilation;
  readonly values: Record<string, ArgumentValue> = {};
  /** Where each argument stands; for a list, each of its items. */
  readonly spans = new Map<string, readonly Span[]>();
  /** No required argument is missing or of a wrong kind. */
  complete = true;

  constructor(call: Call, compilation: Compilation) {
    this.call = call;
    this.compilation = compilation;
  }

  say(span: Span, code: string, parameters: DiagnosticParameters = {}): void {
    this.compilation.report(span, { code, parameters: { name: this.call.name, ...parameters } });
  }

  /** Says so when a tag needs a capability that is not required. */
  needs(tag: WrittenTag, capability: string | null): void {
    if (this.compilation.allows(capability)) return;
    this.say(tag.span, "tag-needs-require", { tag: tag.name, capability: capability ?? "" });
  }
}
