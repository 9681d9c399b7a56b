import type { ReceiptState, ReceiptsAsk } from "@tamis/contracts";
import { ambiguous, classes, details } from "./status-texts.ts";

export type Language = ReceiptsAsk["language"];

/** States, as they are told to senders. */
export const stateTexts = {
  none: { en: "no answer", fr: "sans réponse" },
  delayed: { en: "delayed", fr: "retardé" },
  relayed: { en: "passed on", fr: "transmis" },
  delivered: { en: "delivered", fr: "remis" },
  failed: { en: "failed", fr: "échec" },
  deleted: { en: "deleted unread", fr: "supprimé sans être lu" },
  displayed: { en: "displayed", fr: "affiché" },
} as const satisfies Readonly<Record<ReceiptState, Readonly<Record<Language, string>>>>;

/** Why a question is not answered. */
export const refusals = {
  missing: { en: "this account has no such recipient", fr: "ce compte n'a pas de destinataire de ce numéro" },
  "no-request": {
    en: "nobody asks a receipt of this number of this account",
    fr: "personne ne demande d'accusé de ce numéro à ce compte",
  },
  settled: { en: "it is too late: this is settled", fr: "trop tard : c'est déjà réglé" },
  "not-allowed": {
    en: "this installation does not show it (`receipts.see` in tamis.yaml)",
    fr: "cette installation ne le montre pas (`receipts.see` dans tamis.yaml)",
  },
  "too-few": {
    en: "this installation shows numbers alone, and none of fewer than five recipients (`receipts.see` in tamis.yaml)",
    fr: "cette installation ne montre que des nombres, et aucun pour moins de cinq destinataires (`receipts.see` dans tamis.yaml)",
  },
} as const;

/** The columns of the CSV. */
export const columns = {
  address: { en: "address", fr: "adresse" },
  state: { en: "state", fr: "état" },
  since: { en: "since", fr: "depuis" },
  status: { en: "status", fr: "code" },
  meaning: { en: "meaning", fr: "signification" },
  sent: { en: "sent", fr: "envoyé" },
  autoReply: { en: "automatic reply", fr: "réponse automatique" },
  complaint: { en: "complaint", fr: "plainte" },
  unverified: { en: "unverified reports", fr: "rapports non vérifiés" },
  messageId: { en: "Message-ID", fr: "Message-ID" },
  circular: { en: "circular", fr: "circulaire" },
} as const;

/** What an enhanced status code says, in words (RFC 3463); null where there is none. */
export function meaningOf(status: string | null, language: Language): string | null {
  if (status === null) return null;
  const [kind = "", subject = "", detail = ""] = status.split(".");
  const known =
    textOf(ambiguous, status) ??
    textOf(details, `${subject}.${detail}`) ??
    textOf(details, `${subject}.0`) ??
    textOf(classes, kind);
  return known === null ? null : known[language];
}

function textOf(
  texts: Readonly<Record<string, Readonly<Record<Language, string>>>>,
  key: string,
): Readonly<Record<Language, string>> | null {
  return Object.hasOwn(texts, key) ? (texts[key] ?? null) : null;
}
