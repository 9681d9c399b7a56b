import { tellIn } from "@tamis/kit";
import type { Language } from "../texts.ts";
import type { AskedBecause } from "./decide-receipt.ts";

/** Why an owner is asked, or why nothing can be sent. */
export const reasonTexts = {
  policy: { en: "its owner decides", fr: "c'est à son propriétaire de décider" },
  "no-return-path": {
    en: "nobody knows who sent the mail: only its owner can decide",
    fr: "on ignore qui a envoyé le courriel : seul son propriétaire peut décider",
  },
  "other-return-path": {
    en: "the receipt would go to somebody else than the sender: only its owner can decide",
    fr: "l'accusé irait à un autre que l'expéditeur : seul son propriétaire peut décider",
  },
  "several-addresses": {
    en: "the receipt would go to several addresses: only its owner can decide",
    fr: "l'accusé irait à plusieurs adresses : seul son propriétaire peut décider",
  },
  outside: {
    en: "it is asked for from outside the organisation: its owner decides",
    fr: "il est demandé de l'extérieur de l'organisation : c'est à son propriétaire de décider",
  },
  "option-required": {
    en: "the sender demands something that Tamis does not know (Disposition-Notification-Options)",
    fr: "l'expéditeur exige ce que Tamis ne connaît pas (Disposition-Notification-Options)",
  },
  "no-condstore": {
    en: "the mail server has no CONDSTORE: two programs could answer at once, so Tamis sends no receipt",
    fr: "le serveur de messagerie n'a pas CONDSTORE : deux programmes pourraient répondre à la fois, Tamis n'envoie donc pas d'accusé",
  },
  "no-keywords": {
    en: "the mailbox keeps no keywords: nobody would know that a receipt was sent, so Tamis sends none",
    fr: "la boîte ne garde pas de mots-clés : nul ne saurait qu'un accusé est parti, Tamis n'en envoie donc pas",
  },
  "rate-limited": { en: "too many receipts were sent already", fr: "trop d'accusés ont déjà été envoyés" },
  "bad-address": { en: "the address for the receipt is none", fr: "l'adresse de l'accusé n'en est pas une" },
  suppressed: { en: "nothing is sent to that address", fr: "rien n'est envoyé à cette adresse" },
  "not-sent": { en: "the receipt was not taken for sending", fr: "l'accusé n'a pas été accepté pour l'envoi" },
} as const satisfies Readonly<Record<AskedBecause | string, Readonly<Record<Language, string>>>>;

/** A code of {@link reasonTexts}. */
export type RequestReason = keyof typeof reasonTexts;

/** The sentence for a code; null where there is none. */
export function reasonText(reason: string | null, language: Language): string | null {
  if (reason === null || !Object.hasOwn(reasonTexts, reason)) return null;
  // Proof: it is one of its own keys.
  return reasonTexts[reason as RequestReason][language];
}

interface About {
  readonly subject: string;
  readonly date: string;
  readonly recipient: string;
}

const subjects = {
  some: { en: "Read: {subject}", fr: "Lu : {subject}" },
  none: { en: "Read receipt", fr: "Accusé de lecture" },
} as const;
const sentences = {
  about: {
    en: 'This is a receipt for the mail "{subject}" to {recipient}, dated {date}.',
    fr: "Ceci est un accusé pour le courriel « {subject} » à {recipient}, daté du {date}.",
  },
  undated: {
    en: 'This is a receipt for the mail "{subject}" to {recipient}.',
    fr: "Ceci est un accusé pour le courriel « {subject} » à {recipient}.",
  },
  means: {
    en: "It was displayed on the recipient's screen. This is no guarantee that it was read or understood.",
    fr: "Il a été affiché à l'écran de son destinataire. Rien ne garantit qu'il a été lu ou compris.",
  },
} as const;

/** What the notification says to a person (RFC 8098 §3, first part). */
export function mdnTexts(language: Language, about: About): { readonly subject: string; readonly text: string } {
  const { subject, date, recipient } = about;
  const first = tellIn(language, sentences[date === "" ? "undated" : "about"], { subject, date, recipient });
  return {
    subject: tellIn(language, subjects[subject === "" ? "none" : "some"], { subject }),
    text: `${first}\r\n\r\n${tellIn(language, sentences.means)}\r\n`,
  };
}
