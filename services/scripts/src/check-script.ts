import { type Compiled, compile, renderDiagnostic } from "@tamis/sieve";
import type { Language } from "./texts.ts";

/** A script compiled, as it is told to its owner. */
export type CheckedScript =
  /** `warnings` is empty where there are none. */
  { readonly kind: "good"; readonly warnings: string } | { readonly kind: "bad"; readonly errors: string };

export interface CheckOptions {
  /** What `require` may name for this account. */
  readonly extensions: readonly string[];
  readonly language: Language;
}

/** Compiles `text` as `filter` would; `name` stands before each line number. */
export function checkScript(text: string, name: string, { extensions, language }: CheckOptions): CheckedScript {
  const compiled: Compiled = compile(text, { capabilities: extensions, locale: language });
  const told = (compiled.ok ? compiled.warnings : compiled.diagnostics)
    .map((diagnostic) => renderDiagnostic(diagnostic, text, name, language))
    .join("\n");
  return compiled.ok ? { kind: "good", warnings: told } : { kind: "bad", errors: told };
}
