import { statSync } from "node:fs";
import type { FilterSettings } from "./config.ts";
import {
  type OrganisationScript,
  organisationScript,
  placed,
  type ReadScript,
  readScript,
} from "./organisation-script.ts";

/** The organisation's scripts, in their order. */
export interface OrganisationScripts {
  readonly before: readonly OrganisationScript[];
  readonly after: readonly OrganisationScript[];
}

/** Gives the organisation's scripts as their files are now. */
export interface Organisation {
  scripts(): OrganisationScripts;
}

export interface OrganisationOptions extends ScriptFileOptions {
  readonly settings: Pick<FilterSettings, "organisation" | "verdict">;
}

/** What it takes to follow script files. */
export interface ScriptFileOptions {
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** A changed file that cannot be used: the script before it stays. Place and codes, never its text. */
  readonly onUnusable: (fields: { readonly file: string; readonly codes: readonly string[] }) => void;
}

/** Files are looked at again by the first batch after so long. */
const RECHECK_MS = 2_000;

/**
 * What runs after the owner's script where nothing else is set. Where an anti-spam says what is spam, that goes to Junk; an owner who
 * wants it elsewhere files it, or keeps it by an explicit `keep`.
 */
const DEFAULT_AFTER = `require ["fileinto", "special-use", "spamtestplus", "relational", "comparator-i;ascii-numeric"];
# rule:[Spam]
if allof (spamtest :percent :value "ge" :comparator "i;ascii-numeric" "80", specialuse_exists "\\\\Junk") {
  fileinto :specialuse "\\\\Junk" "Junk";
}
`;

/** Opens the organisation's scripts. They compiled when the configuration was read; one that no longer does throws. */
export function openOrganisation(options: OrganisationOptions): Organisation {
  const { before, after } = options.settings.organisation;
  const files = typeof after === "string" ? [] : after;
  const scriptAt = scriptFiles([...new Set([...before, ...files])], options);
  const builtIn =
    after === "default" && options.settings.verdict !== undefined
      ? [usable(organisationScript("default", DEFAULT_AFTER))]
      : [];
  return { scripts: () => ({ before: before.map(scriptAt), after: [...files.map(scriptAt), ...builtIn] }) };
}

/** The scripts in these files, by path, as the files are now; `event`: they run on IMAP events. Throws where one is at fault at first. */
export function scriptFiles(
  paths: readonly string[],
  { clock, onUnusable, event = false }: ScriptFileOptions & { readonly event?: boolean },
): (path: string) => OrganisationScript {
  const files = new Map(paths.map((path) => [path, new ScriptFile(path, { clock, onUnusable, event })]));
  return (path) => {
    const file = files.get(path);
    if (file === undefined) throw new RangeError("a script file that is not among the settings");
    return file.current();
  };
}

class ScriptFile {
  readonly #path: string;
  readonly #options: Required<ScriptFileOptions & { readonly event?: boolean }>;
  #version: string;
  #script: OrganisationScript;
  #checkedAt: number;

  constructor(path: string, options: Required<ScriptFileOptions & { readonly event?: boolean }>) {
    this.#path = path;
    this.#options = options;
    this.#version = versionOf(path);
    this.#script = usable(readScript(path, options.event));
    this.#checkedAt = options.clock();
  }

  /** The script as it is now; a faulty new version is told of once. */
  current(): OrganisationScript {
    const now = this.#options.clock();
    if (now - this.#checkedAt < RECHECK_MS) return this.#script;
    this.#checkedAt = now;
    const version = versionOf(this.#path);
    if (version === this.#version) return this.#script;
    this.#version = version;
    const { event, onUnusable } = this.#options;
    try {
      const read = readScript(this.#path, event);
      if (read.ok) this.#script = read.script;
      else onUnusable({ file: this.#path, codes: read.diagnostics.map((d) => `${d.code}:${d.span.line}`) });
    } catch {
      onUnusable({ file: this.#path, codes: ["unreadable"] });
    }
    return this.#script;
  }
}

/** Changes whenever the file does. */
function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return `${found?.mtimeMs} ${found?.size} ${found?.ino}`;
}

function usable(read: ReadScript): OrganisationScript {
  if (read.ok) return read.script;
  throw new Error(read.diagnostics.map((diagnostic) => placed(read.path, diagnostic)).join("\n"));
}
