import type { Language } from "../texts.ts";

/** What the owners of circulars are told when it cannot be as they ask. */
const texts = {
  missing: { en: "there is no such circular", fr: "il n'y a pas de circulaire de ce numéro" },
  "missing-recipient": { en: "it has no such recipient", fr: "elle n'a pas de destinataire de ce numéro" },
  "not-possible": {
    en: "that is not possible in its state ({state})",
    fr: "ce n'est pas possible dans son état ({state})",
  },
  "not-draft": {
    en: "recipients are added before it is scheduled",
    fr: "les destinataires s'ajoutent avant la programmation",
  },
  "not-editable": {
    en: "it cannot be written anew any more ({state}): it has begun, or has ended",
    fr: "elle ne peut plus être modifiée ({state}) : elle a commencé, ou elle est terminée",
  },
  changed: {
    en: "it was changed, scheduled or given another time meanwhile; nothing of what you wrote was taken over: look at it as it is now",
    fr: "elle a été modifiée, programmée ou déplacée entre-temps ; rien de votre saisie n'a été repris : la regarder telle qu'elle est maintenant",
  },
  lacking: {
    en: 'recipients with nothing for {fields}: {count}. Give it a default, {{field|"…"}}, or take these recipients out first',
    fr: 'destinataires sans rien pour {fields} : {count}. Lui donner une valeur par défaut, {{champ|"…"}}, ou retirer d\'abord ces destinataires',
  },
  "link-now-secret": {
    en: "{filename} is secret by the rules that are now, and is stored for everybody: take it out, and attach it again",
    fr: "{filename} est confidentiel selon les règles actuelles, et a été déposé pour tous : le retirer, et le joindre de nouveau",
  },
  "too-many-attachments": {
    en: "it has too many attachments: {most} are the most",
    fr: "elle a trop de pièces jointes : {most} au plus",
  },
  "too-late": { en: "it is too late: all of it has left", fr: "trop tard : tout est parti" },
  "no-recipients": { en: "it has no recipients yet", fr: "elle n'a pas encore de destinataires" },
  "body-gone": {
    en: "its text is not kept any more: it cannot be sent again",
    fr: "son contenu n'est plus conservé : elle ne peut plus être envoyée",
  },
  answered: { en: "needs no reminder any more", fr: "n'a plus besoin de rappel" },
  "not-unknown": {
    en: "only a recipient whose outcome is unknown, or who is held, can be written to again",
    fr: "seul un destinataire dont on ignore l'issue, ou qui est retenu, peut recevoir un nouvel envoi",
  },
  "objects-away": {
    en: "its large attachments cannot be stored now ({problem}): try again, or see outbox.circulars.attachments in tamis.yaml",
    fr: "ses grosses pièces jointes ne peuvent pas être déposées pour l'instant ({problem}) : réessayer, ou voir outbox.circulars.attachments dans tamis.yaml",
  },
  "withheld-held": {
    en: "{address} would get nothing: no usable certificate is known, and archives are not allowed (outbox.circulars.secrets)",
    fr: "{address} ne recevrait rien : aucun certificat utilisable n'est connu, et les archives ne sont pas permises (outbox.circulars.secrets)",
  },
  "withheld-later": {
    en: "it cannot be said now how {address} would get the secret attachments: {problem}",
    fr: "on ne peut pas dire pour l'instant comment {address} recevrait les pièces jointes confidentielles : {problem}",
  },
  "not-allowed": {
    en: "this account may not write as {address}: see outbox.circulars.from in tamis.yaml",
    fr: "ce compte ne peut pas écrire en tant que {address} : voir outbox.circulars.from dans tamis.yaml",
  },
  "no-receipts": {
    en: "receipts are not followed here: outbox.receipts is not set in tamis.yaml",
    fr: "les accusés ne sont pas suivis ici : outbox.receipts n'est pas renseigné dans tamis.yaml",
  },
  "receipts-untracked": {
    en: "receipts are of recipients that are followed one by one",
    fr: "il n'y a d'accusés que de destinataires suivis un à un",
  },
  "key-reused": {
    en: "another circular was made under this key",
    fr: "une autre circulaire a été créée sous cette clé",
  },
  "bad-address": { en: "{address} is no address", fr: "{address} n'est pas une adresse" },
  "draft-missing": {
    en: "the draft is not in the bucket: create it again",
    fr: "le brouillon n'est plus dans le dépôt : recréer la circulaire",
  },
  "bad-draft": { en: "the draft cannot be read: {problem}", fr: "le brouillon est illisible : {problem}" },
  "too-large": {
    en: "a mail of it has {size} octets, and {most} are the most",
    fr: "un courriel en ferait {size} octets, et le maximum est {most}",
  },
  "bad-time": {
    en: "{wall} in {zone} is no time of day of a known zone: write 2026-11-30T08:00 and Europe/Paris",
    fr: "{wall} à {zone} n'est pas une heure d'un fuseau connu : écrire 2026-11-30T08:00 et Europe/Paris",
  },
  "time-missing": {
    en: "{wall} does not exist in {zone}: clocks are set forward then",
    fr: "{wall} n'existe pas à {zone} : les horloges sont avancées à ce moment",
  },
  "time-twice": {
    en: "{wall} comes twice in {zone}, as clocks are set back then: say which, the earlier or the later",
    fr: "{wall} arrive deux fois à {zone}, car les horloges sont reculées à ce moment : dire laquelle, la première ou la seconde",
  },
  "bad-zone": { en: "{zone} is no known time zone", fr: "{zone} n'est pas un fuseau horaire connu" },
  "rule-now": {
    en: "what recurs needs a first time: a day and an hour, not at once",
    fr: "ce qui se répète demande une première fois : un jour et une heure, pas tout de suite",
  },
  "rule-time-twice": {
    en: "say the time of day once: in the rule, or as the first time",
    fr: "dire l'heure une seule fois : dans la règle, ou comme première fois",
  },
  "rule-first": {
    en: "this rule does not say when it begins: give a first time, or a rule with a time of day, as first Monday 8:00",
    fr: "cette règle ne dit pas quand elle commence : donner une première fois, ou une règle avec une heure, comme premier lundi 8h",
  },
  "time-past": { en: "{wall} in {zone} is over", fr: "{wall} à {zone} est passé" },
} as const;

/** A sentence in the language of the installation. */
export function tellOf(
  name: keyof typeof texts,
  language: Language,
  parameters: Readonly<Record<string, string | number>> = {},
): string {
  return texts[name][language].replace(/\{(\w+)\}/g, (whole, key: string) => String(parameters[key] ?? whole));
}
