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

interface KnownToCheck extends Pick<Surroundings, "locale"> {
  /** The owner's folders, where they are known. */
  readonly mailboxes?: readonly string[] | undefined;
}

export function checkScript(text: string, file: string, { locale, mailboxes }: KnownToCheck): CheckedScript {
  const compiled = compile(text, { locale, ...(mailboxes === undefined ? {} : { mailboxes }) });
  const diagnostics = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return {
    compiled,
    errors: diagnostics.filter((d) => d.severity === "error").length,
    rendered: diagnostics.map((d) => renderDiagnostic(d, text, file, locale)),
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
