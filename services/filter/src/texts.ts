/** What owners are told about a mail that their script could not decide on. */
const texts = {
  redirect: {
    en: "redirect is not available yet: nothing was sent, and the mail was kept",
    fr: "redirect n'est pas encore disponible : rien n'a été envoyé et le courriel a été conservé",
  },
  "empty-mailbox": {
    en: "fileinto was given an empty folder name",
    fr: "fileinto a reçu un nom de dossier vide",
  },
  "plan-too-large": {
    en: "the folder and flag names of the actions are too long; the mail was kept",
    fr: "les noms de dossiers et de drapeaux des actions sont trop longs ; le courriel a été conservé",
  },
  "mail-too-large": {
    en: "the mail is too large for tests on its body; it was kept",
    fr: "le courriel est trop volumineux pour des tests sur son contenu ; il a été conservé",
  },
  "too-many-questions": {
    en: "the script asks about folders again and again; the mail was kept",
    fr: "le script interroge sans fin les dossiers ; le courriel a été conservé",
  },
  "does-not-compile": {
    en: "the active script has errors and was not run; the mail was kept",
    fr: "le script actif contient des erreurs et n'a pas été exécuté ; le courriel a été conservé",
  },
} as const;

export type Language = "en" | "fr";
export type TextName = keyof typeof texts;

/** One sentence in the language of the installation. */
export const tell = (name: TextName, language: Language): string => texts[name][language];
