import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** The scripts that every account may include by `include :global` (RFC 6609 §3.2). */
export interface GlobalScripts {
  /** In the order of the alphabet. */
  names(): readonly string[];
  /** `null`: there is none of that name. */
  read(name: string): string | null;
  /** Another one whenever a script changed, came or went. */
  version(): string;
}

export interface GlobalScriptsOptions {
  /** Its files `<name>.sieve` are the scripts; null: there are none. */
  readonly folder: string | null;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** A file, or the folder, that cannot be used, once until that changes. */
  readonly onUnusable: (fields: { readonly file: string; readonly code: string }) => void;
}

/** The folder is looked at again by who asks after so long. */
const RECHECK_MS = 2_000;
const SUFFIX = ".sieve";
const WRITABLE_BY_OTHERS = 0o022;

interface Script {
  readonly version: string;
  readonly text: string;
}

/**
 * Opens the folder of the global scripts. Whoever could write there could act on everybody's mail: what its group or others may
 * write is left out. What cannot be read any more stays as it was.
 */
export function openGlobalScripts(options: GlobalScriptsOptions): GlobalScripts {
  return new ScriptFolder(options);
}

class ScriptFolder implements GlobalScripts {
  readonly #options: GlobalScriptsOptions;
  readonly #told = new Map<string, string>();
  #scripts: ReadonlyMap<string, Script> = new Map();
  #version = "";
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(options: GlobalScriptsOptions) {
    this.#options = options;
  }

  names(): readonly string[] {
    return [...this.#now().keys()];
  }

  read(name: string): string | null {
    return this.#now().get(name)?.text ?? null;
  }

  version(): string {
    this.#now();
    return this.#version;
  }

  #now(): ReadonlyMap<string, Script> {
    const { folder, clock } = this.#options;
    const now = clock();
    if (folder === null || now - this.#checkedAt < RECHECK_MS) return this.#scripts;
    this.#checkedAt = now;
    const scripts = this.#look(folder);
    if (scripts === null) return this.#scripts;
    this.#scripts = scripts;
    this.#version = [...scripts].map(([name, { version }]) => `${name} ${version}`).join("\n");
    return scripts;
  }

  /** `null`: nobody can tell now. */
  #look(folder: string): ReadonlyMap<string, Script> | null {
    const scripts = new Map<string, Script>();
    try {
      if (!this.#isSafe(folder, statSync(folder))) return scripts;
      for (const file of readdirSync(folder).toSorted()) {
        const name = file.slice(0, -SUFFIX.length);
        if (!file.endsWith(SUFFIX) || name === "") continue;
        const script = this.#readFile(join(folder, file), this.#scripts.get(name));
        if (script !== null) scripts.set(name, script);
      }
      return scripts;
    } catch (error) {
      this.#tell(folder, codeOf(error));
      return null;
    }
  }

  #readFile(path: string, before: Script | undefined): Script | null {
    try {
      const found = statSync(path);
      if (!found.isFile() || !this.#isSafe(path, found)) return null;
      const version = `${found.mtimeMs} ${found.size} ${found.ino}`;
      return before?.version === version ? before : { version, text: readFileSync(path, "utf8") };
    } catch (error) {
      this.#tell(path, codeOf(error));
      return before ?? null;
    }
  }

  #isSafe(path: string, { mode }: Stats): boolean {
    const isSafe = (mode & WRITABLE_BY_OTHERS) === 0;
    if (isSafe) this.#told.delete(path);
    else this.#tell(path, "writable-by-others");
    return isSafe;
  }

  #tell(file: string, code: string): void {
    if (this.#told.get(file) === code) return;
    this.#told.set(file, code);
    this.#options.onUnusable({ file, code });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "unreadable";
