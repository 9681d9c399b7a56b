import { createHash } from "node:crypto";
import { relative } from "node:path";
import type { Bus } from "@tamis/bus";
import { type ActiveScript, buckets, type StoredScript, storedScriptKey } from "@tamis/contracts";
import { compile, renderDiagnostic } from "@tamis/sieve";
import type { Language } from "./language.ts";
import type { SchoolAccount } from "./school.ts";

/** Every error in the accounts' scripts, as `tamis sieve check` prints them: a text per faulty script. */
export function faultyScripts(accounts: readonly SchoolAccount[], language: Language): readonly string[] {
  return accounts.flatMap(({ script }) => {
    if (script === undefined) return [];
    const compiled = compile(script.text, { locale: language });
    if (compiled.ok) return [];
    const name = relative(process.cwd(), script.file);
    return [compiled.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, script.text, name)).join("\n")];
  });
}

const bytes = (record: ActiveScript | StoredScript): Uint8Array => new TextEncoder().encode(JSON.stringify(record));
const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Stores and activates each owner's script, as `tamis scripts put` and `activate` do. */
export async function activateScripts(bus: Bus, accounts: readonly SchoolAccount[]): Promise<void> {
  const bucket = await bus.bucket(buckets.scripts);
  const store = async ({ id, script }: SchoolAccount): Promise<void> => {
    if (script === undefined) return;
    const { name, text } = script;
    await bucket.put(storedScriptKey(id, name), bytes({ v: 1, name, text, at: Date.now() }));
    await bucket.put(id, bytes({ v: 1, name, version: versionOf(text), text }));
  };
  await Promise.all(accounts.map(store));
}
