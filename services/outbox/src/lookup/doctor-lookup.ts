import { accessSync, constants } from "node:fs";
import { type Finding, findingOf, type Remark } from "@tamis/kit";
import type { LookupSettings } from "./config.ts";

/** What the doctor says of the program that looks up what is unknown. */
export const lookupRemarks = {
  lookup: {
    en: "what is unknown is looked up by {program}",
    fr: "ce dont on ignore l'issue est recherché par {program}",
  },
  broken: {
    en: "what is unknown cannot be looked up: {program} cannot be run",
    fr: "ce dont on ignore l'issue ne peut pas être recherché : {program} n'est pas exécutable",
    mend: { en: "see outbox.lookup.command in tamis.yaml", fr: "voir outbox.lookup.command dans tamis.yaml" },
  },
} as const satisfies Readonly<Record<string, Remark>>;

/** Whether the program can be run by this user; nothing where there is none. */
export function lookupFindings(settings: LookupSettings | undefined): readonly Finding[] {
  if (settings === undefined) return [];
  const [program = ""] = settings.command;
  try {
    accessSync(program, constants.X_OK);
    return [findingOf("outbox.lookup", lookupRemarks.lookup, { program })];
  } catch {
    return [findingOf("outbox.lookup", lookupRemarks.broken, { program })];
  }
}
