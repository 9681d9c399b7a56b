import { compileForAccount, type GlobalScripts, type Offer } from "@tamis/offers";
import { renderDiagnostic } from "@tamis/sieve";
import type { ScriptTables } from "./script-tables.ts";
import type { Language } from "./texts.ts";

/** A script compiled, as it is told to its owner. */
export type CheckedScript =
  /** `warnings` is empty where there are none. */
  { readonly kind: "good"; readonly warnings: string } | { readonly kind: "bad"; readonly errors: string };

export interface CheckDeps {
  /** The account's scripts, which others may include. */
  readonly tables: Pick<ScriptTables, "get">;
  /** What an account's scripts may use; of `null`: what the installation offers to accounts on its own server. */
  readonly offerOf: (accountId: string | null) => Pick<Offer, "names" | "abilities" | "lists">;
  /** Which of these folders an account has; `null`: not known now. */
  readonly existingFolders: (accountId: string, folders: readonly string[]) => Promise<readonly string[] | null>;
  /** Those that everybody may include. */
  readonly globals: GlobalScripts;
  readonly language: Language;
}

/** Compiles a script as `filter` will for the account; its name stands before each line number. */
export async function checkScript(
  { name, text }: { readonly name: string; readonly text: string },
  accountId: string,
  { tables, offerOf, existingFolders, globals, language }: CheckDeps,
): Promise<CheckedScript> {
  const compiled = await compileForAccount(text, {
    offer: offerOf(accountId),
    locale: language,
    name,
    read: async (included) => (await tables.get(accountId, included))?.text ?? null,
    globals,
    existing: (folders) => existingFolders(accountId, folders),
  });
  const told = (compiled.ok ? compiled.warnings : compiled.diagnostics)
    .map((diagnostic) => renderDiagnostic(diagnostic, text, name, language))
    .join("\n");
  return compiled.ok ? { kind: "good", warnings: told } : { kind: "bad", errors: told };
}

/** Whether it compiles is all that counts: nobody is asked about folders. */
export const withoutFolders = (deps: CheckDeps): CheckDeps => ({ ...deps, existingFolders: async () => null });
