import type { Remark } from "@tamis/kit";

/** What the doctor of the receipts finds. */
export const remarks = {
  store: {
    en: "what became of mails is in {kind}, which answers in {ms} ms",
    fr: "le suivi des courriels est dans {kind}, qui répond en {ms} ms",
  },
  "store-in-use": {
    en: "what became of mails is in use by the service",
    fr: "le suivi des courriels est ouvert par le service",
  },
  "store-closed": {
    en: "what became of mails cannot be opened: {problem}",
    fr: "le suivi des courriels ne peut pas être ouvert : {problem}",
    mend: {
      en: "see `store` in tamis.yaml, and whether PostgreSQL runs",
      fr: "voir `store` dans tamis.yaml, et si PostgreSQL tourne",
    },
  },
  "no-outbox": {
    en: "nothing is sent from here: no report will be about anything",
    fr: "rien ne part d'ici : aucun rapport ne portera sur quoi que ce soit",
    mend: {
      en: "write a section `outbox`, or leave `receipts` out",
      fr: "écrire une section `outbox`, ou ôter `receipts`",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;
