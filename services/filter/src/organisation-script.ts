import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { filePath } from "@tamis/kit";
import { type Ability, abilities, compile, type Diagnostic, type Program } from "@tamis/sieve";

/** A script of the organisation, from a file: every account has it. */
export interface OrganisationScript {
  readonly name: string;
  readonly program: Program;
}

/** A script as it was read, or what is wrong with it. */
export type ReadScript =
  | { readonly ok: true; readonly script: OrganisationScript }
  | { readonly ok: false; readonly path: string; readonly diagnostics: readonly Diagnostic[] };

/** What there is for a script that runs on IMAP events (RFC 6785 §3.11). */
const AFTER_DELIVERY: ReadonlySet<Ability> = withoutDelivery(abilities);

/** The same abilities for a script that runs on IMAP events: what answers a delivery is refused. */
export function withoutDelivery(there: Iterable<Ability>): ReadonlySet<Ability> {
  return new Set([...there].filter((ability) => ability !== "delivery"));
}

/** Compiles the text of a script of the organisation; `event`: it runs on IMAP events. */
export function organisationScript(path: string, text: string, event = false): ReadScript {
  const compiled = compile(text, event ? { abilities: AFTER_DELIVERY } : {});
  return compiled.ok
    ? { ok: true, script: { name: basename(path), program: compiled.program } }
    : { ok: false, path, diagnostics: compiled.diagnostics };
}

/** Reads and compiles a script of the organisation; throws what reading the file throws. */
export function readScript(path: string, event = false): ReadScript {
  return organisationScript(path, readFileSync(path, "utf8"), event);
}

/** Where in the file something is wrong, and what. */
export function placed(path: string, { span, message }: Diagnostic): string {
  return `${path}:${span.line}:${span.column}: ${message}`;
}

/** A setting that names a script: it must be there and compile, or the configuration is at fault at its line and column. */
export function scriptFile(meaning: string, event = false) {
  return filePath(meaning).superRefine((path, context) => {
    const fault = (message: string, mend: string): void =>
      context.addIssue({ code: "custom", message, params: { mend } });
    try {
      const read = readScript(path, event);
      if (read.ok) return;
      for (const diagnostic of read.diagnostics) {
        if (diagnostic.severity === "error") fault(placed(path, diagnostic), diagnostic.hint ?? "mend the script");
      }
    } catch (error) {
      // A file that is not there was told of by `filePath`.
      if (existsSync(path)) fault(`${path} cannot be read: ${errorCode(error)}`, "let the service read it");
    }
  });
}

const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unreadable";
