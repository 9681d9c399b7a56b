import type { Remark } from "@tamis/kit";

/** What the doctor of the pages finds. */
export const remarks = {
  url: { en: "{url} leads here", fr: "{url} mène ici" },
  "url-silent": {
    en: "{url} does not answer ({problem}); while `console` does not run, that is as it should be",
    fr: "{url} ne répond pas ({problem}) ; tant que `console` ne tourne pas, c'est normal",
    mend: {
      en: "start it (tamis up); then see console.url, console.listen, the reverse proxy and the certificate",
      fr: "le démarrer (tamis up) ; puis voir console.url, console.listen, le mandataire et le certificat",
    },
  },
  "url-other": {
    en: "{url} is answered by something else ({status})",
    fr: "autre chose répond à {url} ({status})",
    mend: { en: "see console.url and the reverse proxy", fr: "voir console.url et le mandataire" },
  },
  "url-clear": {
    en: "what comes by {url} is taken for unencrypted",
    fr: "ce qui vient par {url} passe pour non chiffré",
    mend: {
      en: "name the reverse proxy in console.trusted_proxies, and let it set X-Forwarded-Proto",
      fr: "nommer le mandataire dans console.trusted_proxies, et lui faire poser X-Forwarded-Proto",
    },
  },
  unsubscribe: {
    en: "links by which lists are left, {url}, lead here",
    fr: "les liens pour quitter une liste, {url}, mènent ici",
  },
  "unsubscribe-elsewhere": {
    en: "links by which lists are left begin with {other}, which `console` does not answer",
    fr: "les liens pour quitter une liste commencent par {other}, à quoi `console` ne répond pas",
    mend: {
      en: "outbox.circulars.unsubscribe_base: {url}; if the proxy leads from there to here, write that address in console.url",
      fr: "outbox.circulars.unsubscribe_base : {url} ; si le mandataire mène de là à ici, mettre cette adresse dans console.url",
    },
  },
  "unsubscribe-none": {
    en: "no list can be left by a link: circulars with a List-Id do not say how",
    fr: "aucune liste ne peut être quittée par un lien : les circulaires avec un List-Id ne disent pas comment",
    mend: {
      en: "outbox.circulars.unsubscribe_base: {url}",
      fr: "outbox.circulars.unsubscribe_base : {url}",
    },
  },
  files: { en: "links of attachments, {url}, lead here", fr: "les liens des pièces jointes, {url}, mènent ici" },
  "files-elsewhere": {
    en: "links of attachments begin with {other}, which `console` does not answer",
    fr: "les liens des pièces jointes commencent par {other}, à quoi `console` ne répond pas",
    mend: {
      en: "outbox.circulars.attachments.url: {url}",
      fr: "outbox.circulars.attachments.url : {url}",
    },
  },
  "files-unreadable": {
    en: "attachments that became links cannot be read from here ({problem})",
    fr: "les pièces jointes devenues des liens ne peuvent être lues d'ici ({problem})",
    mend: {
      en: "see outbox.circulars.attachments.store: `console` and `outbox` read the same folder or bucket",
      fr: "voir outbox.circulars.attachments.store : `console` et `outbox` lisent le même dossier ou le même bucket",
    },
  },
  senders: { en: "{count} accounts may write circulars", fr: "{count} comptes peuvent écrire des circulaires" },
  everybody: { en: "every account may write circulars", fr: "tous les comptes peuvent écrire des circulaires" },
  "no-senders": {
    en: "no account may write circulars here",
    fr: "aucun compte ne peut écrire de circulaires ici",
    mend: { en: "name them in console.senders", fr: "les nommer dans console.senders" },
  },
  "no-outbox": {
    en: "nothing can leave: tamis.yaml has no section `outbox`",
    fr: "rien ne peut partir : tamis.yaml n'a pas de section `outbox`",
    mend: { en: "configure outbox", fr: "configurer outbox" },
  },
  imap: { en: "the IMAP server {where} checks passwords", fr: "le serveur IMAP {where} vérifie les mots de passe" },
  "imap-silent": {
    en: "the IMAP server {where} does not answer ({code}): nobody can sign in",
    fr: "le serveur IMAP {where} ne répond pas ({code}) : personne ne peut s'authentifier",
    mend: {
      en: "see imap.host, imap.port, imap.tls and imap.ca_file",
      fr: "voir imap.host, imap.port, imap.tls et imap.ca_file",
    },
  },
} as const satisfies Readonly<Record<string, Remark>>;
