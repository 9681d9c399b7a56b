import { type Compiled, compile, type Diagnostic, renderDiagnostic } from "@tamis/sieve";
import type { Surroundings } from "./surroundings.ts";

/** A diagnostic as `--json` prints it. */
export interface ReportedDiagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Diagnostic["severity"];
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A script compiled, with what is to be said about it. */
export interface CheckedScript {
  readonly compiled: Compiled;
  readonly errors: number;
  /** `file:line:column: error: …`, the line, a caret; one text per diagnostic. */
  readonly rendered: readonly string[];
  readonly reported: readonly ReportedDiagnostic[];
}

export function checkScript(text: string, file: string, io: Surroundings): CheckedScript {
  const compiled = compile(text, { locale: io.locale });
  const diagnostics = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return {
    compiled,
    errors: diagnostics.filter((d) => d.severity === "error").length,
    rendered: diagnostics.map((d) => renderDiagnostic(d, text, file, io.locale)),
    reported: diagnostics.map(({ severity, code, message, hint, span }) => ({
      file,
      line: span.line,
      column: span.column,
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
    })),
  };
}
