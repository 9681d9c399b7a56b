/** What owners are told about a mail that their script could not decide on. */
const texts = {
  redirect: {
    en: "redirect is not available yet: nothing was sent, and the mail was kept",
    fr: "redirect n'est pas encore disponible : rien n'a été envoyé et le courriel a été conservé",
  },
  vacation: {
    en: "vacation is not available yet: no reply was sent",
    fr: "vacation n'est pas encore disponible : aucune réponse n'a été envoyée",
  },
  reject: {
    en: "reject is not available yet: nobody was told, and the mail was kept",
    fr: "reject n'est pas encore disponible : personne n'a été averti et le courriel a été conservé",
  },
  notify: {
    en: "notify is not available yet: nobody was notified",
    fr: "notify n'est pas encore disponible : personne n'a été notifié",
  },
  snooze: {
    en: "snooze is not available yet: the mail was kept",
    fr: "snooze n'est pas encore disponible : le courriel a été conservé",
  },
  processcalendar: {
    en: "processcalendar is not available here: no calendar was changed",
    fr: "processcalendar n'est pas disponible ici : aucun agenda n'a été modifié",
  },
  pipe: {
    en: "pipe is not available here: no program was run, and the mail was kept",
    fr: "pipe n'est pas disponible ici : aucun programme n'a été lancé et le courriel a été conservé",
  },
  report: {
    en: "report is not available yet: no report was sent",
    fr: "report n'est pas encore disponible : aucun signalement n'a été envoyé",
  },
  edits: {
    en: "changes to the mail are not available yet: it was stored as it came",
    fr: "les modifications du courriel ne sont pas encore disponibles : il a été rangé tel qu'il est arrivé",
  },
  duplicate: {
    en: "duplicate is not available yet: mail that was seen is not remembered",
    fr: "duplicate n'est pas encore disponible : les courriels déjà vus ne sont pas retenus",
  },
  "fact-unavailable": {
    en: "the script asks for something that nobody here can tell yet; the mail was kept",
    fr: "le script demande ce que personne ici ne sait encore dire ; le courriel a été conservé",
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
