import { parserHints, registry } from "./compile.ts";
import { parse as readConcrete } from "./concrete-tree.ts";
import { type Diagnostic, diagnose, type Locale } from "./diagnostic.ts";
import { layOut } from "./layout.ts";
import { limitTable } from "./limits.ts";
import { parse } from "./parser.ts";
import { LineMap } from "./source.ts";

/** A script laid out, or the syntax errors for which it is left alone. */
export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Lays a script out: see `layOut`. What the script means stays: it compiles to the same program but for positions.
 * A script with syntax errors is left alone. Never throws.
 */
export function format(text: string, locale: Locale = "en"): Formatted {
  const diagnostics: Diagnostic[] = [];
  const lines = new LineMap(text);
  parse(text, {
    nesting: limitTable.nesting.value,
    hints: parserHints(registry),
    report: (code, at, parameters = {}) =>
      diagnostics.push(diagnose({ code, span: lines.span(at), parameters }, locale)),
  });
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, text: layOut(readConcrete(text)) };
}
