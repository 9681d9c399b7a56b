import type { Text } from "@tamis/kit";

/** What is said of receipts. */
export const receiptsTexts = {
  "receipts.about": { en: "what became of mails that were sent", fr: "ce que sont devenus les courriels envoyés" },
  "receipts.counts.about": { en: "count the recipients by state", fr: "compte les destinataires par état" },
  "receipts.list.about": { en: "list the recipients with their states", fr: "énumère les destinataires et leur état" },
  "receipts.csv.about": {
    en: "print all recipients as CSV, for a spreadsheet",
    fr: "affiche tous les destinataires en CSV, pour un tableur",
  },
  "receipts.reports.about": {
    en: "list the reports on one recipient, unverified ones too",
    fr: "énumère les rapports sur un destinataire, même non vérifiés",
  },
  "receipts.circular": { en: "only of the circular of this number", fr: "seulement de la circulaire de ce numéro" },
  "receipts.message-id": { en: "only of the mail with this Message-ID", fr: "seulement du courriel de ce Message-ID" },
  "receipts.state": { en: "only those in this state (repeatable)", fr: "seulement ceux dans cet état (répétable)" },
  "receipts.limit": { en: "how many recipients", fr: "combien de destinataires" },
  "receipts.after": { en: "those after this number", fr: "ceux qui suivent ce numéro" },
  "receipts.number": { en: "number, from `tamis receipts list`", fr: "numéro, d'après `tamis receipts list`" },
  "receipts.none": { en: "no recipient", fr: "aucun destinataire" },
  "receipts.no-reports": { en: "no report", fr: "aucun rapport" },
  "receipts.more": { en: "more: --after {next}", fr: "suite : --after {next}" },
  "receipts.by": { en: "by {address}", fr: "par {address}" },
  "receipts.unknown-address": { en: "(not told yet)", fr: "(pas encore connu)" },
  "receipts.recipients": { en: "recipients", fr: "destinataires" },
  "receipts.auto-replies": { en: "automatic replies", fr: "réponses automatiques" },
  "receipts.complaints": { en: "complaints", fr: "plaintes" },
  "receipts.auto-reply": { en: "automatic reply", fr: "réponse automatique" },
  "receipts.complaint": { en: "complaint", fr: "plainte" },
  "receipts.unverified": { en: "unverified", fr: "non vérifié" },
  "receipts.unverified-count": { en: "unverified reports: {count}", fr: "rapports non vérifiés : {count}" },
  "receipts.bad-state": {
    en: '"{text}" is no state; there are: {states}',
    fr: "« {text} » n'est pas un état ; il y a : {states}",
  },
  "receipts.unanswered": {
    en: "the service `receipts` does not answer: start it (tamis up), then try again",
    fr: "le service `receipts` ne répond pas : démarrez-le (tamis up), puis réessayez",
  },
  "receipts.absent": {
    en: "nobody looks for reports here: tamis.yaml has no section `receipts`",
    fr: "personne ne suit les accusés ici : tamis.yaml n'a pas de section `receipts`",
  },
  "receipts.failed": {
    en: "the service `receipts` failed; see its log",
    fr: "le service `receipts` a échoué ; voir son journal",
  },
  "receipts.state.none": { en: "no answer", fr: "sans réponse" },
  "receipts.state.delayed": { en: "delayed", fr: "retardé" },
  "receipts.state.relayed": { en: "passed on", fr: "transmis" },
  "receipts.state.delivered": { en: "delivered", fr: "remis" },
  "receipts.state.failed": { en: "failed", fr: "échec" },
  "receipts.state.deleted": { en: "deleted unread", fr: "supprimé sans être lu" },
  "receipts.state.displayed": { en: "displayed", fr: "affiché" },
} as const satisfies Readonly<Record<string, Text>>;
