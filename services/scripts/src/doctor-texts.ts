import type { Remark } from "@tamis/kit";

/** What the doctor of the scripts finds. */
export const remarks = {
  store: {
    en: "the tables are in {kind} and answer in {ms} ms",
    fr: "les tables sont dans {kind} et répondent en {ms} ms",
  },
  "store-in-use": { en: "the tables are in use by the service", fr: "les tables sont ouvertes par le service" },
  "store-closed": {
    en: "the tables cannot be opened: {problem}",
    fr: "les tables ne peuvent pas être ouvertes : {problem}",
    mend: {
      en: "see `store` in tamis.yaml, and whether PostgreSQL runs",
      fr: "voir `store` dans tamis.yaml, et si PostgreSQL tourne",
    },
  },
  imap: {
    en: "the IMAP server {where} checks passwords",
    fr: "le serveur IMAP {where} vérifie les mots de passe",
  },
  "imap-tokens": {
    en: "the IMAP server {where} checks passwords and tokens (OAUTHBEARER)",
    fr: "le serveur IMAP {where} vérifie les mots de passe et les jetons (OAUTHBEARER)",
  },
  "imap-silent": {
    en: "the IMAP server {where} does not answer ({code}): nobody can sign in",
    fr: "le serveur IMAP {where} ne répond pas ({code}) : personne ne peut s'authentifier",
    mend: {
      en: "see imap.host, imap.port, imap.tls and imap.ca_file",
      fr: "voir imap.host, imap.port, imap.tls et imap.ca_file",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;
