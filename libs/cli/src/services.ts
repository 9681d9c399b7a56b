import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigFault, sectionNames } from "@tamis/kit";

/** The services of this checkout that can be run, in the order they are started. */
const ORDER = [
  "mailbox",
  "filter",
  "antispam",
  "outbox",
  "programs",
  "receipts",
  "archive",
  "scripts",
  "console",
] as const;

/** A service and the file that runs it. */
export interface ServiceProgram {
  readonly name: string;
  readonly file: string;
}

const ROOT = new URL("../../../", import.meta.url);

/** Two of them in one process, where new mail is decided on without a way through NATS. */
const SORTER = "sorter";
const IN_SORTER: ReadonlySet<string> = new Set(["mailbox", "filter"]);

const programOf = (name: string): ServiceProgram => ({
  name,
  file: fileURLToPath(new URL(`services/${name}/src/main.ts`, ROOT)),
});

/** Those of the known services that this installation has. */
export function servicePrograms(): readonly ServiceProgram[] {
  return ORDER.map(programOf).filter(({ file }) => existsSync(file));
}

/** What can be named to be run: the services, and `sorter`. */
export function nameablePrograms(): readonly ServiceProgram[] {
  return [programOf(SORTER), ...servicePrograms()];
}

/** They open something to the outside, or keep what people did: nobody should find them by surprise. They run where tamis.yaml has their section. */
const BY_SECTION: ReadonlySet<string> = new Set(["console", "outbox", "programs", "receipts", "scripts"]);

/** Those that run where nobody names any. A configuration that cannot be read leaves none out: each will say what is wrong. */
export function configuredPrograms(config: string): readonly ServiceProgram[] {
  const sections = sectionsOf(config);
  return servicePrograms().filter(({ name }) => sections === null || !BY_SECTION.has(name) || sections.includes(name));
}

/** The processes that do the work of {@link configuredPrograms}. */
export function configuredProcesses(config: string): readonly ServiceProgram[] {
  return [programOf(SORTER), ...configuredPrograms(config).filter(({ name }) => !IN_SORTER.has(name))];
}

/** Whether this installation runs a service that only some have. */
export function isConfigured(service: string, config: string): boolean {
  return sectionsOf(config)?.includes(service) === true;
}

function sectionsOf(config: string): readonly string[] | null {
  try {
    return sectionNames(config);
  } catch (error) {
    if (error instanceof ConfigFault) return null;
    throw error;
  }
}
