import type { Text } from "@tamis/kit";

/** What pages say while a circular is written, and written anew. */
export const editTexts = {
  edit: { en: "Edit", fr: "Modifier" },
  "edit-about": {
    en: "All of it may be changed until it begins to leave. What is scheduled stays scheduled, and leaves as it is saved here; recipients stay as they are.",
    fr: "Tout peut être modifié tant que l'envoi n'a pas commencé. Ce qui est programmé le reste, et partira tel qu'enregistré ici ; les destinataires ne changent pas.",
  },
  save: { en: "Save", fr: "Enregistrer" },
  "body.markdown": { en: "Text (Markdown)", fr: "Texte (Markdown)" },
  "body.html": { en: "Text (HTML)", fr: "Texte (HTML)" },
  "body.text": { en: "Plain text", fr: "Texte brut" },
  kept: { en: "Attachments that are there", fr: "Pièces jointes présentes" },
  "kept-hint": { en: "Uncheck those that are to go.", fr: "Décocher celles à retirer." },
  "kept.link": { en: "as a link", fr: "par un lien" },
  "kept.secret": { en: "secret", fr: "secrète" },
  "changed-again": {
    en: "What you typed is still here. Look at the circular in another tab; if you save once more, what you typed takes the place of what is there. Attachments are listed as they are now, and files have to be chosen again.",
    fr: "Ce que vous avez saisi est toujours là. Regardez la circulaire dans un autre onglet ; si vous enregistrez encore une fois, votre saisie remplace ce qui s'y trouve. Les pièces jointes sont affichées telles qu'elles sont maintenant, et les fichiers sont à choisir de nouveau.",
  },
  "done.revised": { en: "It is saved. Nothing has left.", fr: "Elle est enregistrée. Rien n'est parti." },
  withdraw: { en: "Do not send it yet", fr: "Ne pas l'envoyer encore" },
  "withdraw-sure": {
    en: "It is a draft again, with its recipients, and does not leave before you say when. If it recurs, that ends, too.",
    fr: "Elle redevient un brouillon, avec ses destinataires, et ne part pas avant que vous disiez quand. Si elle se répète, cela s'arrête aussi.",
  },
  "yes-withdraw": { en: "Yes, take its time back", fr: "Oui, retirer sa date" },
  "done.withdraw": {
    en: "It is a draft again. Nothing has left.",
    fr: "Elle est redevenue un brouillon. Rien n'est parti.",
  },
  sources: { en: "Where recipients come from", fr: "D'où viennent les destinataires" },
  "sources-hint": {
    en: "Who is in two of them counts for the one that was added first.",
    fr: "Qui figure dans deux sources compte pour la première ajoutée.",
  },
  "source-name": { en: "Source", fr: "Source" },
  "source-none": { en: "one by one", fr: "un par un" },
  "remove-all": { en: "Take all recipients out", fr: "Retirer tous les destinataires" },
  "remove-all-sure": {
    en: "Recipients that will not be in it any more: {count}. Others may be added afterwards.",
    fr: "Destinataires qui n'y seront plus : {count}. D'autres peuvent être ajoutés ensuite.",
  },
  "yes-remove-all": { en: "Yes, take them out", fr: "Oui, les retirer" },
  remove: { en: "Take out", fr: "Retirer" },
  "done.remove": { en: "Recipients taken out: {removed}", fr: "Destinataires retirés : {removed}" },
} as const satisfies Readonly<Record<string, Text>>;
