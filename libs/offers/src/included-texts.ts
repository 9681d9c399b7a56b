import { includedScripts, limitTable, type ScriptName, type ScriptSource } from "@tamis/sieve";
import type { GlobalScripts } from "./global-scripts.ts";

/** An account's own script of this name; `null`: there is none. */
export type ReadScript = (name: string) => Promise<string | null>;

/** Where included scripts come from. */
export interface ScriptPlaces {
  readonly read: ReadScript;
  readonly globals: Pick<GlobalScripts, "read">;
}

/** What a script includes. */
export interface IncludedTexts {
  /** For `compile`. */
  readonly source: ScriptSource;
  /** Each in the order they were found; `text` is null where there is none of that name. */
  readonly texts: readonly (ScriptName & { readonly text: string | null })[];
}

/** Fetches what a script includes, and what that includes, each once: as many as `compile` lets be included. */
export async function includedTexts(text: string, { read, globals }: ScriptPlaces): Promise<IncludedTexts> {
  const found = new Map<string, IncludedTexts["texts"][number]>();
  const open = [...includedScripts(text)];
  for (let script = open.shift(); script !== undefined; script = open.shift()) {
    if (found.has(keyOf(script))) continue;
    if (found.size >= limitTable.includes.value) break;
    const { location, name } = script;
    const included = location === "global" ? globals.read(name) : await read(name);
    found.set(keyOf(script), { location, name, text: included });
    if (included !== null) open.push(...includedScripts(included));
  }
  return { source: (script) => found.get(keyOf(script))?.text ?? null, texts: [...found.values()] };
}

const keyOf = ({ location, name }: ScriptName): string => `${location} ${name}`;
