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

export interface OrganisationOptions {
  readonly settings: Pick<FilterSettings, "organisation" | "verdict">;
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
  const files = {
    before: before.map((path) => new ScriptFile(path, options.onUnusable)),
    after: typeof after === "string" ? [] : after.map((path) => new ScriptFile(path, options.onUnusable)),
  };
  const builtIn =
    after === "default" && options.settings.verdict !== undefined
      ? [usable(organisationScript("default", DEFAULT_AFTER))]
      : [];
  let checkedAt = options.clock();
  return {
    scripts() {
      const now = options.clock();
      const isDue = now - checkedAt >= RECHECK_MS;
      if (isDue) checkedAt = now;
      const current = (file: ScriptFile): OrganisationScript => (isDue ? file.read() : file.script);
      return { before: files.before.map(current), after: [...files.after.map(current), ...builtIn] };
    },
  };
}

class ScriptFile {
  readonly #path: string;
  readonly #onUnusable: OrganisationOptions["onUnusable"];
  #version: string;
  script: OrganisationScript;

  constructor(path: string, onUnusable: OrganisationOptions["onUnusable"]) {
    this.#path = path;
    this.#onUnusable = onUnusable;
    this.#version = versionOf(path);
    this.script = usable(readScript(path));
  }

  /** The script as it is now; a faulty new version is told of once. */
  read(): OrganisationScript {
    const version = versionOf(this.#path);
    if (version === this.#version) return this.script;
    this.#version = version;
    try {
      const read = readScript(this.#path);
      if (read.ok) this.script = read.script;
      else this.#onUnusable({ file: this.#path, codes: read.diagnostics.map((d) => `${d.code}:${d.span.line}`) });
    } catch {
      this.#onUnusable({ file: this.#path, codes: ["unreadable"] });
    }
    return this.script;
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
