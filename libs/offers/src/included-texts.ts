import { includedScripts, limitTable, type ScriptName, type ScriptSource } from "@tamis/sieve";

/** An account's own script of this name; `null`: there is none. */
export type ReadScript = (name: string) => Promise<string | null>;

/** What a script includes. */
export interface IncludedTexts {
  /** For `compile`. There are no global scripts (RFC 6609 §3.2) yet: none is found. */
  readonly source: ScriptSource;
  /** Name and text of each, in the order they were found. */
  readonly texts: readonly (readonly [name: string, text: string | null])[];
}

/** Fetches what a script includes, and what that includes, each once: as many as `compile` lets be included. */
export async function includedTexts(text: string, read: ReadScript): Promise<IncludedTexts> {
  const found = new Map<string, string | null>();
  const open = personal(text);
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    if (found.has(name)) continue;
    if (found.size >= limitTable.includes.value) break;
    const included = await read(name);
    found.set(name, included);
    if (included !== null) open.push(...personal(included));
  }
  return {
    source: ({ location, name }) => (location === "global" ? null : (found.get(name) ?? null)),
    texts: [...found],
  };
}

function personal(text: string): string[] {
  return includedScripts(text).flatMap(({ location, name }: ScriptName) => (location === "personal" ? [name] : []));
}
