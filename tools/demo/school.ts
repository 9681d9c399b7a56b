import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accountIdOf } from "@tamis/kit";
import type { Language } from "./language.ts";
import { STAFF } from "./mails/sample.ts";

/** One mailbox of the school. */
export type SchoolAccount = {
  readonly local: string;
  readonly address: string;
  /** As everywhere in Tamis: opaque, made from the address. */
  readonly id: string;
  readonly role: Readonly<Record<Language, string>>;
  /** The owner's script and the name of its file; absent where the owner has no rules. */
  readonly script?: { readonly name: string; readonly file: string; readonly text: string };
};

const ROLES: ReadonlyArray<readonly [local: string, en: string, fr: string]> = [
  ["helene.marchand", "head of the school", "principale"],
  ["karim.benali", "deputy head", "principal adjoint"],
  ["ce.0380001a", "the school's own mailbox", "boîte fonctionnelle du collège"],
  ["int.0380001a", "bursar's office", "intendance"],
  ["cdi.0380001a", "library", "CDI"],
  ["infirmerie.0380001a", "school nurse", "infirmerie"],
  ["nathalie.petit", "head of pastoral care", "conseillère principale d'éducation"],
  ["claire.moreau", "mathematics", "mathématiques"],
  ["julien.faure", "French literature", "lettres"],
  ["emily.watson", "English assistant", "assistante d'anglais"],
  ["sofia.rossi", "Italian, Erasmus+", "italien, Erasmus+"],
  ["david.nguyen", "music, digital officer", "musique, référent numérique"],
  ["thomas.leroy", "biology and geology", "SVT"],
  ["paul.girard", "physical education, no rules", "EPS, sans règles"],
];

const RULES = join(import.meta.dirname, "rules");

function schoolAccount([local, en, fr]: (typeof ROLES)[number]): SchoolAccount {
  const address = `${local}@${STAFF}`;
  const file = join(RULES, `${local}.sieve`);
  const account = { local, address, id: accountIdOf(address), role: { en, fr } };
  if (!existsSync(file)) return account;
  return { ...account, script: { name: local, file, text: readFileSync(file, "utf8") } };
}

/** The accounts of the demo, with their rules. Reads `rules/`. */
export const school = (): readonly SchoolAccount[] => ROLES.map(schoolAccount);
