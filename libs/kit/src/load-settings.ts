import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { expectationsOf } from "./expectation.ts";
import { ConfigFault, type Fault } from "./fault.ts";
import { type Explained, explainIssues } from "./issue-faults.ts";
import { type LocatedYaml, type Path, readYaml } from "./located-yaml.ts";
import { newPath } from "./path-schema.ts";
import { readAt } from "./reading-place.ts";
import { errorCode, isReadableByOthers, Secret } from "./secret.ts";
import { logSection, natsSection, telemetrySection } from "./sections.ts";
import type { Sections, Settings } from "./settings.ts";

/** Sections that some service has: another service lets them be. */
const KNOWN_SECTIONS = [
  "imap",
  "accounts",
  "mailbox",
  "filter",
  "antispam",
  "imapsieve",
  "drafts",
  "outbox",
  "programs",
  "receipts",
  "archive",
  "scripts",
  "console",
  "store",
  "doors",
];

const NO_FILE = "name it with --config FILE or TAMIS_CONFIG; README.md shows a complete one";

const sharedSections = {
  state_dir: newPath("a folder for what a service keeps on its own disk").prefault("./.tamis/state"),
  nats: natsSection,
  telemetry: telemetrySection,
  log: logSection,
};

/** A file that was read and found good. */
export interface ReadFile<T> {
  readonly value: T;
  readonly yaml: LocatedYaml;
}

/** Reads tamis.yaml. Throws one {@link ConfigFault} with every fault found. */
export function loadSettings<S extends Sections>(path: string, sections: S): Settings<S> {
  const { value, yaml } = readConfiguration(path, { ...sharedSections, ...sections });
  const warnings = secretWarnings(path, value, yaml);
  // Proof: `value` was parsed by exactly these schemas.
  return { ...value, file: resolve(path), folder: dirname(resolve(path)), warnings } as unknown as Settings<S>;
}

function readConfiguration(path: string, sections: Sections): ReadFile<Readonly<Record<string, unknown>>> {
  const others = Object.fromEntries(KNOWN_SECTIONS.map((name) => [name, z.unknown().optional()]));
  return readWith(path, sections, z.strictObject({ ...others, ...sections }));
}

/** The sections that tamis.yaml has; throws a {@link ConfigFault} where it cannot be read. */
export function sectionNames(path: string): readonly string[] {
  const { value, faults } = readYaml(readText(path, NO_FILE), path);
  if (faults.length > 0) throw new ConfigFault(faults);
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

/** Reads some sections of tamis.yaml and lets all others be. */
export function readSections(path: string, sections: Sections): ReadFile<Readonly<Record<string, unknown>>> {
  return readWith(path, sections, z.looseObject({ ...sections }));
}

/** An absent section is read as if it were empty. */
function readWith(path: string, sections: Sections, schema: z.ZodObject): ReadFile<Readonly<Record<string, unknown>>> {
  const yaml = readYaml(readText(path, NO_FILE), path);
  if (yaml.faults.length > 0) throw new ConfigFault(yaml.faults);
  const all = parseLocated(schema, withEmptySections(yaml.value, sections), { path, yaml });
  // The others were not parsed: a secret in them would still be plain text.
  return { value: Object.fromEntries(Object.entries(all).filter(([name]) => name in sections)), yaml };
}

/** Parses what was read of `path`; its faults stand where the values do. */
export function parseLocated<T extends z.ZodType>(
  schema: T,
  value: unknown,
  source: { readonly path: string; readonly yaml: LocatedYaml; readonly folder?: string },
): z.output<T> {
  const folder = source.folder ?? dirname(resolve(source.path));
  const result = readAt({ folder, environment: process.env }, () => schema.safeParse(value));
  if (result.success) return result.data;
  const explained = explainIssues(result.error.issues, value, expectationsOf(schema, value));
  const faults = explained.map((fault) => locate(fault, source.path, source.yaml));
  throw new ConfigFault(faults.toSorted((a, b) => a.line - b.line || a.column - b.column));
}

function locate({ path, at, problem, mend }: Explained, file: string, yaml: LocatedYaml): Fault {
  const place = at === "key" ? yaml.placeOfKey(path) : yaml.placeOf(path);
  return { file, ...place, path: formatPath(path), problem, mend };
}

/** `accounts.list[2].address`. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`))
    .join("");
}

function withEmptySections(value: unknown, sections: Sections): unknown {
  if (value !== null && (typeof value !== "object" || Array.isArray(value))) return value;
  const empty = Object.fromEntries(
    Object.keys(sections)
      .filter((name) => name !== "state_dir")
      .map((name) => [name, {}]),
  );
  const written = Object.entries(value ?? {}).filter(([name, section]) => section !== null || !(name in sections));
  return { ...empty, ...Object.fromEntries(written) };
}

/** The text of a file of the configuration; throws a {@link ConfigFault} where it cannot be read. */
export function readText(path: string, mend: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const problem = errorCode(cause) === "ENOENT" ? "there is no such file" : `cannot be read: ${errorCode(cause)}`;
    throw new ConfigFault(
      [
        {
          file: path,
          line: 0,
          column: 0,
          path: "",
          problem,
          mend,
        },
      ],
      { cause },
    );
  }
}

/** One warning per secret that every user of the machine can read. */
export function secretWarnings(file: string, value: unknown, yaml: LocatedYaml): Fault[] {
  const open = isReadableByOthers(file);
  return secretsIn(value, []).flatMap(({ path, secret }) => {
    const exposed = secret.isPlain ? open : secret.file !== null && isReadableByOthers(secret.file);
    if (!exposed) return [];
    const where = secret.file ?? file;
    return [
      {
        file,
        ...yaml.placeOf(path),
        path: formatPath(path),
        problem: "every user of this machine can read this secret",
        mend: `chmod 600 ${where}`,
      },
    ];
  });
}

function secretsIn(value: unknown, path: Path): { path: Path; secret: Secret }[] {
  if (value instanceof Secret) return [{ path, secret: value }];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => secretsIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsIn(item, [...path, key]));
}
