import type { Remark } from "@tamis/kit";

/** What the doctor of the filter finds. */
export const remarks = {
  "nats-silent": {
    en: "NATS did not answer: {problem}",
    fr: "NATS n'a pas répondu : {problem}",
    mend: {
      en: "see whether nats-server runs, then run doctor again",
      fr: "vérifier que nats-server tourne, puis relancer doctor",
    },
  },
  durable: {
    en: "the durable `{durable}` of the stream {stream} exists",
    fr: "le consommateur durable `{durable}` du flux {stream} existe",
  },
  "no-stream-yet": { en: "the stream {stream} is not set up yet", fr: "le flux {stream} n'est pas encore créé" },
  "no-durable": {
    en: "the stream {stream} has no durable `{durable}`: mail would wait unread",
    fr: "le flux {stream} n'a pas de consommateur durable `{durable}` : le courrier attendrait sans être lu",
    mend: {
      en: "start the filter once: it creates it (`tamis run filter`)",
      fr: "démarrer le filtre une fois : il le crée (`tamis run filter`)",
    },
  },
  scripts: { en: "{seen} active scripts, all compile", fr: "scripts actifs : {seen}, tous se compilent" },
  "some-scripts": {
    en: "{seen} of {all} active scripts were looked at, all compile",
    fr: "scripts actifs examinés : {seen} sur {all}, tous se compilent",
  },
  "broken-scripts": {
    en: "{broken} of {seen} active scripts do not compile; the mail of these accounts stays in INBOX: {accounts}",
    fr: "{broken} scripts actifs sur {seen} ne se compilent pas ; le courrier de ces comptes reste dans INBOX : {accounts}",
    mend: {
      en: "see `tamis scripts check --account ID`, put a corrected script and activate it",
      fr: "voir `tamis scripts check --account ID`, déposer un script corrigé et l'activer",
    },
  },
  lists: { en: "{count} lists for scripts, all can be read", fr: "listes pour les scripts : {count}, toutes lisibles" },
  "broken-lists": {
    en: "lists that cannot be used: {faults}; the mail of scripts that name them waits or is kept",
    fr: "listes inutilisables : {faults} ; le courrier des scripts qui les nomment attend ou est gardé",
    mend: {
      en: "let the service read the file: UTF-8, one entry a line, or CSV with the column named in `filter.lists`",
      fr: "laisser le service lire le fichier : UTF-8, une entrée par ligne, ou CSV dont `filter.lists` nomme la colonne",
    },
  },
  "global-scripts": { en: "{count} global scripts, all compile", fr: "scripts globaux : {count}, tous se compilent" },
  "broken-global-scripts": {
    en: "global scripts that cannot be used: {faults}; mail of scripts that include them is kept",
    fr: "scripts globaux inutilisables : {faults} ; le courrier des scripts qui les incluent est gardé",
    mend: {
      en: "mend the script; folder and files may be written by their owner alone",
      fr: "corriger le script ; seul leur propriétaire peut écrire dans le dossier et les fichiers",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;
