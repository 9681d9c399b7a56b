import { LISTS, WORDS } from "../mail-words.ts";
import { MOST_RULES } from "./mailbox.ts";

/** Scripts that both engines run, as a webmail writes them: one `if` per rule, the first that holds ends it. */
export const sieveScripts = {
  headers30: () => script(headerRules()),
  body: () => script([...headerRules(), ...bodyRules]),
  rules1000: () => script(Array.from({ length: MOST_RULES }, (_, number) => commonRule(number))),
  rules1000_rare: () => script(Array.from({ length: MOST_RULES }, (_, number) => rareRule(number))),
} as const;

export type SieveScriptName = keyof typeof sieveScripts;

interface Rule {
  readonly test: string;
  readonly folder: string;
}

function script(rules: readonly Rule[]): string {
  const lines = rules.map(
    ({ test, folder }, index) => `# rule:[Rule ${index + 1}]\nif ${test} { fileinto "${folder}"; stop; }`,
  );
  return ['require ["fileinto", "body", "regex"];', ...lines, ""].join("\n");
}

/** Thirty rules on the fields that people sort by: some hold for a part of the mails, most for few. */
function headerRules(): readonly Rule[] {
  const lists = LISTS.slice(0, 2).map(
    ({ id }): Rule => ({ test: `header :contains "list-id" "<${id}>"`, folder: `Lists/${id}` }),
  );
  const strangers = ["canoe-club", "chess", "parents"].map(
    (name): Rule => ({ test: `header :is "list-id" "<${name}.listes.example>"`, folder: `Lists/${name}` }),
  );
  const people = WORDS.fr.people.slice(0, 8).map(([first, last]): Rule => {
    const address = `${first}.${last}@lycee-vaucanson.example`.normalize("NFD").replaceAll(/[^\w.@-]/g, "");
    return { test: `address :is ["from", "reply-to"] "${address.toLowerCase()}"`, folder: `People/${last}` };
  });
  const subjects = ["Stage de formation", "dossier d'inscription", "newsletter", "facture", "intendance"].map(
    (words): Rule => ({ test: `header :contains "subject" "${words}"`, folder: "Subjects" }),
  );
  const domains = ["rectorat", "editeur", "intendance", "syndicat"].map(
    (name): Rule => ({ test: `address :domain :is ["from", "sender"] "${name}.example"`, folder: `From/${name}` }),
  );
  const marks = [3, 4, 9, 14, 24].map(
    (number): Rule => ({ test: `header :matches "subject" "*[ticket ${number}]*"`, folder: "Tickets" }),
  );
  const others = [
    'exists "x-spam-flag"',
    'allof (header :contains "subject" "urgent", address :domain "from" "ac-montagne.example")',
    'anyof (header :is "precedence" "junk", header :contains "x-mailer" "bulkmailer")',
  ].map((test): Rule => ({ test, folder: "Others" }));
  return [...lists, ...strangers, ...people, ...subjects, ...domains, ...marks, ...others];
}

/** Words that no mail contains, and one that some do. */
const bodyRules: readonly Rule[] = ["confidentiel défense", "désabonnement immédiat", "numérique et évaluation"].map(
  (words) => ({ test: `body :text :contains "${words}"`, folder: "Body" }),
);

/** Rules on common header fields: every one has keys of its own. */
function commonRule(number: number): Rule {
  const kinds = [
    `header :contains "subject" "[dossier ${number}]"`,
    `address :is ["from", "reply-to"] "user${number}@dom${number}.example"`,
    `header :is "list-id" "<list${number}.listes.example>"`,
    `address :domain :is ["from", "sender"] "partner${number}.example"`,
    `header :matches "subject" "*[ticket ${number}]*"`,
  ];
  return { test: kinds[number % kinds.length] ?? "false", folder: `Folder ${number % 20}` };
}

/** Rules on fields that few mails have, and regular expressions. */
function rareRule(number: number): Rule {
  const kinds = [
    `header :contains "x-dossier-${number}" "ouvert"`,
    `header :regex "subject" "^\\\\[dossier ${number}\\\\] .*(conseil|stage|horaires)"`,
    `header :is "x-projet-${number}" "clos"`,
    `address :regex ["from", "reply-to"] "^user${number}@dom[0-9]+[.]example$"`,
    `header :matches "x-serveur-${number}" "*panne*"`,
  ];
  return { test: kinds[number % kinds.length] ?? "false", folder: `Folder ${number % 20}` };
}
