import { type Text, tellIn } from "@tamis/kit";
import { renderAmbiguity, renderRecurrenceFault, renderSaidTimeFault } from "@tamis/when";
import type { Language } from "../texts.ts";
import type { DraftFault } from "./draft-fault.ts";

/** What owners are told about their drafts. */
export const draftTexts = {
  "subject-refused": { en: "Not scheduled: {subject}", fr: "Non programmé : {subject}" },
  "subject-replied": { en: "Not sent any more: {subject}", fr: "N'est plus envoyé : {subject}" },
  "subject-no-copy": { en: "Sent, without a copy: {subject}", fr: "Envoyé, sans copie : {subject}" },
  refused: {
    en: "Your draft “{subject}” will not be sent:\n\n  {reason}.\n\nIt is where you had put it, with the keyword {keyword}. Correct it, save it, and put it there again; as it is now, it stays.\n",
    fr: "Votre brouillon « {subject} » ne sera pas envoyé :\n\n  {reason}.\n\nIl est là où vous l'aviez mis, avec le mot-clé {keyword}. Corrigez-le, enregistrez-le et remettez-le au même endroit ; tel qu'il est, il reste là.\n",
  },
  replied: {
    en: "Somebody answered “{subject}”, which you had sent again and again until then. It is not sent any more, and is back in your drafts.\n",
    fr: "Quelqu'un a répondu à « {subject} », que vous faisiez envoyer régulièrement jusque-là. Il n'est plus envoyé, et se trouve de nouveau dans vos brouillons.\n",
  },
  "no-copy": {
    en: "“{subject}” was sent. Its copy could not be stored in your mailbox for days, and is not kept any more. Your draft is back in your drafts: do not send it again.\n",
    fr: "« {subject} » a été envoyé. Sa copie n'a pu être enregistrée dans votre boîte pendant des jours, et n'est plus conservée. Votre brouillon se trouve de nouveau parmi vos brouillons : ne le renvoyez pas.\n",
  },
  nameless: { en: "(no subject)", fr: "(sans objet)" },
} as const satisfies Readonly<Record<string, Text>>;

type Plain = Exclude<DraftFault, { code: "said" | "ambiguous" | "recurrence" }>;

/** Why a draft is not sent, without what {@link reasonOf} fills in. */
export const reasons: Readonly<Record<Plain["code"], Text>> = {
  "too-long": { en: "it is too long", fr: "il est trop long" },
  "no-from": { en: "it names no author (From)", fr: "il n'a pas d'auteur (De)" },
  "several-from": {
    en: "it has several From or Sender fields",
    fr: "il a plusieurs champs De (From) ou Expéditeur (Sender)",
  },
  "foreign-from": {
    en: "your account may not write as what From or Sender says",
    fr: "votre compte ne peut pas écrire sous l'adresse de l'expéditeur",
  },
  "no-recipient": { en: "it has no recipient", fr: "il n'a pas de destinataire" },
  "too-many-recipients": {
    en: "it has more than 500 recipients: send it as a circular",
    fr: "il a plus de 500 destinataires : envoyez-le comme circulaire",
  },
  "bad-address": { en: "“{address}” is no mail address", fr: "« {address} » n'est pas une adresse électronique" },
  "no-time": {
    en: "it says no time; write one into the subject, between {open} and {close}: {open}Monday 8:00{close}",
    fr: "il n'indique pas de date ; écrivez-la dans l'objet, entre {open} et {close} : {open}lundi 8:00{close}",
  },
  "two-times": { en: "it says two different times", fr: "il indique deux dates différentes" },
  "bad-date": {
    en: "“{text}”, which Send Later wrote, is no date with its offset from UTC",
    fr: "« {text} », écrit par Send Later, n'est pas une date avec son décalage sur UTC",
  },
  late: {
    en: "its time, {wall} ({zone}), is over, and it could not be taken before",
    fr: "sa date, {wall} ({zone}), est passée, et il n'a pu être pris en charge avant",
  },
  "sent-before": {
    en: "this very draft was sent before; change it if it is to be sent once more",
    fr: "ce même brouillon a déjà été envoyé ; modifiez-le s'il doit l'être encore une fois",
  },
  "scheduled-twice": {
    en: "this very draft is scheduled already, and this is a copy of it",
    fr: "ce même brouillon est déjà programmé, et ceci en est une copie",
  },
  twin: {
    en: "it cannot be told from another draft that waits, which was stored at the same moment: save it once more",
    fr: "il ne se distingue pas d'un autre brouillon en attente, enregistré au même instant : enregistrez-le encore une fois",
  },
  "not-known": {
    en: "it lay where drafts wait to be sent, and nothing is known of it",
    fr: "il se trouvait là où les brouillons attendent d'être envoyés, et l'on ne sait rien de lui",
  },
};

/** Why a draft is not sent, without its full stop. */
export function reasonOf(fault: DraftFault, language: Language, [open, close]: readonly [string, string]): string {
  switch (fault.code) {
    case "said":
      return renderSaidTimeFault(fault.fault, fault.word, language);
    case "ambiguous":
      return renderAmbiguity(fault.instant, fault, language);
    case "recurrence":
      return renderRecurrenceFault(fault.fault, fault.word, language);
    default:
      return tellIn(language, reasons[fault.code], { open, close, ...fault });
  }
}
