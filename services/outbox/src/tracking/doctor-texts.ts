import type { Remark } from "@tamis/kit";

/** What the doctor finds of the way that reports come back. */
export const remarks = {
  unread: {
    en: "reports on what is sent would come back, and nobody reads them",
    fr: "les rapports sur ce qui est envoyé reviendraient, et personne ne les lit",
    mend: {
      en: "write a section `receipts`, or leave outbox.receipts out",
      fr: "écrire une section `receipts`, ou ôter outbox.receipts",
    },
  },
  unwatched: {
    en: "reports come back to {address}, which is no account here: nobody looks into it",
    fr: "les rapports reviennent à {address}, qui n'est pas un compte d'ici : personne ne le consulte",
    mend: {
      en: "add it to `accounts` with mode act, so that `mailbox` watches it",
      fr: "l'ajouter à `accounts` en mode act, pour que `mailbox` le surveille",
    },
  },
  observed: {
    en: "reports come back to {address}, which is only observed: they are not read",
    fr: "les rapports reviennent à {address}, qui n'est qu'observé : ils ne sont pas lus",
    mend: { en: "write mode: act for this account", fr: "écrire mode: act pour ce compte" },
  },
  "not-tried": {
    en: "whether reports come back was not tried: outbox has not run here yet",
    fr: "le retour des rapports n'a pas été essayé : outbox n'a pas encore tourné ici",
  },
  silent: {
    en: "whether reports come back cannot be tried: `receipts` does not answer, or does not take what it is told",
    fr: "le retour des rapports ne peut pas être essayé : `receipts` ne répond pas, ou ne prend pas ce qu'on lui dit",
    mend: {
      en: "start it (tamis up) and see its log, then try again",
      fr: "le démarrer (tamis up) et voir son journal, puis réessayer",
    },
  },
  hidden: {
    en: "whether reports come back cannot be told: receipts.see.operator is nothing",
    fr: "on ne peut pas dire si les rapports reviennent : receipts.see.operator vaut nothing",
  },
  refused: {
    en: "a report to {address} does not leave: {reply}",
    fr: "un rapport à {address} ne part pas : {reply}",
    mend: {
      en: "the mail server must take every subaddress of it (recipient_delimiter, outbox.receipts.separator), or every address of the domain",
      fr: "le serveur de courriel doit en accepter toute sous-adresse (recipient_delimiter, outbox.receipts.separator), ou toute adresse du domaine",
    },
  },
  lost: {
    en: "a report to {address} left, and did not come back within {seconds} s",
    fr: "un rapport à {address} est parti, et n'est pas revenu en {seconds} s",
    mend: {
      en: "see in which mailbox it lies: `mailbox` must watch its INBOX, subaddresses must be delivered there, and filter.reports.action must not be off",
      fr: "voir dans quelle boîte il se trouve : `mailbox` doit surveiller sa boîte de réception, les sous-adresses doivent y être remises, et filter.reports.action ne doit pas valoir off",
    },
  },
  arrived: {
    en: "reports to {address} come back: one took {ms} ms",
    fr: "les rapports à {address} reviennent : l'un a mis {ms} ms",
  },
} as const satisfies Readonly<Record<string, Remark>>;
