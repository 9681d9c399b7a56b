import type { ArgumentTree, TagTree } from "./ast.ts";
import type { Compilation, Place } from "./check-context.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";
import type { ArgumentValue } from "./program.ts";
import type { Extent } from "./source.ts";

/** A command or test with its arguments as they are written. */
export interface Call extends Extent {
  readonly name: string;
  readonly arguments: readonly ArgumentTree[];
}

/** The arguments of one call while they are being resolved. */
export class ArgumentsDraft {
  readonly call: Call;
  readonly compilation: Compilation;
  readonly values: Record<string, ArgumentValue> = {};
  /** Where each argument stands. */
  readonly places: Record<string, Place> = {};
  /** No required argument is missing or of a wrong kind. */
  complete = true;
  #taken = 0;

  constructor(call: Call, compilation: Compilation) {
    this.call = call;
    this.compilation = compilation;
  }

  /** The argument after those taken so far. */
  get next(): ArgumentTree | undefined {
    return this.call.arguments[this.#taken];
  }

  /** Takes the next argument. */
  take(): void {
    this.#taken++;
  }

  say(at: Extent, code: string, parameters: DiagnosticParameters = {}): void {
    this.compilation.report(at, { code, parameters: { name: this.call.name, ...parameters } });
  }

  /** Says so when a tag needs a capability that is not required. */
  needs(tag: TagTree, capability: string | null): void {
    if (this.compilation.allows(capability)) return;
    this.say(tag, "tag-needs-require", { tag: tag.name, capability: capability ?? "" });
  }
}
