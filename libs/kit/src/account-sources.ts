import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { AccountEntry, AccountsRead, LocatedEntry } from "./account-entry.ts";
import { readAccountsCsv } from "./accounts-csv.ts";
import { ConfigFault } from "./fault.ts";
import { formatPath, parseLocated, readText, secretWarnings } from "./load-settings.ts";
import { type LocatedYaml, type Path, readYaml } from "./located-yaml.ts";
import { errorCode } from "./secret.ts";
import { accountEntry } from "./sections.ts";

/** The entries of `accounts.list`, parsed already. */
export function readList(list: readonly AccountEntry[], file: string, yaml: LocatedYaml): AccountsRead {
  const entries = list.map((entry, index) => locatedInYaml(entry, { file, yaml, path: ["accounts", "list", index] }));
  return { entries, faults: [], warnings: [] };
}

function locatedInYaml(
  entry: AccountEntry,
  { file, yaml, path }: { file: string; yaml: LocatedYaml; path: Path },
): LocatedEntry {
  return {
    entry,
    fault: (key, problem, mend) => ({
      file,
      ...yaml.placeOf([...path, key]),
      path: formatPath([...path, key]),
      problem,
      mend,
    }),
  };
}

/** The rows of a CSV file. */
export function readCsv(file: string, folder: string): AccountsRead {
  return collectingFaults(() =>
    readAccountsCsv(readText(file, "mend accounts.file in tamis.yaml, or write the file"), { file, folder }),
  );
}

/** Remembers what a file of the folder gave, for as long as its size and time stay: a folder may hold 25,000 of them. */
export type FolderMemory = Map<string, { readonly version: string; readonly read: AccountsRead }>;

/** One YAML file per account: `*.yaml` and `*.yml`, hidden ones left out. Relative paths start at `settingsFolder`. */
export function readFolder(folder: string, settingsFolder: string, memory: FolderMemory): AccountsRead {
  return collectingFaults(() => {
    const names = listFolder(folder);
    const seen = new Set(names);
    for (const name of memory.keys()) if (!seen.has(name)) memory.delete(name);
    const parts = names.map((name) =>
      remembered(join(folder, name), memory, (path) => readAccountFile(path, settingsFolder)),
    );
    return {
      entries: parts.flatMap(({ entries }) => entries),
      faults: parts.flatMap(({ faults }) => faults),
      warnings: parts.flatMap(({ warnings }) => warnings),
    };
  });
}

/** Names of the account files in a folder, sorted. Throws a {@link ConfigFault} where it cannot be read. */
function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isAccountFile).toSorted();
  } catch (cause) {
    throw new ConfigFault(
      [
        {
          file: folder,
          line: 0,
          column: 0,
          path: "accounts.folder",
          problem: `cannot be read: ${errorCode(cause)}`,
          mend: "make the folder, or name another",
        },
      ],
      { cause },
    );
  }
}

/** Whether a name in `accounts.folder` is an account's. */
export function isAccountFile(name: string): boolean {
  return /^[^.].*\.ya?ml$/i.test(name);
}

function remembered(path: string, memory: FolderMemory, read: (path: string) => AccountsRead): AccountsRead {
  const name = basename(path);
  const version = versionOf(path);
  const known = memory.get(name);
  if (known !== undefined && version !== "" && known.version === version) return known.read;
  const fresh = collectingFaults(() => read(path));
  memory.set(name, { version, read: fresh });
  return fresh;
}

/** Changes whenever the file does; empty where it is gone. */
export function versionOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return "";
  }
}

function readAccountFile(path: string, folder: string): AccountsRead {
  const yaml = readYaml(readFileSync(path, "utf8"), path);
  if (yaml.faults.length > 0) return { entries: [], faults: yaml.faults, warnings: [] };
  const entry = parseLocated(accountEntry, yaml.value ?? {}, { path, yaml, folder });
  return {
    entries: [locatedInYaml(entry, { file: path, yaml, path: [] })],
    faults: [],
    warnings: secretWarnings(path, entry, yaml),
  };
}

function collectingFaults(read: () => AccountsRead): AccountsRead {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigFault) return { entries: [], faults: error.faults, warnings: [] };
    throw error;
  }
}
