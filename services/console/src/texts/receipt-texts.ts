import type { Text } from "@tamis/kit";

/** What pages say of receipts: those that others ask for, and what is known of recipients. */
export const receiptTexts = {
  "requests-about": {
    en: "Who wrote to you may ask for a receipt when you read the mail. Nobody learns of it without your word, here, in your mail program, or given below for all.",
    fr: "Qui vous écrit peut demander un accusé de lecture. Personne n'apprend rien sans votre accord, donné ici, dans votre logiciel de messagerie, ou ci-dessous pour tous.",
  },
  "requests-elsewhere": {
    en: "Your own mail program answers receipts that others ask for: nothing is to be decided here.",
    fr: "C'est votre logiciel de messagerie qui répond aux demandes d'accusé : rien n'est à décider ici.",
  },
  "requests-shown": { en: "Which requests", fr: "Quelles demandes" },
  "requests-asking": { en: "to decide on", fr: "à décider" },
  "requests-waiting": { en: "of mail not read yet", fr: "de courriels pas encore lus" },
  "requests-all": { en: "all", fr: "toutes" },
  "requests-none": { en: "There is none.", fr: "Il n'y en a pas." },
  "requests-none-asking": { en: "Nothing is to be decided.", fr: "Il n'y a rien à décider." },
  "requests-who": { en: "Asked for by", fr: "Demandé par" },
  "requests-to": { en: "the receipt goes to {to}", fr: "l'accusé part à {to}" },
  "requests-no-subject": { en: "(no subject)", fr: "(sans objet)" },
  "requests-mail": { en: "Mail of", fr: "Courriel du" },
  "requests-answer": { en: "Your answer", fr: "Votre réponse" },
  "requests-send": { en: "Send", fr: "Envoyer" },
  "requests-refuse": { en: "Refuse", fr: "Refuser" },
  "policy-title": { en: "When somebody asks for a receipt", fr: "Quand quelqu'un demande un accusé" },
  "policy-usual": { en: "as usual here: {policy}", fr: "comme d'habitude ici : {policy}" },
  "policy-reset": { en: "as usual here", fr: "comme d'habitude ici" },
  "policy-safe": {
    en: "Where a receipt would go to somebody else than the sender, or to several, you are asked in any case.",
    fr: "Si l'accusé devait aller à un autre que l'expéditeur, ou à plusieurs, vous êtes consulté dans tous les cas.",
  },
  "policy-choose": { en: "Choose", fr: "Choisir" },
  "done.receipt-send": { en: "The receipt is sent.", fr: "L'accusé est envoyé." },
  "done.receipt-send-later": {
    en: "The receipt is sent as soon as you have read the mail.",
    fr: "L'accusé sera envoyé dès que vous aurez lu le courriel.",
  },
  "done.receipt-refuse": {
    en: "It is refused: nothing is sent, and whoever asked is not told.",
    fr: "C'est refusé : rien n'est envoyé, et le demandeur n'en est pas averti.",
  },
  "done.receipt-policy": { en: "So it is done from now on.", fr: "Il en sera ainsi désormais." },
  "receipts-known": { en: "What is known", fr: "Ce que l'on sait" },
  "known-each": { en: "Recipient by recipient", fr: "Destinataire par destinataire" },
  "known-of": { en: "What is known: {subject}", fr: "Ce que l'on sait : {subject}" },
  "remind-title": { en: "Remind those who did not read it", fr: "Relancer ceux qui ne l'ont pas lue" },
  "remind-hint": {
    en: "Makes a new draft that says the same, for all who got it and of whom nobody knows that they read it. Nothing leaves yet.",
    fr: "Prépare un nouveau brouillon, au même texte, pour tous ceux qui l'ont reçue et dont on ignore s'ils l'ont lue. Rien ne part encore.",
  },
  remind: { en: "Prepare a reminder", fr: "Préparer une relance" },
  "remind-nobody": { en: "There is nobody to remind.", fr: "Il n'y a personne à relancer." },
  "known-shown": { en: "Which recipients", fr: "Quels destinataires" },
  meaning: { en: "What that means", fr: "Ce que cela signifie" },
  "auto-replied": { en: "answered automatically, {time}", fr: "réponse automatique, {time}" },
  "auto-replies": { en: "answered automatically", fr: "réponses automatiques" },
  complaints: { en: "complaints", fr: "plaintes" },
} as const satisfies Readonly<Record<string, Text>>;
