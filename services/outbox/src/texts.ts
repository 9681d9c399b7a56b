export type Language = "en" | "fr";

/** What owners and operators are told when a sending cannot be ruled on as they ask. */
const texts = {
  missing: { en: "this account has no such sending", fr: "ce compte n'a pas d'envoi de ce numéro" },
  "too-late": {
    en: "it is too late: the sending has left, or is leaving right now",
    fr: "trop tard : l'envoi est parti, ou part en ce moment même",
  },
  "not-possible": {
    en: "only a sending that is held, or whose outcome is unknown, can be released",
    fr: "seul un envoi retenu, ou dont on ignore l'issue, peut être relâché",
  },
  "body-gone": {
    en: "its text is not kept any more: it cannot be sent again",
    fr: "son contenu n'est plus conservé : il ne peut plus être renvoyé",
  },
} as const;

export type TextName = keyof typeof texts;

/** One sentence in the language of the installation. */
export const tell = (name: TextName, language: Language): string => texts[name][language];
