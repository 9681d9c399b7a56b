import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Where a server comes from: a program on this machine or a container image. */
export type ServerSource =
  | { readonly kind: "binary"; readonly path: string }
  | { readonly kind: "container"; readonly image: string };

/** Where a server has to listen to be reached from loopback and, as far as possible, from nowhere else. */
export function listenAddress(source: ServerSource): "127.0.0.1" | "0.0.0.0" {
  return source.kind === "binary" || process.platform === "linux" ? "127.0.0.1" : "0.0.0.0";
}

/** `variable` names the program or the folder it lies in. */
type Wanted = {
  readonly name: "nats" | "dovecot" | "postgres" | "slapd";
  readonly program: string;
  readonly variable: string;
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** `.tamis/servers.json`, which setup wrote, in the checkout that this file belongs to. */
function recorded(name: string): ServerSource | undefined {
  const file = join(dirname(import.meta.dirname), "../../.tamis/servers.json");
  if (!existsSync(file)) return undefined;
  const entry: unknown = JSON.parse(readFileSync(file, "utf8"))?.[name];
  if (typeof entry !== "object" || entry === null) return undefined;
  if ("path" in entry && typeof entry.path === "string" && isProgram(entry.path)) {
    return { kind: "binary", path: entry.path };
  }
  if ("image" in entry && typeof entry.image === "string") return { kind: "container", image: entry.image };
  return undefined;
}

/** Debian keeps each version of PostgreSQL out of PATH, in a folder of its own; the newest first. */
function versionFolders(): string[] {
  const folder = "/usr/lib/postgresql";
  if (!existsSync(folder)) return [];
  const versions = readdirSync(folder).filter((version) => /^\d+$/.test(version));
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(folder, version, "bin"));
}

function inPath(program: string): ServerSource | undefined {
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    "/usr/local/sbin",
    "/usr/sbin",
    "/opt/homebrew/sbin",
    ...versionFolders(),
  ];
  const path = folders.map((folder) => join(folder, program)).find(isProgram);
  return path === undefined ? undefined : { kind: "binary", path };
}

/** A program in PATH or where system programs lie. @throws Error with the command to type when it is nowhere */
export function locateProgram(program: string): string {
  const found = inPath(program);
  if (found?.kind === "binary") return found.path;
  throw new Error(`${program} is not on this machine. Type: npm run setup`);
}

/**
 * Finds a server: its variable, then what setup recorded, then PATH.
 * @throws Error with the command to type when it is nowhere
 */
export function locateServer({ name, program, variable }: Wanted): ServerSource {
  const named = process.env[variable];
  if (named) {
    const path = [named, join(named, program)].find(isProgram);
    if (path) return { kind: "binary", path };
    throw new Error(`${variable} names ${named}, which is not the program ${program}`);
  }
  const found = recorded(name) ?? inPath(program);
  if (found) return found;
  throw new Error(`${program} is not on this machine. Type: npm run setup (or set ${variable})`);
}
