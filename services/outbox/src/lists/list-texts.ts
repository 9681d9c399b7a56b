import { type Text, tellIn } from "@tamis/kit";
import type { Language } from "../texts.ts";
import type { ListFault, ListFaultCode } from "./list-fault.ts";

/** Why a list cannot be used. */
export const listTexts = {
  unknown: {
    en: "there is no list {list}; `tamis circular lists` shows those that there are",
    fr: "il n'y a pas de liste {list} ; `tamis circular lists` montre celles qui existent",
  },
  unnamed: {
    en: "{list} names no list: write list:NAME, or a kind of the directory, as school:NAME",
    fr: "{list} ne nomme pas de liste : écrire list:NOM, ou un genre de l'annuaire, comme school:NOM",
  },
  "too-deep": {
    en: "lists within {list} are nested too deeply: {detail}",
    fr: "les listes contenues dans {list} sont imbriquées trop profondément : {detail}",
  },
  "too-many": {
    en: "{list} holds more addresses than outbox.lists.max_members allows",
    fr: "{list} contient plus d'adresses que n'en permet outbox.lists.max_members",
  },
  unreadable: { en: "{list} cannot be read: {detail}", fr: "{list} est illisible : {detail}" },
  "too-large": {
    en: "the file of {list} is too long for a list",
    fr: "le fichier de {list} est trop long pour une liste",
  },
  changing: {
    en: "{list} was being written while it was read: ask again",
    fr: "{list} était en cours d'écriture pendant sa lecture : recommencer",
  },
  "not-utf8": { en: "the file of {list} is not UTF-8", fr: "le fichier de {list} n'est pas en UTF-8" },
  "not-csv": {
    en: "the file of {list} is no CSV, line {detail}",
    fr: "le fichier de {list} n'est pas un CSV, ligne {detail}",
  },
  "too-long": {
    en: "the file of {list} has a cell of more than 10,000 characters, line {detail}",
    fr: "le fichier de {list} a une cellule de plus de 10 000 caractères, ligne {detail}",
  },
  "no-column": {
    en: "the file of {list} has no column of addresses: call it address, email or courriel",
    fr: "le fichier de {list} n'a pas de colonne d'adresses : l'intituler adresse, email ou courriel",
  },
  "column-twice": {
    en: "the file of {list} has two columns {detail}",
    fr: "le fichier de {list} a deux colonnes {detail}",
  },
  "no-directory": {
    en: "{list} would be in a directory, and tamis.yaml has none (outbox.lists.ldap)",
    fr: "{list} serait dans un annuaire, et tamis.yaml n'en a pas (outbox.lists.ldap)",
  },
  ambiguous: { en: "several lists are called {list}: {detail}", fr: "plusieurs listes s'appellent {list} : {detail}" },
  away: {
    en: "the directory cannot be asked for {list}: {detail}",
    fr: "l'annuaire ne peut pas être interrogé sur {list} : {detail}",
  },
  "sign-in": {
    en: "the directory refuses the password of outbox.lists.ldap.bind_dn",
    fr: "l'annuaire refuse le mot de passe de outbox.lists.ldap.bind_dn",
  },
  "bad-url": {
    en: "a memberURL in {list} is not understood: {detail}",
    fr: "un memberURL de {list} n'est pas compris : {detail}",
  },
  directory: { en: "the directory refuses {list}: {detail}", fr: "l'annuaire refuse {list} : {detail}" },
} as const satisfies Readonly<Record<ListFaultCode, Text>>;

const NOTHING_ADDED = { en: "; nothing was added", fr: " ; rien n'a été ajouté" } as const;

/** Why a list cannot be used, and that nothing of it was. */
export function tellFault({ code, list, detail }: ListFault, language: Language): string {
  return `${tellIn(language, listTexts[code], { list, detail })}${NOTHING_ADDED[language]}`;
}
