import type { Text } from "@tamis/kit";

/** What those read whose link leads to no file. */
export const fileTexts = {
  title: { en: "This file is not here", fr: "Ce fichier n'est pas ici" },
  missing: {
    en: "The link is over, or it is not whole: mail programs break long links. Copy all of it from the mail, or ask the sender.",
    fr: "Le lien n'est plus valable, ou il n'est pas entier : des logiciels coupent les longs liens. Copiez-le en entier depuis le courriel, ou adressez-vous à l'expéditeur.",
  },
} as const satisfies Readonly<Record<string, Text>>;
