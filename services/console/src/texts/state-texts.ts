import type { CircularState, ReceiptPolicy, ReceiptState, RequestState, SendingState } from "@tamis/contracts";
import type { Text } from "@tamis/kit";
import { typeset } from "./typeset.ts";

/** States of a circular, for people. */
export const circularStates: Readonly<Record<CircularState, Text>> = typeset({
  draft: { en: "draft", fr: "brouillon" },
  scheduled: { en: "scheduled", fr: "programmée" },
  started: { en: "leaving", fr: "en cours d'envoi" },
  paused: { en: "paused", fr: "suspendue" },
  done: { en: "done", fr: "terminée" },
  cancelled: { en: "cancelled", fr: "annulée" },
  held: { en: "held", fr: "retenue" },
});

/** What is known of a recipient, for people. */
export const receiptStates: Readonly<Record<ReceiptState, Text>> = typeset({
  none: { en: "nothing heard", fr: "sans nouvelle" },
  delayed: { en: "delayed", fr: "retardé" },
  relayed: { en: "passed on", fr: "transmis" },
  delivered: { en: "delivered", fr: "remis" },
  failed: { en: "could not be delivered", fr: "non remis" },
  deleted: { en: "deleted unread", fr: "supprimé sans être lu" },
  displayed: { en: "displayed", fr: "affiché" },
});

/** What becomes of a receipt that somebody asks for, for whoever is asked. */
export const requestStates: Readonly<Record<RequestState, Text>> = typeset({
  waiting: { en: "you have not read the mail yet", fr: "vous n'avez pas encore lu le courriel" },
  asking: { en: "you decide", fr: "à vous de décider" },
  settling: { en: "being sent", fr: "envoi en cours" },
  refusing: { en: "being refused", fr: "refus en cours" },
  sending: { en: "being sent", fr: "envoi en cours" },
  sent: { en: "sent", fr: "envoyé" },
  refused: { en: "refused", fr: "refusé" },
  elsewhere: { en: "answered by another program", fr: "réponse donnée par un autre logiciel" },
  impossible: { en: "cannot be sent", fr: "ne peut pas être envoyé" },
  gone: { en: "the mail is gone", fr: "le courriel a disparu" },
});

/** What is done about receipts that others ask for, for whoever chooses. */
export const policyTexts: Readonly<Record<ReceiptPolicy, Text>> = typeset({
  never: { en: "none is sent", fr: "aucun n'est envoyé" },
  ask: { en: "I decide on each", fr: "je décide de chacun" },
  inside: {
    en: "sent by itself to colleagues of the organisation; I decide on all others",
    fr: "envoyé de lui-même aux collègues de l'organisation ; je décide des autres",
  },
  always: { en: "sent by itself, wherever that is safe", fr: "envoyé de lui-même, partout où c'est sans risque" },
});

/** States of a recipient, for people. */
export const sendingStates: Readonly<Record<SendingState, Text>> = typeset({
  scheduled: { en: "to be sent", fr: "à envoyer" },
  claimed: { en: "next", fr: "le prochain" },
  begun: { en: "being sent", fr: "en cours d'envoi" },
  accepted: { en: "sent", fr: "envoyé" },
  deferred: { en: "deferred, tried again", fr: "différé, réessayé" },
  rejected: { en: "refused", fr: "refusé" },
  unknown: { en: "unknown: it may have arrived", fr: "inconnu : il est peut-être arrivé" },
  cancelled: { en: "cancelled", fr: "annulé" },
  suppressed: { en: "wants no circulars", fr: "ne veut pas de circulaires" },
  held: { en: "held", fr: "retenu" },
  expired: { en: "given up", fr: "abandonné" },
});
