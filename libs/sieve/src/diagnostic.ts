import { catalog, kindNames } from "./messages.ts";
import { lineText, type Span } from "./source.ts";

/** The languages that messages exist in. */
export type Locale = "en" | "fr";

/** What a message names: plain data, so that it can be told in any language later. */
export type DiagnosticParameters = Readonly<Record<string, string | number>>;

/** One thing wrong with a script, and where. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** Stable name of the defect, e.g. "unknown-command". */
  readonly code: string;
  /** What is wrong, in the locale given to `compile`. */
  readonly message: string;
  readonly span: Span;
  /** How to mend it. */
  readonly hint?: string;
  readonly parameters: DiagnosticParameters;
}

/** Tells a diagnostic or runtime error in `locale`. An unknown code is told by its name. */
export function translate(
  said: { readonly code: string; readonly parameters: DiagnosticParameters },
  locale: Locale,
): { readonly message: string; readonly hint?: string } {
  const entry = Object.hasOwn(catalog, said.code) ? catalog[said.code] : undefined;
  if (entry === undefined) return { message: said.code };
  const sentence = entry[locale];
  const message = fill(sentence.message, said.parameters, locale);
  return sentence.hint === undefined ? { message } : { message, hint: fill(sentence.hint, said.parameters, locale) };
}

function fill(pattern: string, parameters: DiagnosticParameters, locale: Locale): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!Object.hasOwn(parameters, name)) return "";
    const value = String(parameters[`${name}-${locale}`] ?? parameters[name]);
    if ((name === "kind" || name === "found") && Object.hasOwn(kindNames, value))
      return kindNames[value]?.[locale] ?? value;
    if (name === "there" && value !== "") return ` (${words[locale].there}${readable(value)})`;
    return name === "meant" && value !== "" ? meant(value, locale) : readable(value);
  });
}

function meant(name: string, locale: Locale): string {
  return locale === "fr" ? ` ; vouliez-vous dire ${name} ?` : `; did you mean ${name}?`;
}

/** Parameters may hold script text: kept on one line and short. */
function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, " ");
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** Makes a diagnostic whose message is told in `locale`. */
export function diagnose(
  said: {
    readonly severity?: "error" | "warning";
    readonly code: string;
    readonly span: Span;
    readonly parameters?: DiagnosticParameters;
  },
  locale: Locale,
): Diagnostic {
  const parameters = said.parameters ?? {};
  return {
    severity: said.severity ?? "error",
    code: said.code,
    ...translate({ code: said.code, parameters }, locale),
    span: said.span,
    parameters,
  };
}

const words = {
  en: { error: "error", warning: "warning", there: "there are: " },
  fr: { error: "erreur", warning: "avertissement", there: "il y a : " },
};

/**
 * `file:line:column: error: …`, the line with a caret below the place, and how to mend it.
 * `locale` re-tells the message; without it the message is used as it is.
 */
export function renderDiagnostic(diagnostic: Diagnostic, text: string, fileName: string, locale?: Locale): string {
  const { span } = diagnostic;
  const told = locale === undefined ? diagnostic : translate(diagnostic, locale);
  const line = lineText(text, span.line);
  const from = Math.min(span.column - 1, line.length);
  const length = Math.max(1, Math.min(span.end - span.start, line.length - from));
  const margin = line.slice(0, from).replace(/[^\t]/g, " ");
  const rows = [
    `${fileName}:${span.line}:${span.column}: ${words[locale ?? "en"][diagnostic.severity]}: ${told.message}`,
    `  ${line}`,
    `  ${margin}^${"~".repeat(length - 1)}`,
  ];
  if (told.hint !== undefined) rows.push(`  → ${told.hint}`);
  return rows.join("\n");
}
