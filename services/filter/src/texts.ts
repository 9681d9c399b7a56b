/** What owners are told about a mail that their script could not decide on. */
const texts = {
  redirect: {
    en: "redirect is not available: no mail is sent from here, and this one was kept",
    fr: "redirect n'est pas disponible : aucun courriel ne part d'ici, et celui-ci a été conservé",
  },
  vacation: {
    en: "vacation is not available: no mail is sent from here, and no reply was",
    fr: "vacation n'est pas disponible : aucun courriel ne part d'ici, et aucune réponse n'est partie",
  },
  reject: {
    en: "reject is not available: no mail is sent from here, nobody was told, and the mail was kept",
    fr: "reject n'est pas disponible : aucun courriel ne part d'ici, personne n'a été averti et le courriel a été conservé",
  },
  notify: {
    en: "notify is not available: no mail is sent from here, and nobody was notified",
    fr: "notify n'est pas disponible : aucun courriel ne part d'ici, et personne n'a été notifié",
  },
  "snooze-too-long": {
    en: "snooze: the folder and flags it is to come back with are too long to be written on the mail, which was kept",
    fr: "snooze : le dossier et les drapeaux du retour sont trop longs pour être notés sur le courriel, qui a été conservé",
  },
  processcalendar: {
    en: "processcalendar is not available here: no calendar was changed",
    fr: "processcalendar n'est pas disponible ici : aucun agenda n'a été modifié",
  },
  "no-programs": {
    en: "no programs are run here; the mail was kept",
    fr: "aucun programme n'est lancé ici ; le courriel a été conservé",
  },
  "programs-only-live": {
    en: "programs are run only for mail that arrives; the mail was kept",
    fr: "les programmes ne sont lancés que pour les courriels qui arrivent ; le courriel a été conservé",
  },
  "filter-failed": {
    en: "the program {action} made no mail of this one, which stayed as it came",
    fr: "le programme {action} n'a pas produit de courriel, et celui-ci est resté tel qu'il est arrivé",
  },
  "pipe-failed": {
    en: "the program did not take the mail, which was kept",
    fr: "le programme n'a pas pris le courriel, qui a été conservé",
  },
  report: {
    en: "report is not available: no mail is sent from here, and no report was",
    fr: "report n'est pas disponible : aucun courriel ne part d'ici, et aucun signalement n'est parti",
  },
  sealed: {
    en: "the mail is signed or encrypted: it was not changed, but stored as it came",
    fr: "le courriel est signé ou chiffré : il n'a pas été modifié mais rangé tel qu'il est arrivé",
  },
  uneditable: {
    en: "the changes could not be made to the mail: it was not sent on, and was kept",
    fr: "les modifications n'ont pas pu être faites : le courriel n'a pas été transmis et a été conservé",
  },
  held: {
    en: "the mail was old when it came: its redirect waits until you release it, and the mail was kept",
    fr: "le courriel était ancien à son arrivée : sa transmission attend que vous la libériez, et il a été conservé",
  },
  "notify-method": {
    en: "notify: nobody can be notified in this way here",
    fr: "notify : personne ne peut être notifié ainsi ici",
  },
  "refused-loop": {
    en: "{action} was refused: the mail would come back here",
    fr: "{action} a été refusé : le courriel reviendrait ici",
  },
  "refused-too-many-hops": {
    en: "{action} was refused: the mail has passed through too many servers",
    fr: "{action} a été refusé : le courriel est passé par trop de serveurs",
  },
  "refused-rate-limited": {
    en: "{action} was refused: too much was sent in a short time",
    fr: "{action} a été refusé : trop d'envois en peu de temps",
  },
  "refused-bad-address": {
    en: "{action} was refused: nothing can be sent to this address",
    fr: "{action} a été refusé : rien ne peut être envoyé à cette adresse",
  },
  "refused-suppressed": {
    en: "{action} was refused: nothing is sent to this address any more",
    fr: "{action} a été refusé : plus rien n'est envoyé à cette adresse",
  },
  "refused-too-large": {
    en: "{action} was refused: the mail is too large",
    fr: "{action} a été refusé : le courriel est trop volumineux",
  },
  refused: {
    en: "{action} was refused: what was to be sent was not accepted",
    fr: "{action} a été refusé : ce qui devait partir n'a pas été accepté",
  },
  "list-unusable": {
    en: "a list that the script names cannot be read: tell the administrator; the mail was kept",
    fr: "une liste que le script nomme ne peut pas être lue : prévenez l'administrateur ; le courriel a été conservé",
  },
  "list-empty": {
    en: "redirect: the list has no addresses; the mail was kept",
    fr: "redirect : la liste ne contient aucune adresse ; le courriel a été conservé",
  },
  "list-too-long": {
    en: "redirect: the mail would go to more addresses than are allowed here; it was kept",
    fr: "redirect : le courriel partirait vers plus d'adresses qu'il n'est permis ici ; il a été conservé",
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
  "draft-gone": {
    en: "the draft is kept for an hour only, and is gone: try it again",
    fr: "le brouillon n'est conservé qu'une heure, il n'existe plus : essayez-le de nouveau",
  },
  "does-not-compile": {
    en: "the active script has errors and was not run; the mail was kept",
    fr: "le script actif contient des erreurs et n'a pas été exécuté ; le courriel a été conservé",
  },
} as const;

export type Language = "en" | "fr";
export type TextName = keyof typeof texts;

/** One sentence in the language of whom it is told to; `action` is the command that it is about. */
export const tell = (name: TextName, language: Language, action = ""): string =>
  texts[name][language].replace("{action}", action);
