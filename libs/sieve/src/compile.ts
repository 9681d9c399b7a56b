import type { Diagnostic, Locale } from "./diagnostic.ts";
import type { Limits } from "./limits.ts";
import type { Program } from "./program.ts";

/** What a script may use here, and how to speak about it. */
export interface CompileOptions {
  /** What `require` may name; default: everything known. Anything else is refused at its position. */
  readonly capabilities?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Language of the messages; default English. */
  readonly locale?: Locale;
}

/** A program with its warnings, or everything that is wrong with the script. */
export type Compiled =
  | { readonly ok: true; readonly program: Program; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Compiles a script (RFC 5228). Never throws on any text. */
export function compile(_text: string, _options: CompileOptions = {}): Compiled {
  throw new Error("compile is being built");
}

/** Everything `require` may name in this library. */
export function capabilities(): readonly string[] {
  return [];
}
