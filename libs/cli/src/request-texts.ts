import type { Text } from "@tamis/kit";

/** What is said of receipts that others ask of an account. */
export const requestTexts = {
  "receipts.requests.about": {
    en: "list the receipts that others ask of the account",
    fr: "énumère les accusés que d'autres demandent au compte",
  },
  "receipts.answer.about": {
    en: "send a receipt that is asked for, or refuse it",
    fr: "envoie un accusé demandé, ou le refuse",
  },
  "receipts.policy.about": {
    en: "show or choose what the account does about receipts that others ask for",
    fr: "montre ou choisit ce que le compte fait des accusés que d'autres demandent",
  },
  "receipts.request-state": {
    en: "only those in this state (repeatable)",
    fr: "seulement ceux dans cet état (répétable)",
  },
  "receipts.request-limit": { en: "how many requests", fr: "combien de demandes" },
  "receipts.request-after": { en: "those older than this number", fr: "celles d'avant ce numéro" },
  "receipts.request-number": {
    en: "number, from `tamis receipts requests`",
    fr: "numéro, d'après `tamis receipts requests`",
  },
  "receipts.answer": { en: "`send` or `refuse`", fr: "`send` (envoyer) ou `refuse` (refuser)" },
  "receipts.policy": { en: "never, ask, inside or always", fr: "never, ask, inside ou always" },
  "receipts.policy-reset": {
    en: "what tamis.yaml says of the account holds again",
    fr: "ce que tamis.yaml dit du compte vaut de nouveau",
  },
  "receipts.policy.never": { en: "no receipt is sent", fr: "aucun accusé n'est envoyé" },
  "receipts.policy.ask": { en: "its owner decides on each", fr: "son propriétaire décide de chacun" },
  "receipts.policy.inside": {
    en: "sent by itself within the organisation; its owner decides on others",
    fr: "envoyé de lui-même dans l'organisation ; son propriétaire décide des autres",
  },
  "receipts.policy.always": {
    en: "sent by itself, wherever RFC 8098 lets a program do so",
    fr: "envoyé de lui-même, partout où la RFC 8098 le permet à un programme",
  },
  "receipts.by-owner": { en: "chosen for this account", fr: "choisi pour ce compte" },
  "receipts.by-settings": { en: "by the settings", fr: "d'après la configuration" },
  "receipts.no-requests": {
    en: "nobody asks a receipt of this account",
    fr: "personne ne demande d'accusé à ce compte",
  },
  "receipts.bad-answer": {
    en: '"{text}" is no answer: write `send` or `refuse`',
    fr: "« {text} » n'est pas une réponse : écrire `send` ou `refuse`",
  },
  "receipts.bad-policy": {
    en: '"{text}" is no policy; there are: {policies}',
    fr: "« {text} » n'est pas un choix ; il y a : {policies}",
  },
  "receipts.request.waiting": { en: "not read yet", fr: "pas encore lu" },
  "receipts.request.asking": { en: "the owner is asked", fr: "en attente du propriétaire" },
  "receipts.request.settling": { en: "being marked", fr: "marquage en cours" },
  "receipts.request.refusing": { en: "being refused", fr: "refus en cours" },
  "receipts.request.sending": { en: "being sent", fr: "envoi en cours" },
  "receipts.request.sent": { en: "sent", fr: "envoyé" },
  "receipts.request.refused": { en: "refused", fr: "refusé" },
  "receipts.request.elsewhere": { en: "settled by another program", fr: "réglé par un autre programme" },
  "receipts.request.impossible": { en: "cannot be sent", fr: "ne peut pas être envoyé" },
  "receipts.request.gone": { en: "the mail is gone", fr: "le courriel a disparu" },
} as const satisfies Readonly<Record<string, Text>>;
