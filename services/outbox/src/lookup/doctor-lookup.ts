import { accessSync, constants } from "node:fs";
import type { Bus } from "@tamis/bus";
import { type Finding, findingOf, type Remark } from "@tamis/kit";
import type { JournalSettings, LookupSettings } from "./config.ts";
import { journalOf } from "./journal-of.ts";
import { searchMailbox } from "./search-mailbox.ts";

/** What the doctor says of the program and of the mailbox in which what is unknown is looked up. */
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
  journal: {
    en: 'a copy of what is unknown is looked for in "{folder}" of {address}',
    fr: "une copie de ce dont on ignore l'issue est recherchée dans « {folder} » de {address}",
  },
  "journal-unknown": {
    en: "no copy of what is unknown can be looked for: {address} is no account",
    fr: "aucune copie de ce dont on ignore l'issue ne peut être recherchée : {address} n'est pas un compte",
    mend: {
      en: "outbox.lookup.mailbox.address names an account of the section accounts",
      fr: "outbox.lookup.mailbox.address nomme un compte de la section accounts",
    },
  },
  "journal-silent": {
    en: "no copy of what is unknown can be looked for in {address}: mailbox does not answer",
    fr: "aucune copie de ce dont on ignore l'issue ne peut être recherchée dans {address} : mailbox ne répond pas",
    mend: {
      en: "start mailbox, and see what it says of this account",
      fr: "démarrer mailbox, et voir ce qu'il dit de ce compte",
    },
  },
  "journal-refused": {
    en: 'no copy of what is unknown can be looked for in "{folder}" of {address}: {reason}',
    fr: "aucune copie de ce dont on ignore l'issue ne peut être recherchée dans « {folder} » de {address} : {reason}",
    mend: {
      en: "see outbox.lookup.mailbox.folder: the folder has to be there, and readable",
      fr: "voir outbox.lookup.mailbox.folder : le dossier doit exister et être lisible",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;

export interface LookupContext {
  readonly lookup: LookupSettings | undefined;
  readonly file: string;
  /** null: NATS is away, and nobody can be asked. */
  readonly bus: Pick<Bus, "request"> | null;
}

const ID = "outbox.lookup";
const PATIENCE_MS = 10_000;

/** Whether what is unknown can be looked up; nothing where it is not to be. */
export async function lookupFindings({ lookup, file, bus }: LookupContext): Promise<readonly Finding[]> {
  if (lookup === undefined) return [];
  const { command, mailbox } = lookup;
  return [
    ...(command === undefined ? [] : [programFinding(command)]),
    ...(mailbox === undefined || bus === null ? [] : [await journalFinding(mailbox, { file, bus })]),
  ];
}

function programFinding([program = ""]: readonly string[]): Finding {
  try {
    accessSync(program, constants.X_OK);
    return findingOf(ID, lookupRemarks.lookup, { program });
  } catch {
    return findingOf(ID, lookupRemarks.broken, { program });
  }
}

async function journalFinding(
  mailbox: JournalSettings,
  { file, bus }: { readonly file: string; readonly bus: Pick<Bus, "request"> },
): Promise<Finding> {
  const id = `${ID}.mailbox`;
  const { address, folder } = mailbox;
  const journal = journalOf(mailbox, file);
  if (journal === null) return findingOf(id, lookupRemarks["journal-unknown"], { address });
  // Nothing has it: whether one can look is what counts.
  const sought = { messageId: "<doctor@tamis.invalid>", since: new Date(), timeoutMs: PATIENCE_MS };
  const searched = await searchMailbox(bus, journal, sought);
  switch (searched.kind) {
    case "found":
    case "not-found":
      return findingOf(id, lookupRemarks.journal, { address, folder });
    case "silent":
      return findingOf(id, lookupRemarks["journal-silent"], { address });
    case "refused":
      return findingOf(id, lookupRemarks["journal-refused"], { address, folder, reason: searched.reason });
    default:
      return searched satisfies never;
  }
}
