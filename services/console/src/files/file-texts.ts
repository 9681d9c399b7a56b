import { typeset } from "../texts/typeset.ts";

/** What those read whose link leads to no file. */
export const fileTexts = typeset({
  title: { en: "This file is not here", fr: "Ce fichier n'est pas ici" },
  missing: {
    en: "The link is over, or it is not whole: mail programs break long links. Copy all of it from the mail, or ask the sender.",
    fr: "Le lien n'est plus valable, ou il n'est pas entier : des logiciels coupent les longs liens. Copiez-le en entier depuis le courriel, ou adressez-vous à l'expéditeur.",
  },
});
